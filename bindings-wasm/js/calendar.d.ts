/** A day, an instant, or a wall-clock time in a named zone, as Google writes it. */
export interface GoogleTime {
  /** A whole day: `2025-03-28`. An end is the first day that is no longer part of the event. */
  date?: string;
  /** RFC 3339 with an offset, or a wall-clock time without one where `timeZone` names its zone. */
  dateTime?: string;
  /** IANA name of a zone. */
  timeZone?: string;
}

/** A guest as Google has them, with whatever else it sends. */
export interface GoogleAttendee {
  email?: string;
  displayName?: string;
  self?: boolean;
  organizer?: boolean;
  optional?: boolean;
  resource?: boolean;
  responseStatus?: "needsAction" | "declined" | "tentative" | "accepted" | (string & {});
  [field: string]: unknown;
}

/** What of an event can be proposed: Google's fields; only start and end are needed. */
export interface EventDraft {
  summary?: string;
  location?: string;
  start?: GoogleTime;
  end?: GoogleTime;
  /** RRULE, EXRULE, RDATE and EXDATE lines of the master of a series. */
  recurrence?: readonly string[];
  status?: "confirmed" | "tentative" | "cancelled" | (string & {});
  transparency?: "opaque" | "transparent" | (string & {});
  eventType?: "default" | "outOfOffice" | "focusTime" | "workingLocation" | "birthday" | "fromGmail" | (string & {});
  attendees?: readonly GoogleAttendee[];
  [field: string]: unknown;
}

/** An event as Google has it. */
export interface GoogleEvent extends EventDraft {
  id: string;
  iCalUID?: string;
  recurringEventId?: string;
  originalStartTime?: GoogleTime;
  attendeesOmitted?: boolean;
  organizer?: { email?: string; displayName?: string; self?: boolean; [field: string]: unknown };
}

/** An answer of Google's `events.list`. */
export interface GoogleEventsPage {
  items?: readonly unknown[];
  timeZone?: string;
  nextPageToken?: string;
  nextSyncToken?: string;
  [field: string]: unknown;
}

/** An event that cannot be read. */
export interface UnreadableEvent {
  /** Its place in the list. */
  index: number;
  /** Its id, where one can be read. */
  id?: string;
  /** Why it cannot be read. */
  reason: string;
}

/** A page of events, read. */
export interface EventsPage {
  /** Those that can be read, in Google's order, with every field Google sent. */
  events: GoogleEvent[];
  /** Those that cannot: without an id, or with a time, an answer or another field that conflicts depend on unreadable. */
  quarantined: { id?: string; reason: string; raw: unknown }[];
  timeZone?: string;
  nextPageToken?: string;
  nextSyncToken?: string;
  [field: string]: unknown;
}

/** Events in any form one has them: Google's bytes or text, a page, a list, or one event. */
export type Events = Uint8Array | string | GoogleEventsPage | EventsPage | readonly unknown[] | GoogleEvent;

/** A stretch of time: instants, as `Date` or as RFC 3339 with an offset. */
export interface TimeRange {
  start: Date | string;
  end: Date | string;
}

/**
 * What is asked about: a stretch of time, an event to be, or an event (it has an `id`) as it would be after a change.
 * An event is not in its own way, nor are its instances and copies. A series is asked about at each of its occurrences
 * in the 90 days from its first one, or in the `horizon` of the options.
 */
export type Proposal = TimeRange | EventDraft | GoogleEvent;

/**
 * When a person works: of each weekday any number of stretches such as `"09:00-12:30"`, none on a free day. Over midnight
 * they are two: `"22:00-24:00"` of one day and `"00:00-06:00"` of the next.
 */
export type WorkingHours = {
  /** The zone whose clocks are meant. */
  timeZone: string;
} & { [day in "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"]?: readonly string[] };

/** What counts as a conflict, for whom. */
export interface ConflictOptions {
  /** The zone of the calendar that the proposal is for: whose days its days are. Default: UTC. */
  timeZone?: string;
  /** The zone in which conflicts are shown to people. Default: `timeZone`. */
  displayTimeZone?: string;
  /** Events that are left out, with their instances. */
  excludeEventId?: string | readonly string[];
  /** Time to keep free before what is proposed. Default: 0. */
  bufferBeforeMinutes?: number;
  /** Time to keep free after what is proposed. Default: 0. */
  bufferAfterMinutes?: number;
  /** Time to get from one place to another. Default: 0. */
  travelMinutes?: number;
  /** Whether events that last all day are left out, unless they are out of office. Default: false. */
  ignoreAllDay?: boolean;
  /** Whether tentative events, and those answered maybe, are left out. Default: false. */
  ignoreTentative?: boolean;
  /** Whether invitations that are not answered are left out. Default: false. */
  ignoreUnanswered?: boolean;
  /** When the person works: what is proposed outside is told in `outsideHours`. Default: at all times. */
  workingHours?: WorkingHours;
  /** Of a series that is proposed: the time in which its occurrences are asked about. Default: 90 days. */
  horizon?: TimeRange;
}

export type Severity = "low" | "medium" | "high";

export type ConflictReason =
  | "overlap"
  | "too_close"
  | "travel"
  | "accepted"
  | "tentative"
  | "not_answered"
  | "out_of_office"
  | "focus_time"
  | "all_day"
  | "organizer"
  | "has_guests"
  /** It looks like what is proposed: near-same title and time. */
  | "duplicate";

/**
 * What is in the way, and how much was looked at to find it. What is unknown is not free: where `truncated`, or where
 * something is `unreadable`, there may be more.
 */
export interface Conflicts extends Array<Conflict> {
  /** The time in which events were looked for. */
  readonly lookedAt: Span;
  /**
   * Whether some recurring event takes place there more often than it was followed, or what is proposed goes on after
   * the horizon, or 500 occurrences, that were looked at.
   */
  readonly truncated: boolean;
  /** Ids of recurring events whose rules cannot be read: of those only the first occurrence was looked at. */
  readonly unreadable: readonly string[];
  /** Times proposed that are not all in the `workingHours`; as bad as a low conflict. */
  readonly outsideHours: readonly Span[];
}

/** A stretch of time as RFC 3339, in UTC. */
export interface Span {
  start: string;
  end: string;
}

/** The meeting of a conflict as it is seen elsewhere. */
export interface Duplicate {
  eventId: string;
  calendarId?: string;
  accountId?: string;
  /** It has the same iCalUID and time, or is in another calendar with a near-same title and time. */
  reason: "same_event" | "looks_same";
}

/** An event in the way. */
export interface Conflict {
  /** Its Google id; of an occurrence of a series, its master's. */
  eventId: string;
  /** The Google id of the occurrence, where the event is the master of a series. */
  instanceId?: string;
  /** When its series has it, for an occurrence and for an exception that stands in for one. */
  originalStart?: GoogleTime;
  /** The calendar it is in, where it was named. */
  calendarId?: string;
  /** The account it is seen through, where it was named. */
  accountId?: string;
  iCalUID?: string;
  /** Its title; hostile text. */
  summary?: string;
  start: GoogleTime;
  end: GoogleTime;
  /** The time it takes, in UTC. */
  span: Span;
  /** The time proposed that it is in the way of, in UTC: of a series, one of its occurrences. */
  proposed: Span;
  /** The time they share; none where they are only too close. */
  overlap?: Span;
  /** How many others are invited. */
  guests: number;
  severity: Severity;
  reasons: ConflictReason[];
  /** The same meeting as it is seen elsewhere: all of it is one conflict. */
  duplicates: Duplicate[];
  /** All of it in one line, safe to show; written when it is read. */
  readonly display: string;
}

/** Which calendar events are of; needed where there are several. */
export interface CalendarName {
  calendarId?: string;
  accountId?: string;
}

export type CalendarErrorCode =
  | "invalid_input"
  /** The module failed and must be loaded anew. */
  | "internal"
  /** The others come from `theo-calendar/client`: what Google said, in the words of the core. */
  | "unauthorized"
  | "grant_revoked"
  | "scope_missing"
  | "forbidden"
  | "not_found"
  | "already_exists"
  | "deleted"
  | "sync_token_expired"
  | "precondition_failed"
  | "rate_limited"
  | "quota_exceeded"
  | "invalid_request"
  | "unavailable"
  | "timeout"
  | "connection"
  | "malformed_response"
  | "not_permitted";

/** What every function of this package throws. */
export class CalendarError extends Error {
  readonly name: "CalendarError";
  readonly code: CalendarErrorCode;
  /** The seconds that Google asks to wait, where it says. */
  readonly retryAfter?: number;
  constructor(code: CalendarErrorCode, message: string, retryAfter?: number);
}

/**
 * Reads a page of `events.list`. An event that cannot be read is quarantined; the others are unharmed.
 *
 * @throws {CalendarError} `invalid_input` where it is no page, or was cut short.
 */
export function parseEventsPage(page: Uint8Array | string | GoogleEventsPage): EventsPage;

/** An event at one time it takes place: once, or one of many. */
export interface Occurrence {
  /** Its id at Google: the event's own, or of an occurrence its master's and its original start. */
  id: string;
  /** The id of the event itself; of an occurrence its master's, or that of the exception that stands in for it. */
  eventId: string;
  /** When it starts, in UTC. */
  start: string;
  /** When it ends, in UTC. */
  end: string;
  /** Whether it is of days: midnights of the calendar's zone. */
  allDay: boolean;
}

/** When events take place. */
export interface Expansion {
  /** By start and end. */
  occurrences: Occurrence[];
  /** Whether some series has more in the window than are here. */
  truncated: boolean;
  /** Events that cannot be read, and series of which only the first occurrence is here; each with why. */
  unreadable: { id?: string; reason: string }[];
}

/**
 * When `events`, all of one calendar, take place between `start` and `end`: series become occurrences, exceptions stand
 * in for theirs, cancelled ones are gone. Days are those of `timeZone`: the page's where it is not given, else UTC.
 *
 * @throws {CalendarError} `invalid_input` where these are no events, a zone is unknown, or the end is not after the start.
 */
export function expand(
  events: Events,
  start: Date | string,
  end: Date | string,
  options?: { timeZone?: string },
): Expansion;

/**
 * What among `events`, all of one calendar, stands in the way of `proposal`: by start, the worst first.
 *
 * Looks at every event; for many questions use {@link ConflictChecker}, which answers the same.
 *
 * @throws {CalendarError} `invalid_input` where events or proposal cannot be read, a zone is unknown, or the proposal
 * ends no later than it starts.
 */
export function detectConflicts(events: Events, proposal: Proposal, options?: ConflictOptions): Conflicts;

/** Events of any number of calendars and accounts, kept ready: a question takes microseconds, as a drag needs it. */
export class ConflictChecker {
  /**
   * With `events`, the same as {@link ConflictChecker.add} after it.
   *
   * @throws {CalendarError} as {@link ConflictChecker.add}.
   */
  constructor(events?: Events, calendar?: CalendarName & { timeZone?: string });
  /**
   * Adds events of one calendar, each in the place of the one with its id, and gives those that cannot be read. Days
   * are those of `timeZone`: the calendar's, else the page's, else UTC.
   *
   * @throws {CalendarError} `invalid_input` where these are no events, or the zone is unknown.
   */
  add(events: Events, calendar?: CalendarName & { timeZone?: string }): UnreadableEvent[];
  /** Takes out an event; says whether there was one. */
  remove(eventId: string, calendar?: CalendarName): boolean;
  /** Takes out every event of a calendar. */
  removeCalendar(calendar?: CalendarName): void;
  /** How many events it keeps: those that may be in the way of something. */
  readonly size: number;
  /**
   * What stands in the way of `proposal`: by start, the worst first.
   *
   * @throws {CalendarError} as {@link detectConflicts}.
   */
  check(proposal: Proposal, options?: ConflictOptions): Conflicts;
  /** Gives its memory back; it cannot be used afterwards. */
  free(): void;
}

/** Whether one of `conflicts` cannot be kept together with what is proposed. */
export function hasHighSeverityConflicts(conflicts: readonly Conflict[]): boolean;

/**
 * `conflict` in one line, in the local time of `displayTimeZone`; hostile titles can neither break the line nor end
 * their quotes: `High: overlaps “Standup” Mon 2025-03-03 09:00–09:30 (Europe/Berlin): you accepted, 3 guests`.
 */
export function formatConflictForDisplay(conflict: Conflict): string;

/** The scopes of an OAuth answer's `scope`: separated by spaces or commas. */
export function parseScopes(scope: string): string[];

/** Whether `scopes` let all calendars be mirrored: their list and their events. */
export function hasCalendarReadAccess(scopes: readonly string[]): boolean;

/** Whether `scopes` let events be changed on all calendars the person may change. */
export function hasCalendarWriteAccess(scopes: readonly string[]): boolean;

/** What a grant is good for, and what to ask the person for next. */
export function getCalendarScopeStatus(scopes: readonly string[]): {
  hasRead: boolean;
  hasWrite: boolean;
  hasSettings: boolean;
  missingScopes: string[];
};
