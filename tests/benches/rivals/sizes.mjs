// What a page loads of each package, gzipped as a server would: names and bytes, as JSON.

import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const pkg = "../../../bindings-wasm/pkg";
// All of it, entered through a bundler.
const isLoaded = (file) => /\.(js|wasm)$/.test(file) && !["node.js", "web.js"].includes(file);
const ours = readdirSync(new URL(pkg, import.meta.url)).filter(isLoaded);
const packages = {
  "theo-calendar, conflicts, series and glue": ours.map((file) => `${pkg}/${file}`),
  "rrule.js 2.8.1: series, neither conflicts nor zones of its own": ["node_modules/rrule/dist/es5/rrule.min.js"],
  "ical.js 2.2.1: series, no conflicts, zones brought along": ["node_modules/ical.js/dist/ical.min.js"],
  "rrule-rust 3.1.1 as WASM: series in any zone, no conflicts; without the WASI runtime that it needs": [
    "rrule-rust.wasm32-wasi.wasm",
    "rrule-rust.wasi-browser.js",
    "wasi-worker-browser.mjs",
  ].map((file) => `node_modules/@rrule-rust/lib-wasm32-wasi/${file}`),
};

const size = (file) => gzipSync(readFileSync(new URL(file, import.meta.url)), { level: 9 }).length;
const sizes = Object.entries(packages).map(([name, files]) => [name, files.reduce((sum, file) => sum + size(file), 0)]);
console.log(JSON.stringify(sizes));
