// The built example of a week view in a real Chromium: what is in the way of an event while it is dragged, resized and
// moved by keys, from the module alone. `WEEK_PICTURE` names a file for a picture of it.

import type { Server } from "node:http";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { launch, serve } from "./chromium.ts";
import { fakeGoogle } from "./fake_google.ts";

let browser: Browser;
let server: Server;
let url: string;
let page: Page;
let failures: string[];
let requests: string[];

beforeAll(async () => {
  ({ url, server } = await serve({}, "../../examples/web/dist/"));
  browser = await launch();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  // The person is elsewhere: the week is shown on the clock of its calendar.
  page = await browser.newPage({ viewport: { width: 1400, height: 820 }, timezoneId: "America/New_York" });
  [failures, requests] = [[], []];
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("console", (said) => said.type() === "error" && failures.push(said.text()));
  await page.goto(`${url}/week.html`);
  // Laid out: the hours fill the page.
  await event("kickoff").waitFor();
  await (await event("away").elementHandle())!.waitForElementState("stable");
  await expect.poll(async () => (await event("away").boundingBox())!.height).toBeGreaterThan(200);
  page.on("request", (request) => requests.push(request.url()));
  return async () => {
    await page.close();
    expect(failures).toEqual([]);
  };
});

const event = (id: string): Locator => page.locator(`[data-event="${id}"]`);
// The page follows the mouse a frame later: what is shown is waited for.
const when = () => page.locator(".when").textContent();
const verdict = () => page.locator(".verdict").allTextContents();
const cards = () => page.locator(".answer li b").allTextContents();

/** Presses the mouse on an event, `down` of it from its top; it is then moved by days and hours. */
async function grab(id: string, down: (height: number) => number) {
  const [box, eight, ten] = await Promise.all([id, "dentist", "roadmap"].map((one) => event(one).boundingBox()));
  const [day, hour] = [eight!.x - ten!.x, (ten!.y - eight!.y) / 2];
  const [x, y] = [box!.x + box!.width / 2, box!.y + down(box!.height)];
  await page.mouse.move(x, y);
  await page.mouse.down();
  return (days: number, hours: number) => page.mouse.move(x + days * day, y + hours * hour, { steps: 15 });
}

test("a dragged event shows what is in its way where it is, worst first, and asks no server", async () => {
  const to = await grab("kickoff", () => 8);
  await to(3, -1.5);
  await expect.poll(when).toBe("Thu 11 Jun, 12:30–14:00");
  await expect.poll(verdict).toEqual(["▲ High: both cannot be kept"]);
  expect(await page.locator(".answer li").allInnerTexts()).toEqual([
    "Board call\n▲ High\nThu 11 Jun, 13:30–14:30\nyou accepted, 4 guests",
    "Design critique\n◆ Medium\nThu 11 Jun, 11:30–12:45\nyou have not answered, 2 guests",
    "Customer summit (online)\n● Low\nThu 11 Jun – Fri 12 Jun\non your calendar",
  ]);
  expect(await event("board").getAttribute("data-way")).toBe("high");
  expect(await event("critique").getAttribute("data-way")).toBe("medium");

  const picture = process.env["WEEK_PICTURE"];
  if (picture) await page.screenshot({ path: picture });

  // On the way back, before the mouse is let go: what takes no time is in nobody's way.
  await to(1, 0);
  await expect.poll(when).toBe("Tue 9 Jun, 14:00–15:30");
  await expect.poll(verdict).toEqual(["✓ Nothing is in the way"]);
  await page.mouse.up();
  await expect.poll(verdict).toEqual(["✓ Nothing is in the way"]);
  expect(await event("board").getAttribute("data-way")).toBeNull();
  expect(requests).toEqual([]);
});

test("an event that is made longer, and time kept free around it, meet what comes after", async () => {
  await event("dentist").click();
  await expect.poll(verdict).toEqual(["✓ Nothing is in the way"]);
  await page.locator("select").selectOption("60");
  await expect.poll(cards).toEqual(["Standup"]);
  await expect.poll(verdict).toEqual(["● Low: worth knowing"]);

  await page.locator("select").selectOption("0");
  const to = await grab("dentist", (height) => height - 2);
  await to(0, 0.75);
  await expect.poll(when).toBe("Tue 9 Jun, 08:00–09:45");
  await expect.poll(cards).toEqual(["Standup"]);
  await expect.poll(verdict).toEqual(["▲ High: both cannot be kept"]);
  await page.mouse.up();
});

test("keys move an event from day to day, one occurrence of a series alone, and it can be put back", async () => {
  const gym = event("gym_20260608T160000Z");
  await gym.focus();
  await expect.poll(when).toBe("Mon 8 Jun, 18:00–19:00");
  for (const key of ["ArrowRight", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp"]) await page.keyboard.press(key);
  await expect.poll(when).toBe("Tue 9 Jun, 17:00–18:00");
  await expect.poll(cards).toEqual(["Write the report"]);
  await expect.poll(verdict).toEqual(["◆ Medium: worth asking first"]);
  await page.keyboard.press("Shift+ArrowUp");
  await expect.poll(when).toBe("Tue 9 Jun, 17:00–17:45");

  // The other occurrence stands where it was, and this one is in its own way nowhere.
  await event("gym_20260611T160000Z").focus();
  await expect.poll(when).toBe("Thu 11 Jun, 18:00–19:00");
  await expect.poll(cards).toEqual(["Customer summit (online)"]);
  await gym.focus();
  await page.getByRole("button", { name: "Put it back" }).click();
  await expect.poll(when).toBe("Mon 8 Jun, 18:00–19:00");
  await expect.poll(verdict).toEqual(["✓ Nothing is in the way"]);
});

test("all pages of a calendar at another address are shown, and what of it cannot be read is told", async () => {
  const time = (clock: string) => ({ dateTime: `2025-03-04T${clock}:00Z` });
  const first = { timeZone: "Europe/Berlin", nextPageToken: "2", items: [{ id: "odd", start: { dateTime: "soon" } }] };
  const last = {
    timeZone: "Europe/Berlin",
    items: [
      { id: "a", summary: "Call", start: time("09:00"), end: time("10:00") },
      { id: "b", summary: "Walk", start: time("09:30"), end: time("10:30") },
    ],
  };
  await page.route("http://google.example/**", (route) => {
    const isLast = new URL(route.request().url()).searchParams.get("pageToken") === "2";
    return route.fulfill({ json: isLast ? last : first, headers: { "access-control-allow-origin": "*" } });
  });
  await page.goto(`${url}/week.html?google=http://google.example&day=2025-03-05`);
  await event("a").click();
  await expect.poll(when).toBe("Tue 4 Mar, 10:00–11:00");
  await expect.poll(cards).toEqual(["Walk"]);
  expect(await page.locator("summary").textContent()).toBe("? Not all events can be read (1): there may be more in the way");
});

test("a calendar of a Google of another origin is shown, and a series is in the way at its occurrence", async () => {
  const time = (clock: string) => ({ dateTime: `2030-05-06T${clock}:00`, timeZone: "Europe/Zurich" });
  const events = [
    { id: "review", summary: "Review", start: time("10:00"), end: time("11:00") },
    { id: "standup", summary: "Standup", start: time("09:30"), end: time("10:15"), recurrence: ["RRULE:FREQ=DAILY"] },
  ];
  const ada = { email: "ada@example.com", timeZone: "Europe/Zurich", accessToken: "good", scopes: ["calendar"] };
  const calendar = { id: ada.email, summary: "Ada", timeZone: ada.timeZone, events };
  const google = await fakeGoogle({ people: [{ ...ada, calendars: [calendar] }] });
  try {
    await page.goto(`${url}/week.html?google=${google.url}&token=good&day=2030-05-08`);
    await event("review").click();
    await expect.poll(when).toBe("Mon 6 May, 10:00–11:00");
    await expect.poll(cards).toEqual(["Standup"]);
  } finally {
    google.stop();
  }
});

test("what cannot be loaded is said", async () => {
  await page.goto(`${url}/week.html?google=http://127.0.0.1:9`);
  await expect.poll(() => page.getByRole("alert").textContent()).toMatch(/^http:\/\/127\.0\.0\.1:9\/.* does not answer/);
  failures = [];
});
