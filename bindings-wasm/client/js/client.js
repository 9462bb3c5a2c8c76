// Google Calendar from a page: the package's functions, and the client. What is exported here is described and typed in
// client.d.ts.

import * as module from "./theo_calendar.js";
import { CalendarError, guarded, guardedAsync } from "./error.js";
import { Flat, field } from "./flat.js";
import { asked, patch, shown } from "./preview.js";
import { range } from "./question.js";

export { CalendarError };
export * from "./scopes.js";

const CALENDARS = ["sync", "syncToken", "pageToken", "maxResults", "showDeleted", "showHidden"];
const VIEW = ["timeMin", "timeMax", "updatedMin", "q", "orderBy"];
const EVENTS = [...CALENDARS.slice(0, 4), "timeZone", ...VIEW, "singleEvents", "showDeleted"];

export class CalendarClient {
  #client;

  constructor({ accountId, accessToken, ...options }) {
    if (typeof accountId !== "string") throw wrong("a client needs an `accountId`");
    if (typeof accessToken !== "function") throw wrong("a client needs `accessToken`, which gives one");
    known(options, ["baseUrl", "timeoutSeconds", "maxRetries"]);
    const tokens = { accessToken: async (renew) => token(await accessToken({ renew })) };
    const flat = new Flat();
    flat.text(field(options, "baseUrl", "string"));
    for (const name of ["timeoutSeconds", "maxRetries"]) flat.number(count(options, name, -1) + 1);
    this.#client = guarded(() => new module.CalendarClient(accountId, tokens, flat.bytes));
  }

  listCalendars(query = {}) {
    return this.#call((client) => {
      const flat = listing(query, CALENDARS);
      for (const name of ["showDeleted", "showHidden"]) flat.flag(field(query, name, "boolean"));
      return client.listCalendars(flat.bytes);
    });
  }

  listEvents(calendarId, query = {}) {
    return this.#call((client) => {
      const flat = listing(query, EVENTS);
      for (const name of ["timeZone", ...VIEW]) flat.text(field(query, name, "string"));
      for (const name of ["singleEvents", "showDeleted"]) flat.flag(field(query, name, "boolean"));
      return client.listEvents(calendarId, flat.bytes);
    });
  }

  getEvent(calendarId, eventId) {
    return this.#call((client) => client.getEvent(calendarId, eventId));
  }

  insertEvent(calendarId, draft, { id, sendUpdates = "none" } = {}) {
    return this.#call((client) => client.insertEvent(calendarId, JSON.stringify(draft), id, sendUpdates));
  }

  patchEvent(calendarId, event, changes, { sendUpdates = "none" } = {}) {
    return this.#call((client) =>
      client.patchEvent(calendarId, JSON.stringify(event), patch(changes), sendUpdates),
    );
  }

  async deleteEvent(calendarId, eventId, { etag, sendUpdates = "none" } = {}) {
    await this.#call((client) => client.deleteEvent(calendarId, eventId, etag, sendUpdates));
  }

  freeBusy(calendarIds, start, end) {
    return this.#call((client) => client.freeBusy([...calendarIds], ...range(start, end)));
  }

  preview(request) {
    return this.#call((client) => client.preview(...asked(request)), shown);
  }

  free() {
    this.#client?.free();
    this.#client = undefined;
  }

  #call(work, read = (answer) => answer) {
    return guardedAsync(async () => {
      if (!this.#client) throw wrong("this CalendarClient was freed: make a new one");
      return read(JSON.parse(await work(this.#client)));
    });
  }
}

/** What every listing may be asked, as `src/query.rs` reads it first. */
function listing(query, names) {
  known(query, names);
  const flat = new Flat();
  flat.flag(field(query, "sync", "boolean"));
  for (const name of ["syncToken", "pageToken"]) flat.text(field(query, name, "string"));
  flat.number(count(query, "maxResults", 0));
  return flat;
}

function known(options, names) {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) throw wrong(`there is no option \`${unknown}\`: there are ${names.join(", ")}`);
}

function count(options, name, none) {
  const value = options[name] ?? none;
  if (value === none || (Number.isInteger(value) && value >= 0 && value < 2 ** 31)) return value;
  throw wrong(`\`${name}\` is ${String(value)}, not a whole number`);
}

function token(given) {
  const { token, scopes } = typeof given === "string" ? { token: given } : (given ?? {});
  if (typeof token !== "string") throw wrong("`accessToken` gave none");
  return { token, scopes: scopes && [...scopes] };
}

function wrong(message) {
  return new CalendarError("invalid_input", message);
}
