export * from "./calendar.js";

/**
 * Loads the module: from beside this file, or from wherever `source` says. Every other function needs it first.
 *
 * Rejects with what the host throws where it cannot be fetched or compiled.
 */
export function init(source?: {
  module_or_path: RequestInfo | URL | Response | BufferSource | WebAssembly.Module | Promise<Response>;
}): Promise<unknown>;
