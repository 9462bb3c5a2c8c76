// The real server with its page. `SERVER_BIN` names the program.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Starts it on a free port of loopback, with its mirror in memory; with a Google of its own where none is named. */
export async function calendarServer(google?: string): Promise<{ url: string; stop(): void }> {
  const program = process.env["SERVER_BIN"] ?? "../../target/debug/server";
  const env = {
    THEO_LISTEN: "127.0.0.1:0",
    THEO_LOG: "error",
    THEO_WEB_DIR: fileURLToPath(new URL("../../examples/web/dist", import.meta.url)),
    ...(google ? { THEO_GOOGLE_URL: google } : {}),
  };
  const child = spawn(program, { env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { url: String(line).replace("listening on ", ""), stop: () => child.kill() };
}
