import { defineConfig } from "vite";

// The server whose routes the page asks while it is worked on.
const server = process.env.THEO_SERVER ?? "http://127.0.0.1:8787";

export default defineConfig({
  // Works from any folder of any server.
  base: "./",
  build: {
    target: "es2022",
    rolldownOptions: { input: ["index.html", "week.html"] },
    // What is written into a page is not allowed to run or to be loaded there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // FullCalendar and React, once: asked for when the page is opened, and kept from then on.
    chunkSizeWarningLimit: 700,
  },
  // The module is found beside its code, which lies outside this folder.
  optimizeDeps: { exclude: ["theo-calendar"] },
  server: { fs: { allow: ["../.."] }, proxy: { "/api": server, "/dev": server } },
});
