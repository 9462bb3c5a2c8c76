// A person at the page: their Google, their browser, and what of it tests look for.

import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import type { FakeGoogle } from "./fake_google.ts";

export const READ = "https://www.googleapis.com/auth/calendar.readonly";

/** In the week of Monday, 6 May 2030. */
export const at = (day: number, clock: string) => ({
  dateTime: `2030-05-${String(day).padStart(2, "0")}T${clock}:00`,
  timeZone: "Europe/Zurich",
});

/** What others may write into an event, and what must be shown of it, letter by letter. */
export const HOSTILE = [
  "<img src=x onerror=\"window.hacked='img'\">",
  "<script>window.hacked='script'</script>",
  "<svg/onload=window.hacked='svg'>",
  "javascript:window.hacked='link'",
  "\"><b onmouseover=window.hacked='over'>bold</b>",
  "{{constructor.constructor('window.hacked=1')()}}",
];

/** Somebody at Google with two calendars. */
export function somebody(email: string) {
  const guest = { email: "bob@example.org", responseStatus: "accepted" };
  const me = { email, self: true, responseStatus: "accepted" };
  const events = [
    { id: "review", summary: "Review", start: at(6, "10:00"), end: at(6, "11:00"), attendees: [me, guest] },
    { id: "board", summary: "Board call", start: at(9, "13:00"), end: at(9, "14:30"), attendees: [me, guest] },
    { id: "lunch", summary: "Lunch", start: at(7, "12:00"), end: at(7, "13:00") },
  ];
  const team = [{ id: "demo", summary: "Demo", start: at(10, "16:00"), end: at(10, "17:00") }];
  return {
    email,
    timeZone: "Europe/Zurich",
    calendars: [
      { id: email, summary: email, events },
      { id: `team.${email}`, summary: "Team", events: team },
    ],
  };
}

/** A browser's page at the server, in that week, where nobody is signed in; `failures` are what its scripts said. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  // Their machine is elsewhere: times are those of the calendar.
  const machine = { viewport: { width: 1440, height: 900 }, timezoneId: "America/New_York" };
  const context = await browser.newContext({ ...machine, baseURL: url, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  await page.clock.setFixedTime(new Date("2030-05-06T07:00:00Z"));
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("dialog", (dialog) => failures.push(`dialog: ${dialog.message()}`));
  page.on("console", (said) => {
    // What the server refuses is shown in the page; that the browser says it too is no fault.
    if (said.type() === "error" && !said.text().startsWith("Failed to load resource")) failures.push(said.text());
  });
  return { page, failures };
}

/** Signs in as a user of that name, whose Google account is `email`, and waits for their week. */
export async function signIn(page: Page, google: FakeGoogle, email: string, granted?: string[]): Promise<void> {
  await google.control("consent", { person: email, ...(granted ? { granted } : {}) });
  await page.goto(`/dev/sign-in?user=${email}`);
  await event(page, "Review").waitFor();
}

/** Where an event stands in the week. */
export const event = (page: Page, title: string): Locator => page.locator("[data-event]", { hasText: title });

/** What waits for a yes. */
export const card = (page: Page, title: string): Locator => page.locator("article.approval", { hasText: title });

/** An event as Google has it now. */
export async function atGoogle(google: FakeGoogle, calendar: string, title: string): Promise<any> {
  const events: { summary?: string }[] = await google.ask(`snapshot/${calendar}`);
  return events.find(({ summary }) => summary === title);
}

/** An assistant asks for something, in the name of whoever is signed in. */
export async function ask(page: Page, summary: string, day: number, reason = "You asked for it"): Promise<void> {
  const asked = { summary, start: at(day, "09:00"), end: at(day, "09:30"), reason };
  const asking = { calendarId: "primary", agent: "theo", sendUpdates: "all" };
  const data = { ...asking, ...asked, attendees: [{ email: "eve@example.org" }] };
  const answer = await page.request.post("/api/integrations/calendar/events", { data });
  if (answer.status() !== 202) throw new Error(await answer.text());
}
