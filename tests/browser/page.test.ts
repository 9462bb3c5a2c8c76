// The page that the server serves, in a real Chromium, over the real server and a fake Google. With `SCREENSHOTS` it
// makes the pictures of examples/web.

import type { AxeResults } from "axe-core";
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { calendarServer } from "./calendar_server.ts";
import { launch } from "./chromium.ts";
import { fakeGoogle, type FakeGoogle } from "./fake_google.ts";
import { HOSTILE, READ, ask, at, atGoogle, card, event, signIn, somebody, visit } from "./page_world.ts";

const NAMES = ["partial", "first", "drag", "agent", "webhook", "gone", "hostile", "axe", "keys"] as const;
const email = (name: (typeof NAMES)[number]) => `${name}@example.com`;

vi.setConfig({ testTimeout: 120_000 });

let google: FakeGoogle;
let server: { url: string; stop(): void };
let browser: Browser;

beforeAll(async () => {
  google = await fakeGoogle({ people: NAMES.map((name) => somebody(email(name))) }, "--allow-http-webhooks");
  server = await calendarServer(google.url);
  browser = await launch();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.stop();
  google?.stop();
});

/** Runs `work` in a browser of its own, in which no script may fail. */
async function atThePage(work: (page: Page) => Promise<void>, options = {}): Promise<void> {
  const { page, failures } = await visit(browser, server.url, options);
  try {
    await work(page);
  } finally {
    await page.context().close();
  }
  expect(failures).toEqual([]);
}

const box = async (page: Page, title: string) => (await event(page, title).boundingBox())!;
const text = (page: Page, selector: string) => page.locator(selector).allInnerTexts();

test("of a partial consent it says what cannot be done and why, and what is allowed later is done", () =>
  atThePage(async (page) => {
    await signIn(page, google, email("partial"), [READ]);
    await page.getByRole("link", { name: "Settings" }).click();
    await expect.poll(() => text(page, ".missing")).toHaveLength(2);
    const missing = (await text(page, ".missing"))[0]!;
    expect(missing).toContain("Make changes that you approve");
    expect(missing).toContain("to make the changes to your events that you approve, and no others");

    await ask(page, "Juggling", 8);
    await card(page, "Juggling").getByRole("button", { name: "Approve" }).click();
    const problem = card(page, "Juggling").getByRole("alert");
    await expect.poll(() => problem.innerText()).toContain("has not granted");
    expect(await atGoogle(google, email("partial"), "Juggling")).toBeUndefined();

    await google.control("consent", { person: email("partial") });
    await problem.getByRole("link", { name: "Allow changes at Google" }).click();
    await card(page, "Juggling").getByText("You said yes").waitFor();
    await card(page, "Juggling").getByRole("button", { name: "Approve" }).click();
    await page.locator(".outcome", { hasText: "Done" }).waitFor();
    expect(await atGoogle(google, email("partial"), "Juggling")).toBeDefined();
  }));

test("an account is connected, and its first sync shows how far it is", () =>
  atThePage(async (page) => {
    await page.request.get(`/dev/sign-in?user=first`, { maxRedirects: 0 });
    await google.control("consent", { person: email("first") });
    // Long enough to be looked at, however often the page looks.
    const calendar = `team.${email("first")}`;
    await google.control("faults", { operation: "events.list", kind: "delay", millis: 5000, calendar, times: 1 });
    await page.goto("/");
    await page.getByRole("link", { name: "Connect with Google" }).click();

    await page.getByText("First sync").waitFor();
    await page.locator('progress[value="50"]').waitFor();
    await page.getByText("Up to date").waitFor();
    expect(await page.locator("progress").count()).toBe(0);
    await expect.poll(() => text(page, ".sync .number")).toEqual(["4", "2"]);
    await event(page, "Board call").waitFor();
  }));

test("a drag into a conflict shows it, and the drop asks and changes nothing", () =>
  atThePage(async (page) => {
    await signIn(page, google, email("drag"));
    const [review, board] = [await box(page, "Review"), await box(page, "Board call")];
    const x = review.x + review.width / 2;
    await page.mouse.move(x, review.y + 6);
    await page.mouse.down();
    await page.mouse.move(x + board.x - review.x, board.y + 6, { steps: 15 });
    await expect.poll(() => text(page, ".verdict")).toEqual(["▲ High: both cannot be kept"]);
    expect(await text(page, ".answer li b")).toEqual(["Board call"]);
    await page.mouse.up();
    await page.getByRole("button", { name: "Ask to move it" }).click();

    const asked = card(page, "Review");
    await expect.poll(() => asked.locator(".changes").innerText()).toContain("Thu 2030-05-09 13:00");
    expect(await asked.locator(".conflicts b").allInnerTexts()).toEqual(["Board call"]);
    expect(await asked.innerText()).toContain("bob@example.org (outside)");
    const unchanged = await atGoogle(google, email("drag"), "Review");
    expect(new Date(unchanged.start.dateTime)).toEqual(new Date("2030-05-06T08:00:00Z"));
  }));

test("what an assistant asks is approved, edited and approved, or rejected with a note", () =>
  atThePage(async (page) => {
    await signIn(page, google, email("agent"));
    for (const [day, title] of [[7, "Juggling"], [8, "Knitting"], [9, "Origami"]] as const) await ask(page, title, day);

    await card(page, "Juggling").getByText("Your assistant theo").waitFor();
    expect(await card(page, "Juggling").innerText()).toContain("eve@example.org (outside)");
    await card(page, "Juggling").getByRole("button", { name: "Approve" }).click();
    await page.locator(".outcome", { hasText: "Juggling" }).getByText("✓ Done").waitFor();
    await event(page, "Juggling").waitFor();

    await card(page, "Knitting").getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Title").fill("Crochet");
    await page.getByLabel("From").fill("2030-05-08T15:00");
    await page.getByLabel("To", { exact: true }).fill("2030-05-08T15:15");
    await page.getByRole("button", { name: "Approve as edited" }).click();
    await page.locator(".outcome", { hasText: "Crochet" }).getByText("✓ Done").waitFor();

    await card(page, "Origami").getByLabel("Note").fill("too much paper");
    await card(page, "Origami").getByRole("button", { name: "Reject" }).click();
    await page.locator(".outcome", { hasText: "Origami" }).getByText("Your note: too much paper").waitFor();

    const found = await Promise.all(
      ["Juggling", "Knitting", "Crochet", "Origami"].map((title) => atGoogle(google, email("agent"), title)),
    );
    expect(found.map((one) => one !== undefined)).toEqual([true, false, true, false]);
    expect(new Date(found[2].start.dateTime)).toEqual(new Date("2030-05-08T13:00:00Z"));
  }));

test("what changes at Google appears by its notification, without a reload", () =>
  atThePage(async (page) => {
    await signIn(page, google, email("webhook"));
    const isWatched = async () => JSON.stringify(await google.ask("channels")).includes(email("webhook"));
    await expect.poll(isWatched).toBe(true);
    await page.evaluate(() => Object.assign(window, { isSame: true }));
    const moved = { summary: "Late lunch", start: at(7, "14:00"), end: at(7, "15:00") };
    await google.control("patch-event", { calendar: email("webhook"), id: "lunch", patch: moved });

    await event(page, "Late lunch").getByText("14:00").waitFor({ timeout: 10_000 });
    expect(await page.evaluate(() => "isSame" in window)).toBe(true);
  }));

test("an account is disconnected after a question, and nothing of it stays", () =>
  atThePage(async (page) => {
    await signIn(page, google, email("gone"));
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Disconnect …" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.innerText()).toContain("Nothing in your Google calendar changes");
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("button", { name: "Disconnect …" }).click();
    await dialog.getByRole("button", { name: "Disconnect", exact: true }).click();

    await page.getByRole("heading", { name: "Connect a Google account" }).waitFor();
    await expect.poll(() => page.locator(".calendars").innerText()).toContain("None yet");
    expect(await page.getByText("Jugglingm").count()).toBe(0);
  }));

test("what others write is shown as text, and nothing of it runs", () =>
  atThePage(async (page) => {
    const calendar = email("hostile");
    for (const [index, summary] of HOSTILE.entries()) {
      const clock = (minutes: number) => at(6 + (index % 4), `${13 + Math.floor(index / 4) * 2}:${minutes}`);
      const fields = { summary, description: summary, location: summary, start: clock(10), end: clock(55) };
      await google.control("create-event", { calendar, event: fields });
    }
    await signIn(page, google, calendar);
    for (const summary of HOSTILE) await event(page, summary).waitFor();
    await ask(page, HOSTILE[0]!, 10, HOSTILE[1]);
    await card(page, HOSTILE[0]!).getByText(HOSTILE[1]!).waitFor();
    for (const [index, summary] of HOSTILE.entries()) {
      await event(page, summary).click();
      await expect.poll(() => text(page, ".answer h2")).toEqual([summary]);
      if (index < 2) await page.getByRole("searchbox").fill(summary.slice(1, 12));
    }
    await page.locator(".found li").first().waitFor();

    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("img, svg, script:not([src]), [onerror], [onload], [onmouseover]").count()).toBe(0);
  }));

test("axe finds nothing to mend in light, in dark and on a phone, where nothing is wider than it", async () => {
  const axe = await readFile(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  const looked: string[] = [];
  for (const [colorScheme, width] of [["light", 1440], ["dark", 1440], ["light", 360]] as const) {
    await atThePage(
      async (page) => {
        const look = async (part: string) => {
          await page.evaluate(axe);
          const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
          const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
          expect(found, `${part}, ${colorScheme}, ${width}`).toEqual([]);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide, part).toBeLessThanOrEqual(width);
          looked.push(part);
        };
        await page.goto("/");
        await page.getByRole("link", { name: "Sign in" }).waitFor();
        await look("sign in");
        await signIn(page, google, email("axe"));
        if (looked.length === 1) await ask(page, "Juggling", 9);
        await event(page, "Review").click();
        await page.locator(".verdict").waitFor();
        await look("week");
        await page.getByRole("link", { name: "Approvals" }).click();
        await card(page, "Juggling").getByRole("button", { name: "Edit" }).click();
        await look("approvals");
        await page.getByRole("link", { name: "Calendars" }).click();
        await look("calendars");
        await page.getByRole("link", { name: "Settings" }).click();
        await page.getByRole("button", { name: "Disconnect …" }).click();
        await look("settings");
      },
      { colorScheme, viewport: { width, height: 800 }, bypassCSP: true },
    );
  }
  expect(looked).toHaveLength(15);
}, 60_000);

test("with keys alone an event is moved, asked for and approved", () =>
  atThePage(async (page) => {
    await signIn(page, google, email("keys"));
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    for (let tabs = 0; tabs < 60 && !(await focused()).startsWith("Review"); tabs += 1) await press("Tab");
    await press("ArrowRight", "ArrowRight", "ArrowDown");
    await expect.poll(() => text(page, ".answer .when")).toEqual(["Wed 8 May, 10:15–11:15"]);
    await press("Enter");
    await expect.poll(focused).toBe("Ask to move it");
    await press("Enter");
    await expect.poll(focused).toContain("Move \"Review\"");
    for (let tabs = 0; tabs < 8 && (await focused()) !== "Approve"; tabs += 1) await press("Tab");
    await press("Enter");

    await page.locator(".outcome", { hasText: "✓ Done" }).waitFor();
    await expect.poll(focused).toBe("Waiting for your yes");
    const moved = await atGoogle(google, email("keys"), "Review");
    expect(new Date(moved.start.dateTime)).toEqual(new Date("2030-05-08T08:15:00Z"));
  }));

test.runIf(process.env["SCREENSHOTS"])("pictures of the demonstration", async () => {
  const own = await calendarServer();
  const pictures: [string, object, string][] = [
    ["light", { viewport: { width: 1440, height: 900 } }, "#week"],
    ["dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }, "#week"],
    ["phone", { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }, "#approvals"],
  ];
  for (const [name, options, view] of pictures) {
    const page = await browser.newPage({ ...options, baseURL: own.url });
    await page.goto("/");
    await page.getByRole("link", { name: "Sign in" }).click();
    await page.goto(`/${view}`);
    await page.getByText("Your assistant theo").waitFor({ state: "attached" });
    await page.getByText("Up to date").waitFor({ state: "attached" });
    await page.waitForLoadState("load");
    await page.screenshot({ path: `../../examples/web/${name}.png` });
    await page.close();
  }
  own.stop();
});
