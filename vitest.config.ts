/** Runs the tests. A file of its own, or Vitest would take Vite's root (client/) and find none. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/**/*.test.ts"], testTimeout: 20_000, hookTimeout: 60_000, passWithNoTests: false },
});
