// Events and questions as one run of bytes, in the order in which `src/flat.rs` and `src/question.rs` read them.

import { CalendarError } from "./error.js";

const encoder = new TextEncoder();

/** Numbers are 32 bits; texts, flags and lists say in one how long they are, and 0 where there is none. */
export class Flat {
  #bytes = new Uint8Array(4096);
  #end = 0;

  get bytes() {
    return this.#bytes.subarray(0, this.#end);
  }

  number(value) {
    this.#room(4);
    new DataView(this.#bytes.buffer).setUint32(this.#end, value, true);
    this.#end += 4;
  }

  flag(value) {
    this.number(value === undefined ? 0 : value ? 2 : 1);
  }

  text(value) {
    if (value === undefined) return this.number(0);
    this.#room(4 + 3 * value.length);
    const { written } = encoder.encodeInto(value, this.#bytes.subarray(this.#end + 4));
    this.number(written + 1);
    this.#end += written;
  }

  list(values, write) {
    this.number(values === undefined ? 0 : values.length + 1);
    values?.forEach(write);
  }

  /** Lets `write` write, or nothing of it where it throws. */
  whole(write) {
    const end = this.#end;
    try {
      write();
    } catch (error) {
      this.#end = end;
      throw error;
    }
  }

  /** What of `event` decides when it takes place and what it is in the way of; the rest is not looked at. */
  event(event) {
    check("it", event, "object");
    this.text(field(event, "id", "string"));
    for (const name of ["status", "summary", "location"]) this.text(field(event, name, "string"));
    for (const name of ["start", "end", "originalStartTime"]) this.#time(field(event, name, "object"));
    this.list(field(event, "recurrence", "list"), (line) => this.text(check("a line of `recurrence`", line, "string")));
    for (const name of ["recurringEventId", "iCalUID", "transparency", "eventType"]) this.text(field(event, name, "string"));
    this.flag(field(field(event, "organizer", "object") ?? {}, "self", "boolean"));
    this.list(field(event, "attendees", "list"), (guest) => {
      check("a guest", guest, "object");
      this.flag(field(guest, "self", "boolean"));
      this.flag(field(guest, "resource", "boolean"));
      this.text(field(guest, "responseStatus", "string"));
    });
    this.flag(field(event, "attendeesOmitted", "boolean"));
  }

  #time(time) {
    this.number(time ? 1 : 0);
    if (time) for (const name of ["date", "dateTime", "timeZone"]) this.text(field(time, name, "string"));
  }

  #room(more) {
    if (this.#end + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#end + more));
    bytes.set(this.bytes);
    this.#bytes = bytes;
  }
}

const NAMES = { string: "text", boolean: "true or false", object: "an object", list: "a list" };

/** What `object` has under `name`, where it has anything. */
export function field(object, name, type) {
  return object[name] === undefined || object[name] === null ? undefined : check(`\`${name}\``, object[name], type);
}

/** Gives `value`, which is `what`, where it is of `type`. */
export function check(what, value, type) {
  const found = Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
  if (found !== type) {
    const shown = NAMES[found] && found !== "boolean" ? NAMES[found] : String(value);
    throw new CalendarError("invalid_input", `${what} is ${shown}, not ${NAMES[type]}`);
  }
  if (type === "string" && !value.isWellFormed()) {
    throw new CalendarError("invalid_input", `${what} holds half a character`);
  }
  return value;
}
