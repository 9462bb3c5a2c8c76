// Which colour a calendar has: Google's, or one of these where Google has none or gives it to another one too.

import type { CalendarEntry } from "./api.ts";

const COLORS = ["#4986e7", "#16a765", "#b99aff", "#fa573c", "#fbb03b", "#42d4c8", "#d06bae", "#8f9bab"];

export function colorOf(calendar: CalendarEntry, all: readonly CalendarEntry[]): string {
  const own = calendar.backgroundColor;
  const place = all.findIndex(({ id }) => id === calendar.id);
  const isFirst = all.findIndex(({ backgroundColor }) => backgroundColor === own) === place;
  // What is no colour is nobody's.
  if (own && isFirst && /^#[0-9a-f]{6}$/i.test(own)) return own;
  return COLORS[place % COLORS.length]!;
}
