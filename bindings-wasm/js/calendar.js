// The package's functions, over the module that `wasm-bindgen` wraps. What is exported here is described and typed in
// calendar.d.ts.

import * as module from "./theo_calendar.js";
import { CalendarError, guarded } from "./error.js";

export { CalendarError };

export function parseEventsPage(page) {
  return guarded(() => {
    const bytes = jsonBytes(page);
    const unreadable = JSON.parse(module.unreadableEvents(bytes));
    const { items = [], ...rest } = JSON.parse(decoder.decode(bytes));
    const skipped = new Set(unreadable.map(({ index }) => index));
    return {
      ...rest,
      events: items.filter((_, index) => !skipped.has(index)),
      quarantined: unreadable.map(({ index, ...why }) => ({ ...why, raw: items[index] })),
    };
  });
}

export function detectConflicts(events, proposal, options) {
  return guarded(() => answer(module.detectConflicts(eventBytes(events), question(proposal, options))));
}

export class ConflictChecker {
  #index = new module.ConflictIndex();

  constructor(events, calendar) {
    if (events !== undefined) this.add(events, calendar);
  }

  add(events, { accountId = "", calendarId = "", timeZone = events?.timeZone } = {}) {
    return this.#use((index) => JSON.parse(index.add(eventBytes(events), accountId, calendarId, timeZone)));
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

export function parseScopes(scope) {
  return guarded(() => module.parseScopes(scope));
}

export function hasCalendarReadAccess(scopes) {
  return guarded(() => module.hasCalendarReadAccess([...scopes]));
}

export function hasCalendarWriteAccess(scopes) {
  return guarded(() => module.hasCalendarWriteAccess([...scopes]));
}

export function getCalendarScopeStatus(scopes) {
  const status = guarded(() => JSON.parse(module.scopeStatus([...scopes])));
  return {
    hasRead: status.has_read,
    hasWrite: status.has_write,
    hasSettings: status.has_settings,
    missingScopes: status.missing,
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Google's JSON as bytes, whether it comes as bytes, as text or as objects. */
function jsonBytes(json) {
  if (json instanceof Uint8Array) return json;
  return encoder.encode(typeof json === "string" ? json : (JSON.stringify(json) ?? "null"));
}

/** The same of events; of a page that was read, they are what counts. */
function eventBytes(events) {
  return jsonBytes(Array.isArray(events?.events) ? events.events : events);
}

/** A proposal is a range (its start is an instant) or an event (its start is Google's). */
function question(proposal, { excludeEventId = [], ...options } = {}) {
  const isRange = proposal?.start instanceof Date || typeof proposal?.start === "string";
  const asked = isRange
    ? { range: { start: instant(proposal.start), end: instant(proposal.end) } }
    : { event: proposal };
  return JSON.stringify({ ...asked, options: { ...options, excludeEventId: [excludeEventId].flat() } });
}

function instant(time) {
  if (!(time instanceof Date)) return time;
  if (Number.isNaN(time.getTime())) throw new CalendarError("invalid_input", "an invalid Date is no time");
  return time.toISOString();
}

function answer(json) {
  const { conflicts, lines, truncated, unreadable } = JSON.parse(json);
  const found = conflicts.map((conflict, index) => named(conflict, lines[index]));
  return Object.assign(found, { truncated, unreadable });
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
    overlap: conflict.overlap ?? undefined,
    guests: conflict.guests,
    severity: conflict.severity,
    reasons: conflict.reasons,
    display,
  };
}
