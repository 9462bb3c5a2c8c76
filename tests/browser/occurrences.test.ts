// When events take place, in Node.

import { expect, test } from "vitest";
import { CalendarError, expand } from "theo-calendar";

const standup = {
  id: "standup",
  summary: "Standup",
  start: { dateTime: "2025-03-24T09:00:00", timeZone: "Europe/Berlin" },
  end: { dateTime: "2025-03-24T09:15:00", timeZone: "Europe/Berlin" },
  recurrence: ["RRULE:FREQ=WEEKLY"],
};
const march: [string, string] = ["2025-03-01T00:00:00Z", "2025-04-15T00:00:00Z"];

test("a series keeps its wall clock where the clocks change, by the zones of Intl", () => {
  const { occurrences, truncated, unreadable } = expand([standup], ...march);
  expect(occurrences.map(({ start }) => start)).toEqual([
    "2025-03-24T08:00:00Z",
    "2025-03-31T07:00:00Z",
    "2025-04-07T07:00:00Z",
    "2025-04-14T07:00:00Z",
  ]);
  expect(occurrences[0]).toEqual({
    id: "standup_20250324T080000Z",
    eventId: "standup",
    start: "2025-03-24T08:00:00Z",
    end: "2025-03-24T08:15:00Z",
    allDay: false,
  });
  expect([truncated, unreadable]).toEqual([false, []]);
});

test("an exception stands in for its occurrence, and a cancelled one takes it away", () => {
  const moved = {
    id: "standup_20250331T070000Z",
    recurringEventId: "standup",
    originalStartTime: { dateTime: "2025-03-31T09:00:00+02:00" },
    start: { dateTime: "2025-04-01T12:00:00Z" },
    end: { dateTime: "2025-04-01T12:15:00Z" },
  };
  const gone = { id: "standup_20250407T070000Z", status: "cancelled" };
  expect(expand([moved, gone, standup], ...march).occurrences.map(({ start }) => start)).toEqual([
    "2025-03-24T08:00:00Z",
    "2025-04-01T12:00:00Z",
    "2025-04-14T07:00:00Z",
  ]);
});

test("days are those of the calendar", () => {
  const day = { id: "day", start: { date: "2025-03-30" }, end: { date: "2025-03-31" } };
  const [inPage] = expand({ kind: "calendar#events", timeZone: "Europe/Berlin", items: [day] }, ...march).occurrences;
  expect(inPage).toEqual({ id: "day", eventId: "day", start: "2025-03-29T23:00:00Z", end: "2025-03-30T22:00:00Z", allDay: true });
  expect(expand([day], ...march, { timeZone: "Asia/Tokyo" }).occurrences[0]?.start).toBe("2025-03-29T15:00:00Z");
});

test("a rule that cannot be read is named with its text, and its first occurrence stays", () => {
  const bad = { ...standup, recurrence: ["RRULE:FREQ=FORTNIGHTLY"] };
  const { occurrences, unreadable } = expand([bad, { id: "worse", start: 7 }], ...march);
  expect(occurrences.map(({ id }) => id)).toEqual(["standup"]);
  expect(unreadable).toEqual([
    { id: "worse", reason: "`start` is 7, not an object" },
    { id: "standup", reason: expect.stringContaining('line 1 of the recurrence, "RRULE:FREQ=FORTNIGHTLY": FREQ=FORTNIGHTLY: it is SECONDLY') },
  ]);
});

test("a rule past its bound says that there is more", () => {
  const bomb = { ...standup, recurrence: ["RRULE:FREQ=SECONDLY"] };
  expect(expand([bomb], "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z").truncated).toBe(true);
});

test("a window that ends before it starts is refused", () => {
  expect(() => expand([], march[1], march[0])).toThrow(CalendarError);
  expect(() => expand([], march[1], march[0])).toThrow("its start must be before its end");
  expect(() => expand([], march[0], undefined as never)).toThrow("a range needs both `start` and `end`");
  expect(() => expand([], "yesterday", march[0])).toThrow("`yesterday` is not an RFC 3339 time");
});

test("an unknown zone is refused with its name", () => {
  const code = "invalid_input";
  const message = 'time zone "Mars/Base" is not known: use an IANA name such as Europe/Berlin';
  const thrown = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  expect(thrown(() => expand([standup], ...march, { timeZone: "Mars/Base" }))).toMatchObject({ code, message });
  expect(thrown(() => expand({ timeZone: "Mars/Base", items: [] }, ...march))).toMatchObject({ code, message });
});
