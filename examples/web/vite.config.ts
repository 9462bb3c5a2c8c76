import { defineConfig } from "vite";

export default defineConfig({
  // Works from any folder of any server.
  base: "./",
  build: { target: "es2022" },
  // The module is found beside its code, which lies outside this folder.
  optimizeDeps: { exclude: ["theo-calendar"] },
  server: { fs: { allow: ["../.."] } },
});
