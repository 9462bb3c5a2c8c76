// The events of a week: read, laid out, moved and checked. Everything that decides is the WASM module's.

import { Temporal } from "temporal-polyfill";
import {
  ConflictChecker,
  expand,
  parseEventsPage,
  type Conflicts,
  type GoogleEvent,
  type GoogleEventsPage,
  type GoogleTime,
  type Severity,
} from "theo-calendar";

/** When an event is: as Google writes it. */
export interface Span {
  start: GoogleTime;
  end: GoogleTime;
}

/** An event where it stands in the week; `kind` is what it looks like. */
export interface Shown {
  id: string;
  span: Span;
  title: string;
  kind: Kind;
  event: GoogleEvent;
}

export type Kind = "firm" | "maybe" | "focus" | "away" | "free";

export class Week {
  readonly timeZone: string;
  readonly firstDay: string;
  readonly days: number;
  /** Events that cannot be read, with why: what is unknown is not free. */
  readonly unreadable: string[];
  #events = new Map<string, GoogleEvent>();
  #untouched = new Map<string, GoogleEvent | undefined>();
  /** Where occurrences stand that were shown. */
  #spans = new Map<string, Span>();
  #checker = new ConflictChecker();

  /**
   * `page` is a whole answer of Google's `events.list`; the week shown is that of its first event, or of `day`; where it
   * is of fewer days, those from `day` on.
   */
  constructor(page: GoogleEventsPage, day?: string, days = 7) {
    const { events, quarantined, timeZone = "UTC" } = parseEventsPage(page);
    this.timeZone = timeZone;
    this.unreadable = quarantined.map(({ id, reason }) => `${id ?? "An event"}: ${reason}`);
    for (const event of events) this.#put(event);
    const first = day ?? events[0]?.start?.dateTime ?? events[0]?.start?.date ?? Temporal.Now.plainDateISO().toString();
    const date = Temporal.PlainDate.from(first.slice(0, 10));
    this.firstDay = date.subtract({ days: days < 7 ? 0 : date.dayOfWeek - 1 }).toString();
    this.days = days;
  }

  get size(): number {
    return this.#checker.size;
  }

  /** The events of its days: series as their occurrences. */
  shown(): Shown[] {
    const first = Temporal.PlainDate.from(this.firstDay);
    const midnight = (days: number) =>
      new Date(first.add({ days }).toZonedDateTime(this.timeZone).epochMilliseconds);
    const events = [...this.#events.values()];
    this.#spans.clear();
    return expand(events, midnight(0), midnight(this.days), { timeZone: this.timeZone }).occurrences.flatMap((one) => {
      const event = this.#events.get(one.eventId);
      const span = { start: this.#time(one.start, one.allDay), end: this.#time(one.end, one.allDay) };
      this.#spans.set(one.id, span);
      return event ? [{ id: one.id, span, title: event.summary ?? "(no title)", kind: kindOf(event), event }] : [];
    });
  }

  /** The event, or the occurrence of a series that was shown, called `id`. */
  event(id: string): GoogleEvent | undefined {
    const span = this.#spans.get(id);
    return this.#events.get(id) ?? (span && this.moved(id, span));
  }

  /** The event, or the occurrence of a series, called `id` as it would be at `span`. */
  moved(id: string, span: Span): GoogleEvent | undefined {
    const event = this.#events.get(id);
    if (event) return { ...event, ...span };
    const [master, original] = occurrence(id);
    const series = master && this.#events.get(master);
    if (!series) return undefined;
    // An exception stands in for the occurrence.
    const { recurrence: _, ...fields } = series;
    const originalStartTime = original.length > 8
      ? { dateTime: Temporal.Instant.from(original).toString() }
      : { date: Temporal.PlainDate.from(original).toString() };
    return { ...fields, ...span, id, recurringEventId: series.id, originalStartTime };
  }

  /** What stands in the way of `event`. */
  check(event: GoogleEvent, buffer: number): Conflicts {
    return this.#checker.check(event, {
      timeZone: this.timeZone,
      bufferBeforeMinutes: buffer,
      bufferAfterMinutes: buffer,
    });
  }

  keep(event: GoogleEvent): void {
    if (!this.#untouched.has(event.id)) this.#untouched.set(event.id, this.#events.get(event.id));
    this.#put(event);
  }

  isTouched(id: string): boolean {
    return this.#untouched.has(id);
  }

  putBack(id: string): void {
    const before = this.#untouched.get(id);
    this.#untouched.delete(id);
    if (before) return this.#put(before);
    this.#events.delete(id);
    this.#checker.remove(id);
  }

  #time(instant: string, isDay: boolean): GoogleTime {
    if (!isDay) return { dateTime: instant, timeZone: this.timeZone };
    return { date: Temporal.Instant.from(instant).toZonedDateTimeISO(this.timeZone).toPlainDate().toString() };
  }

  #put(event: GoogleEvent): void {
    this.#events.set(event.id, event);
    this.#checker.add([event], { timeZone: this.timeZone });
  }
}

/** The master and the original start in the id that Google gives an occurrence: `standup_20260608T073000Z`. */
function occurrence(id: string): [string | undefined, string] {
  const at = id.lastIndexOf("_");
  return [at < 0 ? undefined : id.slice(0, at), id.slice(at + 1)];
}

function kindOf(event: GoogleEvent): Kind {
  const answer = event.attendees?.find((guest) => guest.self)?.responseStatus;
  const isFree = ["workingLocation", "birthday"].includes(event.eventType ?? "");
  if (event.transparency === "transparent" || answer === "declined" || isFree) return "free";
  if (event.eventType === "outOfOffice") return "away";
  if (event.eventType === "focusTime") return "focus";
  return event.status === "tentative" || answer === "tentative" || answer === "needsAction" ? "maybe" : "firm";
}

const WORST_FIRST: readonly Severity[] = ["high", "medium", "low"];

export function worstOf(conflicts: Conflicts | undefined): Severity | undefined {
  return WORST_FIRST.find((severity) => conflicts?.some((one) => one.severity === severity));
}

/** For people: the worst first. */
export function worstFirst<T extends { severity: Severity }>(conflicts: readonly T[]): T[] {
  return WORST_FIRST.flatMap((severity) => conflicts.filter((one) => one.severity === severity));
}

/** `span` later by so much on the clock of `timeZone`, or longer. A day event moves by days alone. */
export function shifted(span: Span, by: { minutes?: number; days?: number; longer?: number }, timeZone: string): Span {
  const { minutes = 0, days = 0, longer = 0 } = by;
  const shift = (time: GoogleTime, more: number): GoogleTime => {
    if (time.date) return { date: Temporal.PlainDate.from(time.date).add({ days }).toString() };
    const zoned = zonedTime(time, timeZone).add({ days, minutes: minutes + more });
    return { dateTime: zoned.toString({ timeZoneName: "never" }), timeZone };
  };
  const moved = { start: shift(span.start, 0), end: shift(span.end, longer) };
  const isEmpty = moved.end.dateTime && moved.start.dateTime && !(moved.start.dateTime < moved.end.dateTime);
  return isEmpty ? span : moved;
}

/** In words: `Thu, Jun 11, 12:15 – 13:45`. */
export function inWords(span: Span, timeZone: string): string {
  const isDay = span.start.date !== undefined;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isDay ? {} : { hour: "2-digit", minute: "2-digit" }),
  });
  const [start, end] = [zonedTime(span.start, timeZone), zonedTime(span.end, timeZone)];
  // The end of a day event is the first day after it.
  const last = isDay ? end.subtract({ minutes: 1 }) : end;
  return format.formatRange(start.epochMilliseconds, last.epochMilliseconds);
}

export function zonedTime(time: GoogleTime, timeZone: string): Temporal.ZonedDateTime {
  if (time.date) return Temporal.PlainDate.from(time.date).toZonedDateTime(timeZone);
  const text = time.dateTime ?? "";
  return /(Z|[+-]\d\d:?\d\d)$/i.test(text)
    ? Temporal.Instant.from(text).toZonedDateTimeISO(timeZone)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(time.timeZone ?? timeZone);
}

/** The hours in which `shown` take place on the clock of `timeZone`, and those of a working day in any case. */
export function hoursOf(shown: readonly Shown[], timeZone: string): { from: string; to: string } {
  let [from, to] = [8, 18];
  for (const { span } of shown) {
    if (span.start.date) continue;
    const [start, end] = [zonedTime(span.start, timeZone), zonedTime(span.end, timeZone)];
    from = Math.min(from, start.hour);
    const isOver = !start.toPlainDate().equals(end.toPlainDate());
    to = Math.max(to, isOver ? 24 : end.minute > 0 ? end.hour + 1 : end.hour);
    if (isOver && end.hour + end.minute > 0) from = 0;
  }
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  return { from: clock(from), to: clock(to) };
}
