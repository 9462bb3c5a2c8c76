// What is asked about conflicts, as `src/question.rs` reads it.

import { CalendarError } from "./error.js";
import { Flat, check, field } from "./flat.js";

const ZONES = ["timeZone", "displayTimeZone"];
const MINUTES = ["bufferBeforeMinutes", "bufferAfterMinutes", "travelMinutes"];
const IGNORED = ["ignoreAllDay", "ignoreTentative", "ignoreUnanswered"];
const OPTIONS = [...ZONES, ...MINUTES, ...IGNORED, "excludeEventId"];

/** A proposal is a range (its start is an instant) or an event (its start is Google's). */
export function question(proposal, options = {}) {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw wrong(`there is no option \`${unknown}\`: there are ${OPTIONS.join(", ")}`);
  const flat = new Flat();
  for (const name of ZONES) flat.text(field(options, name, "string"));
  for (const name of MINUTES) flat.number(minutes(name, options[name] ?? 0));
  for (const name of IGNORED) flat.flag(field(options, name, "boolean"));
  const excluded = [options.excludeEventId ?? []].flat();
  flat.list(excluded, (id) => flat.text(check("an id in `excludeEventId`", id, "string")));
  if (proposal === undefined || proposal === null) throw wrong("nothing is proposed: it has neither start nor end");
  const isRange = proposal.start instanceof Date || typeof proposal.start === "string";
  flat.flag(isRange);
  if (isRange) range(proposal.start, proposal.end).forEach((time) => flat.text(time));
  else flat.event(proposal);
  return flat.bytes;
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
