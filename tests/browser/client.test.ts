// theo-calendar/client in a real Chromium, against a Google of another origin.

import type { Server } from "node:http";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type * as Calendar from "theo-calendar/client";
import { launch, serve } from "./chromium.ts";
import { fakeGoogle, type FakeGoogle } from "./fake_google.ts";

const ADA = "ada@example.com";
const HOLIDAYS = "holidays@group.calendar.google.com";
const TEAM = "team@group.calendar.google.com";

const at = (time: string) => ({ dateTime: `2030-05-06T${time}:00+02:00`, timeZone: "Europe/Zurich" });
const seed = {
  people: [
    {
      email: ADA,
      timeZone: "Europe/Zurich",
      accessToken: "good",
      scopes: ["calendar"],
      calendars: [
        {
          id: ADA,
          summary: "Ada",
          timeZone: "Europe/Zurich",
          events: [
            { id: "review", summary: "Review", start: at("10:00"), end: at("11:00"), attendees: [{ email: "bob@example.org" }] },
            { id: "lunch", summary: "Lunch", start: at("12:00"), end: at("13:00") },
            {
              id: "dinner",
              summary: "Dinner",
              start: at("19:00"),
              end: at("21:00"),
              organizer: { email: "eve@example.com" },
              attendees: [{ email: "eve@example.com", responseStatus: "accepted" }, { email: ADA, responseStatus: "needsAction" }],
            },
            {
              id: "standup",
              summary: "Standup",
              start: { dateTime: "2030-05-01T12:00:00", timeZone: "Europe/Zurich" },
              end: { dateTime: "2030-05-01T12:30:00", timeZone: "Europe/Zurich" },
              recurrence: ["RRULE:FREQ=DAILY"],
            },
          ],
        },
        { id: TEAM, summary: "Team", timeZone: "Asia/Tokyo", events: [] },
        {
          id: HOLIDAYS,
          summary: "Holidays",
          accessRole: "reader",
          events: [{ id: "may", summary: "May Day", start: { date: "2030-05-01" }, end: { date: "2030-05-02" } }],
        },
      ],
    },
  ],
};

let google: FakeGoogle;
let browser: Browser;
let server: Server;
let page: Page;

beforeAll(async () => {
  const served = await serve({});
  server = served.server;
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${served.url}/client.html`);
  await page.locator("body[data-ready]").waitFor({ state: "attached" });
}, 60_000);

beforeEach(async () => {
  google?.stop();
  google = await fakeGoogle(seed);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  google?.stop();
});

/** Runs `work` in the page, with its client and what it is given. */
function inPage<T, G = undefined>(
  work: (client: Calendar.CalendarClient, given: G, made: (options: object) => Calendar.CalendarClient) => Promise<T>,
  given?: G,
): Promise<T> {
  const call = async ([work, url, given]: [string, string, unknown]) => {
    const { CalendarClient } = (window as unknown as { calendar: typeof Calendar }).calendar;
    const made = (options: object) =>
      new CalendarClient({ accountId: "ada@example.com", accessToken: async () => "good", baseUrl: url, ...options });
    return (0, eval)(`(${work})`)(made({}), given, made);
  };
  return page.evaluate(call, [String(work), google.url, given] as [string, string, unknown]) as Promise<T>;
}

test("calendars and events come page by page, and then what changed", async () => {
  const first = await inPage(async (client) => {
    const calendars = await client.listCalendars();
    const events: Calendar.GoogleEvent[] = [];
    let pageToken: string | null = null;
    let pages = 0;
    let found;
    do {
      const query: Calendar.EventsQuery = { sync: true, maxResults: 1, ...(pageToken ? { pageToken } : {}) };
      found = await client.listEvents("ada@example.com", query);
      events.push(...found.events);
      pageToken = found.nextPageToken;
      pages += 1;
    } while (pageToken);
    return { calendars, events, pages, syncToken: found.nextSyncToken };
  });
  expect(first.calendars.calendars.map(({ id }) => id).sort()).toEqual([ADA, HOLIDAYS, TEAM].sort());
  expect(first.events.map(({ id }) => id).sort()).toEqual(["dinner", "lunch", "review", "standup"]);
  expect(first.pages).toBeGreaterThan(1);

  await google.control("patch-event", { calendar: ADA, id: "review", patch: { summary: "Review, moved" } });
  const delta = await inPage(
    (client, syncToken) => client.listEvents("ada@example.com", { syncToken, maxResults: 1 }),
    first.syncToken!,
  );
  expect(delta.events.map(({ id, summary }) => [id, summary])).toEqual([["review", "Review, moved"]]);

  await google.control("expire-sync-tokens", { calendar: ADA });
  const code = await inPage(
    (client, syncToken) => client.listEvents("ada@example.com", { syncToken, maxResults: 1 }).catch(({ code }) => code),
    first.syncToken!,
  );
  expect(code).toBe("sync_token_expired");
});

test("an event is made, changed, kept from being overwritten, and deleted", async () => {
  const made = await inPage((client) =>
    client.insertEvent("ada@example.com", {
      summary: "Lunch",
      start: { dateTime: "2030-05-06T12:00:00Z" },
      end: { dateTime: "2030-05-06T13:00:00Z" },
      somethingNew: { kept: [1.5] },
    }),
  );
  expect(made).toMatchObject({ summary: "Lunch", status: "confirmed", etag: expect.stringContaining('"') });

  const changed = await inPage(
    (client, event) => client.patchEvent("ada@example.com", event, { set: { location: "Room 4" }, clear: ["summary"] }),
    made,
  );
  expect([changed.location, changed.summary]).toEqual(["Room 4", undefined]);

  const refused = await inPage(
    (client, event) =>
      client.patchEvent("ada@example.com", event, { set: { location: "Room 5" } }).catch(({ name, code, message }) => ({ name, code, message })),
    made,
  );
  expect(refused).toMatchObject({ name: "CalendarError", code: "precondition_failed", message: expect.stringContaining("events.patch: ") });

  const after = await inPage(async (client, { id, etag }) => {
    await client.deleteEvent("ada@example.com", id, { etag: String(etag), sendUpdates: "none" });
    return (await client.getEvent("ada@example.com", id)).status;
  }, changed);
  expect(after).toBe("cancelled");
});

test("busy times are told for each calendar", async () => {
  const found = await inPage((client) =>
    client.freeBusy(["ada@example.com", "nobody@example.com"], new Date("2030-05-06T07:00:00Z"), "2030-05-06T12:00:00+00:00"),
  );
  expect(found.calendars?.[ADA]?.busy?.map(({ start }) => Date.parse(start))).toEqual([
    Date.parse("2030-05-06T08:00:00Z"),
    Date.parse("2030-05-06T10:00:00Z"),
  ]);
  expect(found.calendars?.["nobody@example.com"]?.errors?.[0]?.reason).toBe("notFound");
});

test("a token is renewed once where Google refuses it, and failures are told by their code", async () => {
  const told = await inPage(async (client, _, made) => {
    const asked: boolean[] = [];
    const renewing = made({
      accessToken: async ({ renew }: { renew: boolean }) => {
        asked.push(renew);
        return renew ? { token: "good", scopes: ["https://www.googleapis.com/auth/calendar"] } : "old";
      },
    });
    const title = (await renewing.getEvent("ada@example.com", "review")).summary;
    const code = (work: Promise<unknown>) => work.then(() => "none", (error) => `${error.code}: ${error.message}`);
    const scopes = ["https://www.googleapis.com/auth/calendar.readonly"];
    const fail = () => Promise.reject(new Error("signed out"));
    const root = (baseUrl: string) => {
      try {
        return String(made({ baseUrl }));
      } catch (error) {
        return `${(error as Calendar.CalendarError).code}: ${(error as Error).message}`;
      }
    };
    return {
      asked,
      title,
      missing: await code(client.getEvent("ada@example.com", "nothing")),
      scope: await code(made({ accessToken: async () => ({ token: "good", scopes }) }).deleteEvent("ada@example.com", "review")),
      signedOut: await code(made({ accessToken: fail }).getEvent("ada@example.com", "review")),
      away: await code(made({ baseUrl: "http://127.0.0.1:9", maxRetries: 0 }).getEvent("ada@example.com", "review")),
      query: await code(client.listEvents("ada@example.com", { from: "now" } as never)),
      insecure: root("http://example.com"),
    };
  });
  expect(told.asked).toEqual([false, true]);
  expect(told.title).toBe("Review");
  expect(told.missing).toContain("not_found: events.get");
  expect(told.scope).toContain("scope_missing: ");
  expect(told.signedOut).toContain("unauthorized: ");
  expect(told.signedOut).toContain("signed out");
  expect(told.away).toContain("connection: ");
  expect(told.query).toContain("invalid_input: there is no option `from`");
  expect(told.insecure).toContain("invalid_input: tokens cannot be sent to");
  const deletes = (await google.ask("requests")).filter((one: { method: string }) => one.method === "DELETE");
  expect(deletes).toEqual([]);
});

test("what fails and passes is tried again, what is slow is given up", async () => {
  await google.control("faults", { operation: "events.get", kind: "status", status: 503, reason: "backendError", times: 1 });
  await google.control("faults", { operation: "events.get", kind: "dropAfter", times: 1, skip: 1 });
  expect(await inPage(async (client) => (await client.getEvent("ada@example.com", "review")).summary)).toBe("Review");
  expect((await google.ask("counters")).requests["events.get"]).toBe(3);

  await google.control("faults", { operation: "events.get", kind: "delay", millis: 20_000 });
  const slow = await inPage(async (_client, _, made) => {
    const begin = performance.now();
    const code = await made({ timeoutSeconds: 1, maxRetries: 0 }).getEvent("ada@example.com", "review").catch(({ code }) => code);
    return [code, performance.now() - begin < 10_000];
  });
  expect(slow).toEqual(["timeout", true]);
}, 30_000);

const time = (time: string) => ({ dateTime: `${time}:00`, timeZone: "Europe/Zurich" });
const calendarId = ADA;
const shown = (request: Calendar.ActionRequest) => inPage((client, request) => client.preview(request), request);
const refused = (request: object) =>
  inPage(
    (client, request) => client.preview(request as never).then(String, ({ code, message }) => `${code}: ${message}`),
    request,
  );

test("a move shows its times, its mails and what it runs into, and changes nothing", async () => {
  const set = { start: time("2030-05-06T12:00"), end: time("2030-05-06T13:00") };
  const move = { action: "update", calendarId, eventId: "review", set, sendUpdates: "all", reason: "a clash" } as const;
  const moved = await shown(move);
  expect(moved).toMatchObject({
    calendar: "Ada",
    timeZone: "Europe/Zurich",
    changes: [
      { field: "start", before: "Mon 2030-05-06 10:00", after: "Mon 2030-05-06 12:00" },
      { field: "end", before: "Mon 2030-05-06 11:00", after: "Mon 2030-05-06 13:00" },
    ],
    occurrences: ["Mon 2030-05-06 10:00–11:00 (Europe/Zurich)"],
    occurrenceCount: 1,
    emails: { inside: [], outside: ["bob@example.org"] },
    conflictsSolved: [],
  });
  expect(moved.summary).toContain('Move "Review" from ');
  expect(moved.conflictsCaused.map(({ eventId, summary, severity, reasons }) => [eventId, summary, severity, reasons])).toEqual([
    ["lunch", "Lunch", "high", ["overlap", "accepted", "organizer"]],
    ["standup_20300506T100000Z", "Standup", "high", ["overlap", "accepted", "organizer"]],
  ]);
  expect((await google.ask("counters")).effects).toEqual([]);

  const away = await shown({ ...move, set: { start: time("2030-05-06T15:00"), end: time("2030-05-06T16:00") }, eventId: "lunch" });
  expect(away.conflictsSolved.map(({ summary }) => summary)).toEqual(["Standup"]);
  expect(away.conflictsCaused).toEqual([]);
});

test("of a series the occurrences touched are shown where they are", async () => {
  await google.control("patch-event", {
    calendar: ADA,
    id: "standup_20300507T100000Z",
    patch: { start: time("2030-05-07T09:00"), end: time("2030-05-07T09:30") },
  });
  const alone = await shown({ action: "delete", calendarId, eventId: "standup_20300506T100000Z", scope: "this" });
  expect(alone.occurrences).toEqual(["Mon 2030-05-06 12:00–12:30 (Europe/Zurich)"]);

  const following = await shown({
    action: "update",
    calendarId,
    eventId: "standup_20300506T100000Z",
    scope: "thisAndFollowing",
    set: { location: "Room 4" },
  });
  expect(following.summary).toBe('Change location of this and all that follow of "Standup"');
  expect(following.changes).toEqual([{ field: "location", after: "Room 4" }]);
  expect(following.occurrences.slice(0, 2)).toEqual([
    "Mon 2030-05-06 12:00–12:30 (Europe/Zurich)",
    "Tue 2030-05-07 09:00–09:30 (Europe/Zurich)",
  ]);
  expect([following.occurrenceCount, following.occurrencesTruncated]).toEqual([1000, true]);

  const set = { start: time("2030-05-06T10:15"), end: time("2030-05-06T10:45") };
  const all = await shown({ action: "update", calendarId, eventId: "standup_20300506T100000Z", scope: "all", set });
  expect(all.changes.map(({ before, after }) => [before, after])).toEqual([
    ["Wed 2030-05-01 12:00", "Wed 2030-05-01 10:15"],
    ["Wed 2030-05-01 12:30", "Wed 2030-05-01 10:45"],
  ]);
  expect(all.occurrences[0]).toBe("Wed 2030-05-01 12:00–12:30 (Europe/Zurich)");
  expect(all.conflictsCaused.map(({ eventId, proposed }) => [eventId, proposed.start])).toEqual([
    ["review", "2030-05-06T08:15:00Z"],
  ]);
  expect(all.conflictsSolved.map(({ eventId }) => eventId)).toEqual(["lunch"]);
});

test("what is made and what is answered is shown too", async () => {
  const draft = { summary: "Party", start: { date: "2030-05-10" }, end: { date: "2030-05-12" } };
  const made = await shown({ action: "create", calendarId, draft: { ...draft, attendees: [{ email: "eve@example.com" }] }, sendUpdates: "all" });
  expect(made.summary).toContain('Create "Party"');
  expect(made.changes).toContainEqual({ field: "end", after: "Sat 2030-05-11" });
  expect(made.emails).toEqual({ inside: ["eve@example.com"], outside: [] });

  const answered = await shown({ action: "respond", calendarId, eventId: "dinner", response: "accepted", comment: "gladly" });
  expect(answered.summary).toContain('Accept "Dinner"');
  expect(answered.changes).toEqual([
    { field: "responseStatus", before: "needsAction", after: "accepted" },
    { field: "comment", after: "gladly" },
  ]);
});

test("what cannot be shown is refused by its name", async () => {
  const update = { action: "update", calendarId, eventId: "review" };
  expect(await refused({ ...update, action: "move" })).toBe(
    'invalid_input: `action` is "move", not one of create, update, delete, respond',
  );
  expect(await refused({ ...update, eventId: undefined })).toBe("invalid_input: a request needs `eventId`");
  expect(await refused({ ...update, eventId: 7 })).toContain("invalid_input: `eventId` is 7, not text");
  expect(await refused({ ...update, scope: "following" })).toContain('invalid_input: `scope` is "following", not one of');
  expect(await refused({ ...update, summary: "Plan" })).toContain("invalid_input: there is no `summary` in a request to update");
  expect(await refused({ ...update, set: { start: { dateTime: "noon" } } })).toContain("invalid_input: `set` cannot be read");
  expect(await refused({ ...update, set: "Plan" })).toContain("invalid_input: `set` is text, not an object");
  expect(await refused({ action: "create", calendarId, draft: { summary: "No time" } })).toContain("invalid_input: ");
  expect(await refused({ action: "delete", calendarId, eventId: "standup", scope: "this" })).toContain(
    "invalid_input: event standup is a whole series",
  );
  expect(await refused({ action: "delete", calendarId, eventId: "nothing" })).toContain("not_found: ");
  expect(await refused({ action: "delete", calendarId: HOLIDAYS, eventId: "may" })).toContain("forbidden: ");
});

test("the client brings scopes along, over its own module", async () => {
  const status = await inPage(async () => {
    const { getCalendarScopeStatus, parseScopes } = (window as unknown as { calendar: typeof Calendar }).calendar;
    return getCalendarScopeStatus(parseScopes("https://www.googleapis.com/auth/calendar.events"));
  });
  expect([status.hasRead, status.hasWrite]).toEqual([false, true]);
});
