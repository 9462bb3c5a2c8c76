// A draft is dragged over a day in a real Chromium, and what stands in its way is shown as it moves.

import type { Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, serve } from "./chromium.ts";

const events = {
  kind: "calendar#events",
  timeZone: "Europe/Berlin",
  items: [
    { id: "review", summary: "Review", start: { dateTime: "2025-03-03T10:00:00Z" }, end: { dateTime: "2025-03-03T11:00:00Z" } },
    {
      id: "maybe",
      summary: "Maybe <b>lunch</b>",
      status: "tentative",
      start: { dateTime: "2025-03-03T12:00:00Z" },
      end: { dateTime: "2025-03-03T13:00:00Z" },
    },
    { id: "holiday", summary: "Rosenmontag", start: { date: "2025-03-03" }, end: { date: "2025-03-04" } },
  ],
};

let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  ({ url, server } = await serve({ "/events.json": JSON.stringify(events) }));
  browser = await launch();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

test("a dragged draft shows its conflicts where it is, and no others", { timeout: 60_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 600, height: 1700 } });
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  await page.goto(`${url}/page.html`);
  await page.locator("body[data-ready]").waitFor();
  const shown = () => page.locator("#conflicts li").allTextContents();
  const holiday = "Low: overlaps “Rosenmontag” Mon 2025-03-03, all day: on your calendar";

  expect(await shown()).toEqual([holiday]);
  const handle = (await page.locator("#draft").boundingBox())!;
  const [x, y] = [handle.x + 20, handle.y + 20];
  await page.mouse.move(x, y);
  await page.mouse.down();

  await page.mouse.move(x, y + 570, { steps: 20 });
  expect(await shown()).toEqual([
    holiday,
    "High: overlaps “Review” Mon 2025-03-03 11:00–12:00 (Europe/Berlin): on your calendar",
  ]);
  expect(await page.title()).toBe("No");

  await page.mouse.move(x, y + 735, { steps: 20 });
  expect(await shown()).toEqual([
    holiday,
    "Medium: overlaps “Maybe <b>lunch</b>” Mon 2025-03-03 13:00–14:00 (Europe/Berlin): tentative",
  ]);
  expect(await page.title()).toBe("Yes");

  await page.mouse.up();
  expect(failures).toEqual([]);
});
