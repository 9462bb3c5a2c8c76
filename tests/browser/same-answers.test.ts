// The browser answers as the core does natively, byte for byte. `SAME_ANSWERS_BIN` names the native side, and
// `SAME_ANSWERS_CALENDARS` how many calendars are made up.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { CalendarError } from "theo-calendar";
import { read } from "../../bindings-wasm/pkg/events.js";
import { question as written } from "../../bindings-wasm/pkg/question.js";
import { timeZoneChanges } from "../../bindings-wasm/pkg/zones.js";
import { ConflictIndex, detectConflicts, expand } from "../../bindings-wasm/pkg/theo_calendar.js";

const binary = process.env["SAME_ANSWERS_BIN"] ?? "../../target/debug/same-answers";
const calendars = process.env["SAME_ANSWERS_CALENDARS"] ?? "500";

interface Question {
  window?: { start: string; end: string };
  range?: object;
  event?: object;
  options: { timeZone?: string };
}

function native(args: string[], input = ""): string[] {
  const output = execFileSync(binary, args, { input, maxBuffer: 2 ** 30, encoding: "utf8" });
  return output.split("\n").slice(0, -1);
}

function answerOf(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CalendarError) return error.code;
    throw error;
  }
}

test("made-up calendars have the same conflicts and occurrences, natively and here", { timeout: 600_000 }, () => {
  const made = native(["make", "--calendars", calendars]);
  const expected = native(["answer"], made.join("\n"));
  const encoder = new TextEncoder();
  let [found, taken] = [0, 0];
  const answers = made.flatMap((line) => {
    const { page, questions } = JSON.parse(line);
    const { bytes, unreadable } = read(encoder.encode(JSON.stringify(page)));
    if (unreadable.length > 0) expect.unreachable(`${unreadable}`);
    const index = new ConflictIndex();
    index.add(bytes, "", "", page.timeZone);
    return questions.map(({ window, range, event, options }: Question) => {
      const answer = answerOf(() =>
        window
          ? expand(bytes, window.start, window.end, options.timeZone ?? "UTC")
          : index.detect(written(range ?? event, options)),
      );
      if (answer.startsWith("{")) {
        found += JSON.parse(answer).found?.conflicts.length ?? 0;
        taken += JSON.parse(answer).occurrences?.length ?? 0;
      }
      return answer;
    });
  });

  expect(answers.length).toBe(Number(calendars) * 4);
  const different = answers.findIndex((answer, number) => answer !== expected[number]);
  expect(answers[different]).toBe(expected[different]);
  expect(found).toBeGreaterThan(Number(calendars));
  expect(taken).toBeGreaterThan(Number(calendars));
});

test("a list is asked as an index is", { timeout: 60_000 }, () => {
  for (const line of native(["make", "--calendars", "50", "--seed", "2"])) {
    const { page, questions } = JSON.parse(line);
    for (const { range, event, options } of questions.filter(({ window }: Question) => !window)) {
      // A list is of one calendar, and so in the zone of the question.
      const { bytes } = read(page.items);
      const question = written(range ?? event, options);
      const index = new ConflictIndex();
      index.add(bytes, "", "", options.timeZone);
      const without = (answer: string) => answer.replaceAll('"calendar_id":""', '"calendar_id":null').replaceAll('"account_id":""', '"account_id":null');
      expect(answerOf(() => detectConflicts(bytes, question))).toBe(
        without(answerOf(() => index.detect(question))),
      );
    }
  }
});

test("the zones of Intl are those of the core's database, from 1970 on", { timeout: 1_800_000 }, () => {
  // Each takes a while to read; those with the oddest rules are always among them.
  const odd = ["Africa/Casablanca", "America/Sao_Paulo", "Asia/Gaza", "Australia/Lord_Howe", "Pacific/Apia"];
  const every = Number(process.env["SAME_ANSWERS_EVERY_ZONE"] ?? 20);
  const names = [...odd, ...Intl.supportedValuesOf("timeZone").filter((_, place) => place % every === 0)];
  expect(names.length).toBeGreaterThan(20);

  const differing = native(["zones"], names.join("\n")).filter((line) => {
    const [name = "", ...expected] = line.split(" ");
    return [name, ...changesSince1970(name)].join(" ") !== [name, ...expected].join(" ");
  });
  expect(differing).toEqual([]);
});

/** The offset in 1970, and each change from then until 2100. */
function changesSince1970(name: string): number[] {
  const [first = 0, ...changes] = timeZoneChanges(name) ?? [];
  let before = first;
  const later: number[] = [];
  for (let place = 0; place < changes.length; place += 2) {
    const [begin = 0, offset = 0] = changes.slice(place, place + 2);
    if (begin <= 0) before = offset;
    else if (begin < 4_102_444_800) later.push(begin, offset);
  }
  return [before, ...later];
}
