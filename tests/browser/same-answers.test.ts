// The browser answers as the core does natively, byte for byte. `SAME_ANSWERS_BIN` names the native side, and
// `SAME_ANSWERS_CALENDARS` how many calendars are made up.

import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { CalendarError, ConflictChecker, detectConflicts, expand } from "theo-calendar";
import type { Conflict, ConflictOptions, Conflicts, Expansion, GoogleEventsPage, Proposal, TimeRange } from "theo-calendar";
import { timeZoneChanges } from "../../bindings-wasm/pkg/zones.js";

const binary = process.env["SAME_ANSWERS_BIN"] ?? "../../target/debug/same-answers";
const calendars = process.env["SAME_ANSWERS_CALENDARS"] ?? "10000";

interface Made {
  page: GoogleEventsPage;
  questions: { window?: { start: string; end: string }; range?: TimeRange; event?: Proposal; options: ConflictOptions }[];
}

function native(args: string[], input = ""): string[] {
  const output = execFileSync(binary, args, { input, maxBuffer: 2 ** 30, encoding: "utf8" });
  return output.split("\n").slice(0, -1);
}

/** What `ask` gives, or the code of what it throws. */
function answerOf<Answer>(ask: () => Answer, written: (answer: Answer) => object): string {
  let answer: Answer;
  try {
    answer = ask();
  } catch (error) {
    if (error instanceof CalendarError) return error.code;
    throw error;
  }
  return JSON.stringify(written(answer));
}

/** The core's names, in its order. */
function asCore(found: Conflicts): object {
  return {
    found: {
      conflicts: found.map(conflictAsCore),
      outside_hours: found.outsideHours.length > 0 ? found.outsideHours : undefined,
      looked_at: found.lookedAt,
      truncated: found.truncated,
      unreadable: found.unreadable,
    },
    lines: found.map(({ display }) => display),
  };
}

function conflictAsCore(conflict: Conflict): object {
  return {
    event_id: conflict.eventId,
    instance_id: conflict.instanceId,
    original_start: conflict.originalStart,
    calendar_id: conflict.calendarId ?? "",
    account_id: conflict.accountId ?? "",
    ical_uid: conflict.iCalUID ?? null,
    summary: conflict.summary ?? null,
    start: conflict.start,
    end: conflict.end,
    span: conflict.span,
    proposed: conflict.proposed,
    overlap: conflict.overlap ?? null,
    guests: conflict.guests,
    severity: conflict.severity,
    reasons: conflict.reasons,
    duplicates: conflict.duplicates.length > 0 ? conflict.duplicates.map(duplicateAsCore) : undefined,
  };
}

function duplicateAsCore({ eventId, calendarId, accountId, reason }: Conflict["duplicates"][number]): object {
  return { event_id: eventId, calendar_id: calendarId ?? "", account_id: accountId ?? "", reason };
}

function expansionAsCore({ occurrences, truncated, unreadable }: Expansion): object {
  return {
    occurrences: occurrences.map(({ id, eventId, start, end, allDay }) => ({ id, eventId, span: { start, end }, allDay })),
    truncated,
    unreadable: unreadable.map(({ id, reason }) => [id, reason]),
  };
}

test("made-up calendars have the same conflicts and occurrences, natively and here", { timeout: 600_000 }, () => {
  const made = native(["make", "--calendars", calendars]);
  const expected = native(["answer"], made.join("\n"));
  let [found, taken, outside] = [0, 0, 0];
  const answers = made.flatMap((line) => {
    const { page, questions }: Made = JSON.parse(line);
    const checker = new ConflictChecker(page);
    const answers = questions.map(({ window, range, event, options }) => {
      if (window) {
        const timeZone = options.timeZone ?? "UTC";
        return answerOf(() => expand(page, window.start, window.end, { timeZone }), (expansion) => {
          taken += expansion.occurrences.length;
          return expansionAsCore(expansion);
        });
      }
      return answerOf(() => checker.check(range ?? event ?? {}, options), (conflicts) => {
        found += conflicts.length;
        outside += conflicts.outsideHours.length;
        return asCore(conflicts);
      });
    });
    checker.free();
    return answers;
  });

  expect(answers.length).toBe(Number(calendars) * 4);
  const different = answers.findIndex((answer, number) => answer !== expected[number]);
  expect(answers[different]).toBe(expected[different]);
  expect(found).toBeGreaterThan(Number(calendars));
  expect(taken).toBeGreaterThan(Number(calendars));
  expect(outside).toBeGreaterThan(Number(calendars) / 10);
});

test("a list is asked as an index is", { timeout: 60_000 }, () => {
  for (const line of native(["make", "--calendars", "50", "--seed", "2"])) {
    const { page, questions }: Made = JSON.parse(line);
    for (const { range, event = {}, options } of questions.filter(({ window }) => !window)) {
      // A list is of one calendar, and so in the zone of the question.
      const asked = (ask: () => Conflicts) => answerOf(ask, asCore);
      const checker = new ConflictChecker(page.items, { timeZone: options.timeZone ?? "UTC" });
      expect(asked(() => detectConflicts(page.items ?? [], range ?? event, options))).toBe(
        asked(() => checker.check(range ?? event, options)),
      );
      checker.free();
    }
  }
});

test("the zones of Intl are those of the core's database, from 1970 on", { timeout: 1_800_000 }, () => {
  // Each takes a while to read; those with the oddest rules are always among them.
  const odd = ["Africa/Casablanca", "America/Sao_Paulo", "Asia/Gaza", "Australia/Lord_Howe", "Pacific/Apia"];
  const every = Number(process.env["SAME_ANSWERS_EVERY_ZONE"] ?? 20);
  // tzdata 2025c gave Tijuana the summer times of California from 1961 to 1975. A browser has it; chrono-tz 0.10.4 is of 2025b.
  const known = Intl.supportedValuesOf("timeZone").filter((name) => name !== "America/Tijuana");
  const names = [...odd, ...known.filter((_, place) => place % every === 0)];
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
