// The same for work in a page: `chromium.mjs WORK` opens `page.html` in a real Chromium and passes on what it is told.
// `CHROMIUM_BIN` names the browser.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

const server = createServer(async (request, response) => {
  const path = request.url.slice(1);
  const folder = path.startsWith("pkg/") ? "../../../bindings-wasm/" : "./";
  try {
    const body = await readFile(new URL(folder + path, import.meta.url));
    // Isolated, a page is given a clock of microseconds.
    const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain", ...isolated }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/page.html`);
await page.waitForFunction(() => window.works);

let prepared = false;
for await (const line of createInterface({ input: process.stdin })) {
  if (prepared) {
    console.log(await page.evaluate((repeats) => window.measure(repeats), Number(line)));
  } else {
    console.log(await page.evaluate(([work, data]) => window.prepare(work, JSON.parse(data)), [process.argv[2], line]));
    prepared = true;
  }
}
await browser.close();
server.close();
