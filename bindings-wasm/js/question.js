// What is asked about conflicts, as `src/question.rs` reads it.

import { CalendarError } from "./error.js";
import { Flat, check, field } from "./flat.js";

const ZONES = ["timeZone", "displayTimeZone"];
const MINUTES = ["bufferBeforeMinutes", "bufferAfterMinutes", "travelMinutes"];
const IGNORED = ["ignoreAllDay", "ignoreTentative", "ignoreUnanswered"];
const OPTIONS = [...ZONES, ...MINUTES, ...IGNORED, "excludeEventId", "workingHours", "horizon"];
const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** A proposal is a range (its start is an instant) or an event (its start is Google's). */
export function question(proposal, options = {}) {
  known("option", options, OPTIONS);
  const flat = new Flat();
  for (const name of ZONES) flat.text(field(options, name, "string"));
  for (const name of MINUTES) flat.number(minutes(name, options[name] ?? 0));
  for (const name of IGNORED) flat.flag(field(options, name, "boolean"));
  const excluded = [options.excludeEventId ?? []].flat();
  flat.list(excluded, (id) => flat.text(check("an id in `excludeEventId`", id, "string")));
  workingHours(flat, field(options, "workingHours", "object"));
  if (proposal === undefined || proposal === null) throw wrong("nothing is proposed: it has neither start nor end");
  const isRange = proposal.start instanceof Date || typeof proposal.start === "string";
  const horizon = field(options, "horizon", "object");
  if (isRange && horizon) throw wrong("`horizon` is for what recurs: a range has times of its own");
  span(flat, horizon);
  span(flat, isRange ? proposal : undefined);
  if (!isRange) flat.event(proposal);
  return flat.bytes;
}

function workingHours(flat, hours) {
  if (hours === undefined) return flat.text(undefined);
  known("field of `workingHours`", hours, ["timeZone", ...WEEK]);
  if (hours.timeZone === undefined) throw wrong("`workingHours` needs a `timeZone`: whose clocks it means");
  flat.text(check("`timeZone` of `workingHours`", hours.timeZone, "string"));
  for (const day of WEEK) {
    flat.list(field(hours, day, "list"), (stretch) => flat.text(check(`a stretch of \`${day}\``, stretch, "string")));
  }
}

function known(what, object, names) {
  const unknown = Object.keys(object).find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(`there is no ${what} \`${unknown}\`: there are ${names.join(", ")}`);
}

function span(flat, times) {
  flat.flag(times !== undefined);
  if (times) range(times.start, times.end).forEach((time) => flat.text(time));
}

/** Two instants, as RFC 3339. */
export function range(start, end) {
  if (start === undefined || end === undefined) throw wrong("a range needs both `start` and `end`");
  return [instant("start", start), instant("end", end)];
}

function instant(name, time) {
  if (!(time instanceof Date)) return check(`\`${name}\``, time, "string");
  if (Number.isNaN(time.getTime())) throw wrong(`\`${name}\` is an invalid Date, which is no time`);
  return time.toISOString();
}

function minutes(name, value) {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw wrong(`\`${name}\` is ${String(value)}, not a whole number of minutes from 0`);
}

function wrong(message) {
  return new CalendarError("invalid_input", message);
}
