/** The terminal of a Node that calls its SQLite experimental: that warning is dropped, every other one still comes. */
import { afterEach, expect, test, vi } from "vitest";
import { silenceSqliteWarning } from "../../../server/store/sqlite-warning.ts";

const original = process.emitWarning;
afterEach(() => {
  process.emitWarning = original;
});

test("drops only what Node says about SQLite", () => {
  const passed = vi.fn();
  process.emitWarning = passed;
  silenceSqliteWarning();
  // As Node 22 does (lib/internal/util.js, emitExperimentalWarning).
  process.emitWarning("SQLite is an experimental feature and might change at any time", "ExperimentalWarning");
  expect(passed).not.toHaveBeenCalled();
  const error = new Error("SQLite is an experimental feature");
  process.emitWarning("localStorage is an experimental feature", "ExperimentalWarning");
  process.emitWarning("SQLite is an experimental feature", "DeprecationWarning", "DEP0000");
  process.emitWarning(error);
  expect(passed.mock.calls).toEqual([
    ["localStorage is an experimental feature", "ExperimentalWarning"],
    ["SQLite is an experimental feature", "DeprecationWarning", "DEP0000"],
    [error],
  ]);
});
