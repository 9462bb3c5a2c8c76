import type { Conflict, EventDraft, GoogleEvent } from "../calendar.js";

export {
  CalendarError,
  getCalendarScopeStatus,
  hasCalendarReadAccess,
  hasCalendarWriteAccess,
  parseScopes,
} from "../calendar.js";
export type {
  CalendarErrorCode,
  ConflictReason,
  Duplicate,
  EventDraft,
  GoogleAttendee,
  GoogleEvent,
  GoogleTime,
  Severity,
} from "../calendar.js";

export interface ClientOptions {
  /** The account's address: whose calendars these are. */
  accountId: string;
  /**
   * Gives an access token; `renew` says that Google refused the last one. With the scopes of its grant, where they are
   * known: then what they do not allow is refused before it is sent.
   */
  accessToken(asked: { renew: boolean }): Promise<AccessToken> | AccessToken;
  /** Google's root, or that of a stand-in. Tokens go to it over https, and without it only to this machine. */
  baseUrl?: string;
  /** How long a request may take. Default: 30. */
  timeoutSeconds?: number;
  /** How often what is safe to repeat is tried again. Default: 3. */
  maxRetries?: number;
}

export type AccessToken = string | { token: string; scopes?: readonly string[] };

/** Which changes are asked for: with `sync` all there is, with `syncToken` what changed since it was given. */
export interface Since {
  sync?: boolean;
  syncToken?: string;
}

/** The next page of the same query, which must be the same. */
export interface Paged {
  pageToken?: string;
  maxResults?: number;
}

export interface CalendarsQuery extends Since, Paged {
  showDeleted?: boolean;
  showHidden?: boolean;
}

/** A view where neither `sync` nor `syncToken` is given; with those, Google takes none of the filters. */
export interface EventsQuery extends Since, Paged {
  /** RFC 3339 with an offset. */
  timeMin?: string;
  timeMax?: string;
  updatedMin?: string;
  q?: string;
  singleEvents?: boolean;
  orderBy?: "startTime" | "updated";
  showDeleted?: boolean;
  timeZone?: string;
}

/** A calendar of the account's list, as Google has it. */
export interface CalendarListEntry {
  id: string;
  summary?: string;
  timeZone?: string;
  accessRole?: string;
  primary?: boolean;
  [field: string]: unknown;
}

export interface CalendarsPage {
  calendars: CalendarListEntry[];
  nextPageToken: string | null;
  /** With the last page of a listing that asked for changes. */
  nextSyncToken: string | null;
}

export interface ListedEvents {
  /** Every field as Google sent it. */
  events: GoogleEvent[];
  /** Events that cannot be read: the others are unharmed. */
  quarantined: { id: string | null; reason: string; raw: unknown }[];
  timeZone: string | null;
  nextPageToken: string | null;
  nextSyncToken: string | null;
}

/** Who is emailed about a change. Default: nobody. */
export type SendUpdates = "all" | "externalOnly" | "none";

/** What is to change in an event. */
export interface EventChanges {
  /** Fields that get a new value; guests are merged by address with those there are, so that nobody's answer is lost. */
  set?: EventDraft;
  /** Google's names of fields to clear, such as `location`. */
  clear?: readonly string[];
  /** Addresses of guests to take off. */
  removeAttendees?: readonly string[];
}

/**
 * How much of a series is changed: the occurrence that the id names, it and all that come after it, or the whole series,
 * whichever of its occurrences the id names. A one-off is `all`.
 */
export type RecurrenceScope = "this" | "thisAndFollowing" | "all";

/** A change that a person is to approve. */
export type ActionRequest = {
  calendarId: string;
  /** Who is emailed about it. Default: nobody. */
  sendUpdates?: SendUpdates;
  /** Why, in words for the person; it changes nothing of a preview. */
  reason?: string;
} & (
  | { action: "create"; draft: EventDraft }
  /** Times are those of the occurrence that `eventId` names; of a series' own id, those of its first. */
  | ({ action: "update"; eventId: string; scope?: RecurrenceScope } & EventChanges)
  | { action: "delete"; eventId: string; scope?: RecurrenceScope }
  | {
      action: "respond";
      eventId: string;
      response: "accepted" | "declined" | "tentative" | "needsAction";
      /** Words with it. */
      comment?: string;
      scope?: RecurrenceScope;
    }
);

/**
 * An event of the same calendar in the way. An occurrence of a series comes by its own id, as Google lists it.
 */
export type PreviewedConflict = Omit<Conflict, "calendarId" | "accountId" | "instanceId" | "duplicates" | "display">;

/** What a change would do, in words and in parts: what a person is shown before they approve it. */
export interface Preview {
  /** One sentence; titles in it are hostile text, on one line. */
  summary: string;
  /** The calendar's title. */
  calendar: string;
  /** The zone its times are shown in. */
  timeZone: string;
  /** Field by field, by Google's names, as a person reads it: times in local time with the weekday. */
  changes: { field: string; before?: string; after?: string }[];
  /**
   * When what it touches takes place, in local time with the weekday: of a series the first few occurrences, those moved
   * by themselves where they are now, without those cancelled. One line for a one-off.
   */
  occurrences: string[];
  /** How many occurrences it touches; at least so many where they are truncated. */
  occurrenceCount: number;
  /** Whether there are more than were counted. */
  occurrencesTruncated: boolean;
  /** Who gets an email: guests of the person's own domain, and others. */
  emails: { inside: string[]; outside: string[] };
  /** Conflicts in this calendar that are there only after it. */
  conflictsCaused: PreviewedConflict[];
  /** Conflicts in this calendar that are there only before it. */
  conflictsSolved: PreviewedConflict[];
  /**
   * Whether there may be more conflicts than these: some event cannot be read, or the changed series goes on after the
   * ninety days that were looked at.
   */
  conflictsIncomplete?: true;
}

/**
 * Google Calendar for one account, over the page's own fetch: within Google's limits, tried again where that is safe,
 * with a token renewed once where Google refuses it.
 *
 * Every method rejects with a {@link CalendarError}; its `code` is the core's kind of the error (`not_found`,
 * `precondition_failed`, `sync_token_expired`, `scope_missing`, …), `retryAfter` the seconds Google asks to wait.
 */
export class CalendarClient {
  /** @throws {CalendarError} `invalid_input` where an option is wrong, or `baseUrl` is nothing a token may be sent to. */
  constructor(options: ClientOptions);
  listCalendars(query?: CalendarsQuery): Promise<CalendarsPage>;
  listEvents(calendarId: string, query?: EventsQuery): Promise<ListedEvents>;
  getEvent(calendarId: string, eventId: string): Promise<GoogleEvent>;
  /** Makes an event; with an `id` of one's own (Google takes `a` to `v` and digits), twice is the same as once. */
  insertEvent(
    calendarId: string,
    draft: EventDraft,
    options?: { id?: string; sendUpdates?: SendUpdates },
  ): Promise<GoogleEvent>;
  /** Changes `event`, which is as it was read: rejects with `precondition_failed` where somebody changed it since. */
  patchEvent(
    calendarId: string,
    event: GoogleEvent,
    changes: EventChanges,
    options?: { sendUpdates?: SendUpdates },
  ): Promise<GoogleEvent>;
  /** Deletes an event; with its `etag`, only where nobody changed it since. */
  deleteEvent(
    calendarId: string,
    eventId: string,
    options?: { etag?: string; sendUpdates?: SendUpdates },
  ): Promise<void>;
  /** When each of `calendarIds` is busy between two instants. What is not told is unknown, not free. */
  freeBusy(calendarIds: readonly string[], start: Date | string, end: Date | string): Promise<FreeBusy>;
  /**
   * What a person would be shown of `request`: what approvals of the Rust crate freeze, from what Google says now.
   * Nothing is asked for and nothing is changed; what could not be done is refused here.
   */
  preview(request: ActionRequest): Promise<Preview>;
  /** Gives its memory back; it cannot be used afterwards. */
  free(): void;
}

/** An answer of Google's `freeBusy.query`. */
export interface FreeBusy {
  timeMin?: string;
  timeMax?: string;
  calendars?: Record<string, { busy?: { start: string; end: string }[]; errors?: { domain?: string; reason?: string }[] }>;
  [field: string]: unknown;
}
