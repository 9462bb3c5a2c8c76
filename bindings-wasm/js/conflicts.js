// What is in the way, made of what the module says and of what is known of the events.

import * as module from "./theo_calendar.js";
import { instanceId } from "./answer.js";
import { guarded } from "./error.js";
import { Flat } from "./flat.js";

// In the order of the core.
const SEVERITIES = ["low", "medium", "high"];
const REASONS = [
  "overlap",
  "too_close",
  "travel",
  "accepted",
  "tentative",
  "not_answered",
  "out_of_office",
  "focus_time",
  "all_day",
  "organizer",
  "has_guests",
  "duplicate",
];
const DUPLICATES = ["same_event", "looks_same"];

/** What conflicts show of events, by the names that the module has for them. */
export class Known {
  #events = new Map();

  /** A name that is given anew is that of the new event: the module forgot the old one. */
  add(name, event, accountId, calendarId) {
    this.#events.set(name, {
      eventId: event.id,
      calendarId: calendarId || undefined,
      accountId: accountId || undefined,
      iCalUID: event.iCalUID ?? undefined,
      summary: event.summary ?? undefined,
      start: read(event.start),
      end: read(event.end ?? event.start),
      originalStart: read(event.originalStartTime),
    });
  }

  get(name) {
    return this.#events.get(name);
  }
}

/** The list that `answer` tells, in the order in which `src/conflicts.rs` writes it; shown in `timeZone`. */
export function conflicts(answer, known, timeZone) {
  const display = line(timeZone);
  const list = answer.list(() => Object.defineProperty(conflict(answer, known), "display", display));
  const lookedAt = answer.span();
  const truncated = answer.flag();
  const unreadable = answer.list(() => answer.text());
  const outsideHours = answer.list(() => answer.span());
  return Object.defineProperties(list, {
    lookedAt: { value: lookedAt },
    truncated: { value: truncated },
    unreadable: { value: unreadable },
    outsideHours: { value: outsideHours },
  });
}

function conflict(answer, known) {
  const event = known.get(answer.number());
  const occurrence = answer.originalStart();
  const lastDay = occurrence?.date && answer.day();
  const span = answer.span();
  return {
    eventId: event.eventId,
    instanceId: occurrence && instanceId(event.eventId, occurrence),
    originalStart: occurrence ? time(occurrence, occurrence.date ? undefined : event.start.timeZone) : own(event.originalStart),
    calendarId: event.calendarId,
    accountId: event.accountId,
    iCalUID: event.iCalUID,
    summary: event.summary,
    start: occurrence ? time({ date: occurrence.date, dateTime: span.start }, event.start.timeZone) : own(event.start),
    end: occurrence ? time({ date: lastDay, dateTime: span.end }, event.end.timeZone) : own(event.end),
    span,
    proposed: answer.span(),
    overlap: answer.flag() ? answer.span() : undefined,
    guests: answer.number(),
    severity: SEVERITIES[answer.number()],
    reasons: reasons(answer.number()),
    duplicates: answer.list(() => duplicate(known.get(answer.number()), answer.number())),
  };
}

function duplicate({ eventId, calendarId, accountId }, reason) {
  return { eventId, calendarId, accountId, reason: DUPLICATES[reason] };
}

function reasons(bits) {
  const list = [];
  for (let place = 0; bits >> place > 0; place += 1) if ((bits >> place) & 1) list.push(REASONS[place]);
  return list;
}

/** A time of an event, and a wall clock as the core has it: without the parts of its second. */
function read(time) {
  if (!time) return undefined;
  const { date, dateTime, timeZone } = time;
  return { date: date ?? undefined, dateTime: dateTime?.replace(/\.\d+$/, ""), timeZone: timeZone ?? undefined };
}

/** As Google writes it. */
function time({ date, dateTime }, timeZone) {
  if (timeZone === undefined) return date === undefined ? { dateTime } : { date };
  return date === undefined ? { dateTime, timeZone } : { date, timeZone };
}

function own(read) {
  return read && time(read, read.timeZone);
}

const lines = new Map();

/** The property that is a conflict in one line, in the local time of `timeZone`: few of many are ever read. */
function line(timeZone) {
  if (!lines.has(timeZone)) {
    lines.set(timeZone, { enumerable: true, configurable: true, get() { return format(this, timeZone); } });
  }
  return lines.get(timeZone);
}

function format(conflict, timeZone) {
  const flat = new Flat();
  for (const text of [timeZone, conflict.summary, conflict.span.start, conflict.span.end]) flat.text(text);
  flat.flag(conflict.start.date !== undefined);
  for (const number of [conflict.guests, conflict.duplicates.length]) flat.number(number);
  flat.number(SEVERITIES.indexOf(conflict.severity));
  flat.number(conflict.reasons.reduce((bits, reason) => bits | (1 << REASONS.indexOf(reason)), 0));
  return guarded(() => module.formatConflict(flat.bytes));
}
