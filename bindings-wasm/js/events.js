// Events in whatever form a host has them.

import { CalendarError } from "./error.js";
import { Flat, check, field } from "./flat.js";

/**
 * The list of `events`, what stands beside it in their page, and the bytes in which the module reads it. What it cannot
 * take is `unreadable`, by its place: the others are unharmed.
 */
export function read(events) {
  const { json, mended } = parsed(events);
  const { items, ...page } = listed(json);
  const flat = new Flat();
  const unreadable = [];
  for (const [place, item] of items.entries()) {
    try {
      if (mended && JSON.stringify(item).includes("\ufffd")) throw new Error("it is not UTF-8");
      flat.whole(() => {
        flat.number(place + 1);
        flat.event(item);
        if (typeof item.id !== "string") throw new Error("it has no `id`");
      });
    } catch (error) {
      unreadable.push([place, error.message]);
    }
  }
  flat.number(0);
  return { items, page, timeZone: field(page, "timeZone", "string"), unreadable, bytes: flat.bytes };
}

/** The same with those that the module could not read either, in their order, each with its id where that is one. */
export function unreadableOf({ items, unreadable }, others) {
  return [...unreadable, ...others]
    .sort(([one], [other]) => one - other)
    .map(([index, reason]) => {
      const id = items[index]?.id;
      return typeof id === "string" ? { index, id, reason } : { index, reason };
    });
}

/** The items that are not among `unread`. */
export function readable({ items }, unread) {
  const skipped = new Set(unread.map(({ index }) => index));
  return items.filter((_, index) => !skipped.has(index));
}

function parsed(events) {
  try {
    if (typeof events === "string") return { json: JSON.parse(events), mended: false };
    if (!(events instanceof Uint8Array)) return { json: events, mended: false };
    const { text, mended } = decoded(events);
    return { json: JSON.parse(text), mended };
  } catch (error) {
    throw new CalendarError("invalid_input", `these are no events: ${error.message}`);
  }
}

/** Bytes that are not UTF-8 cost only the event they are in. */
function decoded(bytes) {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), mended: false };
  } catch {
    return { text: new TextDecoder().decode(bytes), mended: true };
  }
}

function listed(json) {
  if (Array.isArray(json)) return { items: json };
  const { items, events, ...page } = check("what should be events", json, "object");
  const list = items ?? events ?? undefined;
  if (list !== undefined) return { ...page, items: check("`items`", list, "list") };
  if (json.id !== undefined) return { items: [json] };
  if (json.kind !== undefined) return { ...page, items: [] };
  throw new CalendarError("invalid_input", "these are no events: they have neither `items` nor `id` nor `kind`");
}
