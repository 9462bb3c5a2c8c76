import { defineConfig } from "vitest/config";

export default defineConfig({
  // What is waited for comes when it comes: a busy machine is no failure.
  test: { expect: { poll: { timeout: 20_000 } } },
});
