// The server's routes, typed. What it refuses is thrown as a `Refusal`, whose message is its own sentence.

const ROOT = "/api/integrations/calendar/";

export interface Account {
  accountId: string;
  scopes: string[];
  capabilities: { capability: Capability; isGranted: boolean; why: string; scope: string }[];
}

export type Capability = "read" | "write" | "settings";

export interface CalendarEntry {
  id: string;
  accountId: string;
  googleCalendarId: string;
  name: string;
  timeZone?: string | null;
  isPrimary: boolean;
  accessRole?: string | null;
  backgroundColor?: string | null;
  isSelected: boolean;
  isHidden: boolean;
}

export interface SyncStatus {
  syncStatus: "idle" | "syncing" | "error" | "paused";
  syncError?: string | null;
  eventCount: number;
  calendarCount: number;
  lastSyncAt?: string | null;
  lastFullSyncAt?: string | null;
  fullSyncProgress: number;
}

/** An event or an occurrence: Google's fields, under a name of the server's own. */
export interface CalendarEvent {
  id: string;
  accountId: string;
  calendarId: string;
  googleEventId: string;
  span?: TimeSpan;
  summary?: string;
  start?: EventTime;
  end?: EventTime;
  recurringEventId?: string;
  attendees?: { email?: string; self?: boolean }[];
  [field: string]: unknown;
}

/** A day, or a time, as Google writes it. */
export interface EventTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

export interface TimeSpan {
  start: string;
  end: string;
}

export interface Conflict {
  eventId: string;
  instanceId?: string | null;
  summary?: string | null;
  severity: "low" | "medium" | "high";
  start: EventTime;
  end: EventTime;
  span: TimeSpan;
  overlap?: TimeSpan | null;
  display: string;
}

export interface Approval {
  id: string;
  status: ApprovalStatus;
  actionType: "create" | "update" | "delete" | "respond";
  accountId: string;
  calendarId: string;
  eventId?: string | null;
  scope: Scope;
  /** What is asked, in Google's fields. */
  request: EventFields;
  eventSnapshot?: EventFields | null;
  sendUpdates: SendUpdates;
  reason?: string | null;
  preview: Preview;
  requestedAt: string;
  requestedBy: { user: string; agent?: string | null };
  expiresAt: string;
  notes?: string | null;
  errorMessage?: string | null;
  drift?: { canMerge: boolean } | null;
}

export interface EventFields {
  summary?: string;
  location?: string;
  start?: EventTime;
  end?: EventTime;
  [field: string]: unknown;
}

export type ApprovalStatus =
  | "pending"
  | "approved"
  | "executing"
  | "executed"
  | "failed"
  | "unknown"
  | "rejected"
  | "expired"
  | "stale";

export type Scope = "this" | "thisAndFollowing" | "all";
export type SendUpdates = "all" | "externalOnly" | "none";

export interface Preview {
  summary: string;
  calendar: string;
  timeZone: string;
  changes: { field: string; before?: string | null; after?: string | null }[];
  occurrences: string[];
  occurrenceCount: number;
  occurrencesTruncated: boolean;
  emails: { inside: string[]; outside: string[] };
  conflictsCaused: Conflict[];
  conflictsSolved: Conflict[];
  conflictsIncomplete: boolean;
}

export interface Decision {
  action: "approve" | "reject" | "editAndApprove" | "askAgain";
  notes?: string;
  changes?: EventFields;
}

export interface EventChange {
  start: EventTime;
  end: EventTime;
  scope: Scope;
  sendUpdates: SendUpdates;
}

export interface SearchHit {
  event: CalendarEvent;
}

/** What the server did not do, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    /** For programs, such as `scope_missing`. */
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

export const api = {
  accounts: () => get<{ accounts: Account[] }>("accounts").then(({ accounts }) => accounts),
  calendars: () => get<{ calendars: CalendarEntry[] }>("calendars").then(({ calendars }) => calendars),
  choose: (id: string, choice: { isSelected?: boolean; isHidden?: boolean }) =>
    call<CalendarEntry>("PATCH", `calendars/${encodeURIComponent(id)}`, choice),
  syncStatus: () => get<SyncStatus>("sync"),
  sync: (type: "full" | "incremental") => call<{ status: SyncStatus }>("POST", "sync", { type }),
  approvals: () => get<{ approvals: Approval[] }>("approvals").then(({ approvals }) => approvals),
  approval: (id: string) => get<Approval>(`approvals/${encodeURIComponent(id)}`),
  decide: (id: string, decision: Decision) =>
    call<Approval>("POST", `approvals/${encodeURIComponent(id)}`, decision),
  askToChange: (eventId: string, change: EventChange) =>
    call<Approval>("PATCH", `events/${encodeURIComponent(eventId)}`, change),
  disconnect: (accountId: string) => call<{ revoked: boolean }>("POST", "disconnect", { accountId }),
  search: (q: string) => get<{ hits: SearchHit[] }>(`search?${new URLSearchParams({ q, limit: "8" })}`),

  /** What takes place between two days, in calendars that are shown. */
  async events(startDate: string, endDate: string): Promise<CalendarEvent[]> {
    const events: CalendarEvent[] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const query = new URLSearchParams({ startDate, endDate, limit: "250", offset: String(offset) });
      const page: { events: CalendarEvent[]; nextOffset?: number | null } = await get(`events?${query}`);
      events.push(...page.events);
      offset = page.nextOffset ?? null;
    }
    return events;
  },

  /** Where a person is sent to let an account do something; of a new account where none is named. */
  connectAddress(capabilities: Capability[], accountId?: string): string {
    const account = accountId ? `&account=${encodeURIComponent(accountId)}` : "";
    return `${ROOT}connect?capability=${capabilities.join(",")}${account}`;
  },

  /** Where visitors sign in and out, where the server lets anybody: with a fake Google. */
  async demonstration(): Promise<{ signIn: string; signOut: string } | undefined> {
    const answer = await fetch("/dev").catch(() => undefined);
    return answer?.ok ? answer.json() : undefined;
  },

  /** The feed of changes, from where this browser last was. */
  changes: (since: string | null) => new EventSource(`${ROOT}changes${since ? `?since=${since}` : ""}`),
};

function get<T>(path: string): Promise<T> {
  return call("GET", path);
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const request: RequestInit = { method, headers: { accept: "application/json" } };
  if (body) {
    request.body = JSON.stringify(body);
    request.headers = { ...request.headers, "content-type": "application/json" };
  }
  const answer = await fetch(ROOT + path, request).catch(() => {
    throw new Refusal(0, "connection", "The server does not answer. What is shown may be old; it is tried again.");
  });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Refusal(answer.status, said.code ?? "internal", said.detail ?? `The server answers ${answer.status}.`);
}
