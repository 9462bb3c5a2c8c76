// Each name of the package, in Node.

import { describe, expect, test } from "vitest";
import {
  CalendarError,
  ConflictChecker,
  detectConflicts,
  formatConflictForDisplay,
  hasHighSeverityConflicts,
  parseEventsPage,
  type Events,
  type GoogleEvent,
  type Proposal,
} from "theo-calendar";

const standup: GoogleEvent = {
  id: "standup",
  summary: "Standup",
  start: { dateTime: "2025-03-03T09:00:00+01:00" },
  end: { dateTime: "2025-03-03T09:30:00+01:00" },
};
const holiday: GoogleEvent = { id: "holiday", start: { date: "2025-03-03" }, end: { date: "2025-03-04" } };
const page = { kind: "calendar#events", timeZone: "Europe/Berlin", items: [standup, holiday] };
const morning = { start: "2025-03-03T09:15:00+01:00", end: "2025-03-03T10:00:00+01:00" };
const berlin = { timeZone: "Europe/Berlin" };

describe("a page of events", () => {
  test("is read from bytes, text and objects alike, and keeps every field", () => {
    const json = { ...page, nextSyncToken: "t", items: [{ ...standup, later: { deep: [1.5] } }] };
    for (const form of [json, JSON.stringify(json), new TextEncoder().encode(JSON.stringify(json))]) {
      expect(parseEventsPage(form)).toEqual({
        kind: "calendar#events",
        timeZone: "Europe/Berlin",
        nextSyncToken: "t",
        events: json.items,
        quarantined: [],
      });
    }
  });

  test("of bytes that are not UTF-8 loses only the events they are in", () => {
    const bytes = new TextEncoder().encode(JSON.stringify([{ ...standup, summary: "#" }, holiday, { ...holiday, id: "\ufffd" }]));
    bytes[bytes.indexOf("#".charCodeAt(0))] = 0xe9;
    const { events, quarantined } = parseEventsPage(bytes);
    expect(events.map(({ id }) => id)).toEqual(["holiday"]);
    expect(quarantined.map(({ id, reason }) => [id, reason])).toEqual([
      ["standup", "it is not UTF-8"],
      ["\ufffd", "it is not UTF-8"],
    ]);
    expect(parseEventsPage([{ ...holiday, id: "\ufffd" }] as never).events).toHaveLength(1);
  });

  test("has an event whose every sort of field is wrong, each told with its name", () => {
    const wrong: [object | null, string][] = [
      [null, "it is null, not an object"],
      [{ id: "x", status: 1.5 }, "`status` is 1.5, not text"],
      [{ id: "x", summary: "\ud800" }, "`summary` holds half a character"],
      [{ id: "x", recurrence: "RRULE" }, "`recurrence` is text, not a list"],
      [{ id: "x", recurrence: [7] }, "a line of `recurrence` is 7, not text"],
      [{ id: "x", organizer: { self: "yes" } }, "`self` is text, not true or false"],
      [{ id: "x", attendees: [true] }, "a guest is true, not an object"],
      [{ id: "x", start: { date: "2025-03-03", dateTime: "2025-03-03T09:00:00Z" } }, "has both `date` and `dateTime`"],
      [{ id: "x", start: { timeZone: "UTC" } }, "has neither `date` nor `dateTime`"],
      [{ id: "x", end: { dateTime: "2025-03-03" } }, "`2025-03-03` has no time"],
    ];
    const { events, quarantined } = parseEventsPage({ items: [standup, ...wrong.map(([event]) => event)] });
    expect(events).toEqual([standup]);
    expect(quarantined.map(({ reason }) => reason)).toEqual(wrong.map(([, reason]) => reason));
  });

  test("loses only the events that cannot be read", () => {
    const bad = { id: "bad", start: { dateTime: "yesterday" } };
    const { events, quarantined } = parseEventsPage({ ...page, items: [bad, standup, { summary: "nameless" }] });

    expect(events).toEqual([standup]);
    expect(quarantined).toEqual([
      { id: "bad", raw: bad, reason: expect.stringContaining("`yesterday` is not an RFC 3339 time") },
      { raw: { summary: "nameless" }, reason: "it has no `id`" },
    ]);
  });
});

describe("conflicts", () => {
  test("are found among events in any form, the worst first", () => {
    const bytes = new TextEncoder().encode(JSON.stringify(page));
    const forms: Events[] = [page, bytes, JSON.stringify(page), [standup, holiday], parseEventsPage(page)];
    for (const events of forms) {
      const found = detectConflicts(events, morning, berlin);
      expect(found.map(({ eventId, severity, reasons }) => [eventId, severity, reasons])).toEqual([
        ["holiday", "low", ["overlap", "accepted", "all_day"]],
        ["standup", "high", ["overlap", "accepted"]],
      ]);
      expect(hasHighSeverityConflicts(found)).toBe(true);
      expect(hasHighSeverityConflicts(found.slice(0, 1))).toBe(false);
    }
  });

  test("say all there is to say of an event", () => {
    expect(detectConflicts(standup, morning)).toEqual([
      {
        eventId: "standup",
        summary: "Standup",
        start: standup.start,
        end: standup.end,
        span: { start: "2025-03-03T08:00:00Z", end: "2025-03-03T08:30:00Z" },
        proposed: { start: "2025-03-03T08:15:00Z", end: "2025-03-03T09:00:00Z" },
        overlap: { start: "2025-03-03T08:15:00Z", end: "2025-03-03T08:30:00Z" },
        guests: 0,
        severity: "high",
        reasons: ["overlap", "accepted"],
        duplicates: [],
        display: "High: overlaps “Standup” Mon 2025-03-03 08:00–08:30 (UTC): on your calendar",
      },
    ]);
  });

  test("are plain objects, their line included, that can be copied and sent", () => {
    const [conflict] = detectConflicts(standup, morning);
    expect(Object.keys(conflict!)).toHaveLength(17);
    expect({ ...conflict }.display).toMatch(/^High: overlaps “Standup”/);
    expect(structuredClone(conflict)).toEqual(JSON.parse(JSON.stringify(conflict)));
    expect(Object.getPrototypeOf(conflict)).toBe(Object.prototype);
  });

  test("say what the event was when it was added, whatever became of the objects it was added as", () => {
    const event = structuredClone(standup);
    const checker = new ConflictChecker([event]);
    event.summary = "changed";
    event.start!.dateTime = "changed";
    checker.check(morning)[0]!.start.dateTime = "changed";
    expect(checker.check(morning)).toMatchObject([{ summary: "Standup", start: standup.start }]);
  });

  test("are told to the nanosecond, and in years of any number of digits", () => {
    const late = { start: "9999-12-31T00:00:00.120Z", end: "9999-12-31T23:00:00.000000001Z" };
    const { lookedAt } = detectConflicts(standup, late, { bufferAfterMinutes: 600 });
    expect(lookedAt).toEqual({ start: "9999-12-31T00:00:00.120Z", end: "+10000-01-01T09:00:00.000000001Z" });
  });

  test("are with each occurrence of a series, and tell what was not followed", () => {
    const weekly = { ...standup, recurrence: ["RRULE:FREQ=WEEKLY"] };
    const later = { start: "2025-03-10T08:00:00Z", end: "2025-03-10T09:00:00Z" };
    const found = detectConflicts(weekly, later);
    expect(found).toMatchObject([
      {
        eventId: "standup",
        instanceId: "standup_20250310T080000Z",
        originalStart: { dateTime: "2025-03-10T08:00:00Z" },
        start: { dateTime: "2025-03-10T08:00:00Z" },
      },
    ]);
    expect([found.truncated, found.unreadable]).toEqual([false, []]);

    const unreadable = detectConflicts({ ...standup, recurrence: ["RRULE:FREQ=SOMETIMES"] }, later);
    expect([[...unreadable], unreadable.truncated, unreadable.unreadable]).toEqual([[], false, ["standup"]]);

    const century = { start: "2025-01-01T00:00:00Z", end: "2125-01-01T00:00:00Z" };
    expect(detectConflicts({ ...standup, recurrence: ["RRULE:FREQ=MINUTELY"] }, century).truncated).toBe(true);
  });

  test("of a series that is proposed name the occurrence they are in the way of", () => {
    const time = (clock: string) => ({ dateTime: `2025-02-24T${clock}:00`, timeZone: "UTC" });
    const weekly = { start: time("08:00"), end: time("09:00"), recurrence: ["RRULE:FREQ=WEEKLY;COUNT=3"] };
    const found = detectConflicts(standup, weekly);
    expect(found.map(({ proposed }) => proposed.start)).toEqual(["2025-03-03T08:00:00Z"]);
    expect(found.truncated).toBe(false);
    expect(detectConflicts(standup, { ...weekly, recurrence: ["RRULE:FREQ=WEEKLY"] }).truncated).toBe(true);
  });

  test("of the same meeting in two calendars are one, which says so", () => {
    const checker = new ConflictChecker({ ...standup, iCalUID: "a" }, { calendarId: "work" });
    checker.add({ ...standup, iCalUID: "a" }, { calendarId: "team" });
    expect(checker.check(morning).map(({ duplicates }) => duplicates)).toEqual([
      [{ eventId: "standup", calendarId: "work", accountId: undefined, reason: "same_event" }],
    ]);
    checker.free();
  });

  test("are shown in the zone of whoever looks", () => {
    const lines = (options: object) => detectConflicts([standup], morning, options).map(formatConflictForDisplay);
    expect(lines(berlin)[0]).toContain("Mon 2025-03-03 09:00–09:30 (Europe/Berlin)");
    expect(lines({ ...berlin, displayTimeZone: "Asia/Tokyo" })[0]).toContain("17:00–17:30 (Asia/Tokyo)");
  });

  test("of an event that is edited leave out itself, and days are those of its calendar", () => {
    const moved = { ...standup, start: { dateTime: "2025-03-03T23:30:00" , timeZone: "Europe/Berlin" }, end: { dateTime: "2025-03-04T00:30:00", timeZone: "Europe/Berlin" } };
    const ids = (timeZone: string) => detectConflicts([standup, holiday], moved, { timeZone }).map(({ eventId }) => eventId);
    expect(ids("Europe/Berlin")).toEqual(["holiday"]);
    expect(ids("Asia/Tokyo")).toEqual([]);
  });

  test("follow the options", () => {
    const after = { start: new Date("2025-03-03T08:35:00Z"), end: new Date("2025-03-03T09:00:00Z") };
    expect(detectConflicts([standup], after)).toEqual([]);
    expect(detectConflicts([standup], after, { bufferBeforeMinutes: 10 })[0]?.reasons).toContain("too_close");
    expect(detectConflicts(page, morning, { ...berlin, ignoreAllDay: true, excludeEventId: "standup" })).toEqual([]);
  });

  test("tell what lies outside working hours, on their own clocks", () => {
    const workingHours = { timeZone: "Europe/Berlin", monday: ["12:00-17:00", "09:30-10:00"] };
    const outside = (proposal: Proposal) => detectConflicts([], proposal, { workingHours }).outsideHours;
    expect(outside({ start: "2025-03-03T08:30:00Z", end: "2025-03-03T09:00:00Z" })).toEqual([]);
    const early = { start: "2025-03-03T08:15:00Z", end: "2025-03-03T09:00:00Z" };
    expect(outside(early)).toEqual([early]);
    expect(outside({ start: { date: "2025-03-04" }, end: { date: "2025-03-05" } })).toEqual([]);
    expect(detectConflicts([], early).outsideHours).toEqual([]);
  });

  test("of a series that is proposed are looked for in the horizon that is given", () => {
    const time = (clock: string) => ({ dateTime: `2024-01-01T${clock}:00`, timeZone: "UTC" });
    const weekly = { start: time("08:00"), end: time("09:00"), recurrence: ["RRULE:FREQ=WEEKLY"] };
    expect(detectConflicts(standup, weekly)).toEqual([]);
    const horizon = { start: new Date("2025-03-01T00:00:00Z"), end: "2025-03-04T00:00:00Z" };
    const found = detectConflicts(standup, weekly, { horizon });
    expect(found.map(({ proposed }) => proposed.start)).toEqual(["2025-03-03T08:00:00Z"]);
    expect(found.lookedAt).toEqual({ start: "2025-03-03T08:00:00Z", end: "2025-03-03T09:00:00Z" });
  });
});

describe("a checker", () => {
  test("answers as detectConflicts does, for calendars that come and go", () => {
    const checker = new ConflictChecker(page, { calendarId: "work" });
    checker.add({ ...standup, id: "run", summary: "Run" }, { calendarId: "home" });
    expect(checker.size).toBe(3);
    expect(checker.check(morning, berlin).map(({ calendarId, eventId }) => [calendarId, eventId])).toEqual([
      ["work", "holiday"],
      ["home", "run"],
      ["work", "standup"],
    ]);

    expect(checker.remove("standup", { calendarId: "work" })).toBe(true);
    expect(checker.remove("standup", { calendarId: "work" })).toBe(false);
    checker.removeCalendar({ calendarId: "home" });
    expect(checker.check(morning, berlin).map(({ eventId }) => eventId)).toEqual(["holiday"]);
  });

  test("takes an event in the place of the one it had, and says what it cannot read", () => {
    const checker = new ConflictChecker([standup]);
    const later = { dateTime: "2025-03-03T12:00:00Z" };
    const unread = checker.add([{ ...standup, start: later, end: { dateTime: "2025-03-03T13:00:00Z" } }, { id: 7 }]);
    expect(unread).toEqual([{ index: 1, reason: "`id` is 7, not text" }]);
    expect(checker.check(morning)).toEqual([]);
    expect(checker.size).toBe(1);
  });

  test("that was freed says so", () => {
    const checker = new ConflictChecker();
    checker.free();
    checker.free();
    expect(() => checker.check(morning)).toThrow("was freed");
  });
});

describe("what is wrong is told with a code and a sentence", () => {
  const draft = { start: { dateTime: "2025-03-03T09:00:00Z" }, end: { dateTime: "2025-03-03T08:00:00Z" } };
  const wrong: [string, () => unknown, string][] = [
    ["JSON cut short", () => parseEventsPage('{"items": [{"id'), "these are no events: Unterminated string in JSON at position 15"],
    ["a page that is none", () => parseEventsPage({ error: "gone" }), "neither `items` nor `id` nor `kind`"],
    ["no events at all", () => detectConflicts(null as never, morning), "what should be events is null, not an object"],
    ["a list that is none", () => new ConflictChecker({ items: {} } as never), "`items` is an object, not a list"],
    ["a zone that is none", () => detectConflicts([], morning, { timeZone: 1 } as never), "`timeZone` is 1, not text"],
    ["a zone of a calendar that is none", () => new ConflictChecker([], { timeZone: 1 } as never), "`timeZone` is 1, not text"],
    ["a calendar that is none", () => new ConflictChecker([], { calendarId: 1 } as never), "`calendarId` is 1, not text"],
    ["an event to remove that is none", () => new ConflictChecker().remove(1 as never), "`eventId` is 1, not text"],
    ["an unknown zone", () => detectConflicts([], morning, { timeZone: "Mars/Base" }), 'time zone "Mars/Base" is not known'],
    ["a zone in another case", () => detectConflicts([], morning, { timeZone: "europe/berlin" }), '"europe/berlin" is not known'],
    ["a bare offset", () => detectConflicts([], morning, { timeZone: "+01:00" }), '"+01:00" is not known'],
    ["an unknown zone of a draft", () => detectConflicts([], { start: { dateTime: "2025-03-03T09:00:00", timeZone: "X" }, end: draft.end }), 'time zone "X" is not known'],
    ["a range that ends before it starts", () => detectConflicts([], { start: morning.end, end: morning.start }), "its start must be before its end"],
    ["a draft that ends before it starts", () => detectConflicts([], draft), "the event ends no later than it starts"],
    ["an event that ends before it starts", () => detectConflicts([], { id: "x", ...draft }), "the event ends no later than it starts"],
    ["a range without an end", () => detectConflicts([], { start: morning.start } as never), "a range needs both `start` and `end`"],
    ["a day where an instant is needed", () => detectConflicts([], { start: "2025-03-03", end: "2025-03-04" }), "not an RFC 3339 time"],
    ["an invalid Date", () => detectConflicts([], { start: new Date("x"), end: new Date() }), "`start` is an invalid Date"],
    ["nothing proposed", () => detectConflicts([], undefined as never), "nothing is proposed"],
    ["a draft without times", () => detectConflicts([], {}), "the event has no start"],
    ["an option that is none", () => detectConflicts([], morning, { bufferMinutes: 5 } as never), "there is no option `bufferMinutes`"],
    ["working hours without a zone", () => detectConflicts([], morning, { workingHours: { monday: ["09:00-17:00"] } as never }), "`workingHours` needs a `timeZone`"],
    ["working hours in an unknown zone", () => detectConflicts([], morning, { workingHours: { timeZone: "Mars/Base" } }), '`workingHours`: time zone "Mars/Base" is not known'],
    ["working hours of no day", () => detectConflicts([], morning, { workingHours: { timeZone: "UTC", mon: [] } as never }), "there is no field of `workingHours` `mon`"],
    ["working hours that are no list", () => detectConflicts([], morning, { workingHours: { timeZone: "UTC", monday: "09:00-17:00" } as never }), "`monday` is text, not a list"],
    ["working hours that are none", () => detectConflicts([], morning, { workingHours: { timeZone: "UTC", monday: ["9 to 5"] } }), "`workingHours`: “9 to 5” is no stretch of a day"],
    ["working hours over midnight", () => detectConflicts([], morning, { workingHours: { timeZone: "UTC", monday: ["22:00-06:00"] } }), "`workingHours`: 22:00-06:00 ends before it starts"],
    ["a horizon of what has times of its own", () => detectConflicts([], morning, { horizon: morning }), "`horizon` is for what recurs"],
    ["a horizon that ends before it starts", () => detectConflicts([], { ...draft, id: "x" }, { horizon: { start: morning.end, end: morning.start } }), "`horizon`: the range from 2025-03-03"],
    ["a buffer that is no number", () => detectConflicts([], morning, { travelMinutes: -1 }), "`travelMinutes` is -1, not a whole number of minutes"],
  ];
  test.each(wrong)("%s", (_, call, sentence) => {
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(CalendarError);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: "CalendarError", code: "invalid_input", message: expect.stringContaining(sentence) });
      return;
    }
    expect.unreachable("it did not throw");
  });

  test("hostile input neither fails the module nor takes its time", () => {
    const deep = "[".repeat(100_000);
    expect(() => parseEventsPage(deep)).toThrow(CalendarError);
    const unread = new ConflictChecker().add(`[{"id": "a", "start": ${deep}${deep.replaceAll("[", "]")}}]`);
    expect(unread).toEqual([{ index: 0, id: "a", reason: "`start` is a list, not an object" }]);
    const cyclic: Record<string, unknown> = { ...standup };
    cyclic["extra"] = cyclic;
    expect(new ConflictChecker(cyclic as never).size).toBe(1);
    const long = detectConflicts([{ ...standup, summary: "x".repeat(1_000_000) }], morning);
    expect(formatConflictForDisplay(long[0]!).length).toBeLessThan(200);
    expect(detectConflicts(standup, morning)).toHaveLength(1);
  });
});
