/** The test show: what it says of a viewer's body. */
import { expect, test } from "vitest";
import { createTestShow } from "../../../shared/sdk/test-show.ts";
import { pit, pitRules } from "./pit.ts";

test("a face that waits on a seat is no body", () => {
  const players = { ...pit.players!, most: () => 1, seats: () => [{ x: 100, y: 100 }], bots: undefined };
  const show = createTestShow({ game: { ...pit, players }, rules: pitRules });
  show.chat("ana", "hi");
  show.chat("bo", "hi");
  show.run();
  expect(show.body("ana")).toMatchObject({ kind: "ball" });
  expect([...show.world.entities.values()].some(({ viewer }) => viewer === "tiktok:bo")).toBe(true);
  expect(show.body("bo")).toBeUndefined();
});
