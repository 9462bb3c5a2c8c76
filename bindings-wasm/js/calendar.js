// The package's functions, over the module that `wasm-bindgen` wraps. What is exported here is described and typed in
// calendar.d.ts.

import * as module from "./theo_calendar.js";
import { Answer, instanceId } from "./answer.js";
import { Known, conflicts } from "./conflicts.js";
import { CalendarError, guarded } from "./error.js";
import { read, readable, unreadableOf } from "./events.js";
import { check, field } from "./flat.js";
import { question, range } from "./question.js";

export { CalendarError };
export * from "./scopes.js";

export function parseEventsPage(page) {
  return guarded(() => {
    const list = read(page);
    const unreadable = unreadableOf(list, new Answer(module.unreadableEvents(list.bytes)).unreadable());
    return {
      ...list.page,
      events: readable(list, unreadable),
      quarantined: unreadable.map(({ index, ...why }) => ({ ...why, raw: list.items[index] })),
    };
  });
}

export function expand(events, start, end, options) {
  return guarded(() => {
    const list = read(events);
    const found = new Answer(module.expand(list.bytes, ...range(start, end), zoneOf(options, list)));
    const unread = unreadableOf(list, found.unreadable());
    const items = readable(list, unread);
    const occurrences = found.list(() => {
      const { id: eventId } = items[found.number()];
      const id = instanceId(eventId, found.originalStart());
      return { id, eventId, ...found.span(), allDay: found.flag() };
    });
    const truncated = found.flag();
    const unreadable = unread.map(({ index, ...why }) => why);
    for (const [place, reason] of found.unreadable()) unreadable.push({ id: items[place].id, reason });
    return { occurrences, truncated, unreadable };
  });
}

export function detectConflicts(events, proposal, options) {
  const checker = new ConflictChecker(events, { timeZone: options?.timeZone ?? "UTC" });
  try {
    return checker.check(proposal, options);
  } finally {
    checker.free();
  }
}

export class ConflictChecker {
  #index = guarded(() => new module.ConflictIndex());
  #known = new Known();

  constructor(events, calendar) {
    if (events !== undefined) this.add(events, calendar);
  }

  add(events, calendar) {
    return this.#use((index) => {
      const [accountId, calendarId] = keyOf(calendar);
      const list = read(events);
      const added = new Answer(index.add(list.bytes, accountId, calendarId, zoneOf(calendar, list)));
      const unread = unreadableOf(list, added.unreadable());
      const items = readable(list, unread);
      added.list((place) => this.#known.add(added.number(), items[place], accountId, calendarId));
      return unread;
    });
  }

  remove(eventId, calendar) {
    return this.#use((index) => index.remove(check("`eventId`", eventId, "string"), ...keyOf(calendar)));
  }

  removeCalendar(calendar) {
    this.#use((index) => index.removeCalendar(...keyOf(calendar)));
  }

  get size() {
    return this.#use((index) => index.size);
  }

  check(proposal, options) {
    return this.#use((index) => {
      const answer = new Answer(index.detect(question(proposal, options)));
      return conflicts(answer, this.#known, options?.displayTimeZone ?? options?.timeZone);
    });
  }

  free() {
    this.#index?.free();
    this.#index = undefined;
  }

  #use(work) {
    if (!this.#index) throw new CalendarError("invalid_input", "this ConflictChecker was freed: make a new one");
    return guarded(() => work(this.#index));
  }
}

export function hasHighSeverityConflicts(conflicts) {
  return conflicts.some(({ severity }) => severity === "high");
}

export function formatConflictForDisplay(conflict) {
  return conflict.display;
}

function keyOf(calendar = {}) {
  return ["accountId", "calendarId"].map((name) => field(calendar, name, "string") ?? "");
}

function zoneOf(options = {}, list) {
  return field(options, "timeZone", "string") ?? list.timeZone;
}
