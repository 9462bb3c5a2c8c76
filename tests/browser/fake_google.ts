// A fake Google of one's own. `FAKE_GOOGLE_BIN` names the program.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";

export interface FakeGoogle {
  url: string;
  /** POST `/_control/{action}`. */
  control(action: string, wish?: object): Promise<any>;
  /** GET `/_control/{what}`. */
  ask(what: string): Promise<any>;
  stop(): void;
}

/** Starts it with `seed`, on a free port of loopback, and with more flags if any. */
export async function fakeGoogle(seed: object, ...flags: string[]): Promise<FakeGoogle> {
  const file = `${tmpdir()}/fake-google-${process.pid}-${Math.random()}.json`;
  await writeFile(file, JSON.stringify(seed));
  const program = process.env["FAKE_GOOGLE_BIN"] ?? "../../target/debug/fake-google";
  const child = spawn(program, ["--port", "0", "--seed", file, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const url = String(line).replace("listening on ", "");
  const call = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${url}/_control/${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    control: (action, wish = {}) => call(action, { method: "POST", body: JSON.stringify(wish) }),
    ask: (what) => call(what),
    stop: () => child.kill(),
  };
}
