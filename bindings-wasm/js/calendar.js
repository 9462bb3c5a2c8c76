// The package's functions, over the module that `wasm-bindgen` wraps. What is exported here is described and typed in
// calendar.d.ts.

import * as module from "./theo_calendar.js";
import { CalendarError, guarded } from "./error.js";
import { read, unreadableOf } from "./events.js";
import { question, range } from "./question.js";

export { CalendarError };
export * from "./scopes.js";

export function parseEventsPage(page) {
  return guarded(() => {
    const list = read(page);
    const unreadable = unreadableOf(list, JSON.parse(module.unreadableEvents(list.bytes)));
    const skipped = new Set(unreadable.map(({ index }) => index));
    return {
      ...list.page,
      events: list.items.filter((_, index) => !skipped.has(index)),
      quarantined: unreadable.map(({ index, ...why }) => ({ ...why, raw: list.items[index] })),
    };
  });
}

export function expand(events, start, end, { timeZone } = {}) {
  return guarded(() => {
    const list = read(events);
    const found = JSON.parse(module.expand(list.bytes, ...range(start, end), timeZone ?? list.timeZone));
    const unreadable = unreadableOf(list, found.unreadable).map(({ index, ...why }) => why);
    return {
      occurrences: found.occurrences.map(({ span, ...one }) => ({ ...one, ...span })),
      truncated: found.truncated,
      unreadable: [...unreadable, ...found.unreadableSeries.map(([id, reason]) => ({ id, reason }))],
    };
  });
}

export function detectConflicts(events, proposal, options) {
  return guarded(() => answer(module.detectConflicts(read(events).bytes, question(proposal, options))));
}

export class ConflictChecker {
  #index = new module.ConflictIndex();

  constructor(events, calendar) {
    if (events !== undefined) this.add(events, calendar);
  }

  add(events, { accountId = "", calendarId = "", timeZone } = {}) {
    return this.#use((index) => {
      const list = read(events);
      return unreadableOf(list, JSON.parse(index.add(list.bytes, accountId, calendarId, timeZone ?? list.timeZone)));
    });
  }

  remove(eventId, { accountId = "", calendarId = "" } = {}) {
    return this.#use((index) => index.remove(eventId, accountId, calendarId));
  }

  removeCalendar({ accountId = "", calendarId = "" } = {}) {
    this.#use((index) => index.removeCalendar(accountId, calendarId));
  }

  get size() {
    return this.#use((index) => index.size);
  }

  check(proposal, options) {
    return this.#use((index) => answer(index.detect(question(proposal, options))));
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

function answer(json) {
  const { found, lines } = JSON.parse(json);
  const { conflicts, truncated, unreadable } = found;
  const list = conflicts.map((conflict, index) => named(conflict, lines[index]));
  return Object.defineProperties(list, { truncated: { value: truncated }, unreadable: { value: unreadable } });
}

/** The core's names as JavaScript writes them. */
function named(conflict, display) {
  return {
    eventId: conflict.event_id,
    instanceId: conflict.instance_id,
    originalStart: conflict.original_start,
    calendarId: conflict.calendar_id || undefined,
    accountId: conflict.account_id || undefined,
    iCalUID: conflict.ical_uid ?? undefined,
    summary: conflict.summary ?? undefined,
    start: conflict.start,
    end: conflict.end,
    span: conflict.span,
    proposed: conflict.proposed,
    overlap: conflict.overlap ?? undefined,
    guests: conflict.guests,
    severity: conflict.severity,
    reasons: conflict.reasons,
    duplicates: (conflict.duplicates ?? []).map((one) => ({
      eventId: one.event_id,
      calendarId: one.calendar_id || undefined,
      accountId: one.account_id || undefined,
      reason: one.reason,
    })),
    display,
  };
}
