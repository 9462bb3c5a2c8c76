import type { init as load } from "../web.js";

export * from "./client.js";

/** Loads the module of the client: from beside this file, or from wherever `source` says. */
export const init: typeof load;
