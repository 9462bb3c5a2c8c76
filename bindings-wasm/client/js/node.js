// For Node and its like, which read the module from disk.
import { readFileSync } from "node:fs";
import { initSync } from "./theo_calendar.js";

initSync({ module: readFileSync(new URL("theo_calendar_bg.wasm", import.meta.url)) });

export * from "./client.js";
