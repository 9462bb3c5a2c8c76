// What is asked for as `src/preview.rs` reads it, and what a person is shown of it as JavaScript has it.

import { CalendarError } from "./error.js";
import { Flat, check, field } from "./flat.js";

const COMMON = ["action", "calendarId", "sendUpdates", "reason"];
const CHANGES = ["set", "clear", "removeAttendees"];
const FIELDS = {
  create: ["draft"],
  update: ["eventId", "scope", ...CHANGES],
  delete: ["eventId", "scope"],
  respond: ["eventId", "scope", "response", "comment"],
};
const WORDS = {
  action: Object.keys(FIELDS),
  scope: ["this", "thisAndFollowing", "all"],
  sendUpdates: ["all", "externalOnly", "none"],
  response: ["accepted", "declined", "tentative", "needsAction"],
};

/** A request: its words, and the draft or the changes. */
export function asked(request) {
  check("the request", request, "object");
  const action = word(request, "action");
  const known = [...COMMON, ...FIELDS[action]];
  const unknown = Object.keys(request).find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(`there is no \`${unknown}\` in a request to ${action}: there are ${known.join(", ")}`);
  const flat = new Flat();
  flat.text(action);
  flat.text(needed(request, "calendarId", "string"));
  flat.text(action === "create" ? "" : needed(request, "eventId", "string"));
  flat.text(word(request, "scope", "all"));
  flat.text(word(request, "sendUpdates", "none"));
  flat.text(action === "respond" ? word(request, "response") : "");
  flat.text(field(request, "comment", "string"));
  if (action === "create") return [flat.bytes, JSON.stringify(needed(request, "draft", "object"))];
  return [flat.bytes, patch(request)];
}

/** What is to change in an event, as the core reads it. */
export function patch(changes) {
  const set = field(changes, "set", "object") ?? {};
  const [clear, removed] = ["clear", "removeAttendees"].map((name) => field(changes, name, "list") ?? []);
  return JSON.stringify({ set, clear, remove_attendees: removed });
}

/** A preview, by the names of JavaScript; what is null is not there. */
export function shown(preview) {
  if (Array.isArray(preview)) return preview.map(shown);
  if (typeof preview !== "object" || preview === null) return preview;
  const named = Object.entries(preview).filter(([, value]) => value !== null);
  return Object.fromEntries(named.map(([name, value]) => [NAMES[name] ?? camel(name), shown(value)]));
}

const NAMES = { ical_uid: "iCalUID" };

function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

function needed(object, name, type) {
  return field(object, name, type) ?? fail(`a request needs \`${name}\``);
}

function word(object, name, otherwise) {
  const found = field(object, name, "string") ?? otherwise ?? fail(`a request needs \`${name}\``);
  const words = WORDS[name];
  return words.includes(found) ? found : fail(`\`${name}\` is ${JSON.stringify(found)}, not one of ${words.join(", ")}`);
}

function fail(message) {
  throw wrong(message);
}

function wrong(message) {
  return new CalendarError("invalid_input", message);
}
