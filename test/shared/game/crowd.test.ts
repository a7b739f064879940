/** The crowd: one member per viewer, found by any name, bounded. */
import { expect, test } from "vitest";
import { createCrowd, maxMembers } from "../../../shared/game/crowd.ts";
import { aViewer } from "../../support/events.ts";

const aCrowd = (needed: string[] = []) => createCrowd((key) => needed.includes(key));

test("one viewer is one member, however often and under whatever name they act", () => {
  const crowd = aCrowd();
  const first = crowd.meet(aViewer("1", { handle: "old", name: "Old" }), 5);
  const again = crowd.meet(aViewer("1", { handle: "new", name: "New" }), 9);
  expect(again).toBe(first);
  expect(crowd.size).toBe(1);
  expect(again).toMatchObject({ sinceTick: 5, lastActTick: 9 });
  expect([crowd.find("@new"), crowd.find("NEW"), crowd.find("old")]).toEqual([first, first, undefined]);
});

test("the same id on two platforms is two members", () => {
  const crowd = aCrowd();
  crowd.meet(aViewer("1"), 0);
  crowd.meet(aViewer("1", { platform: "twitch" }), 0);
  expect(crowd.size).toBe(2);
});

test("of two of one name the latest to act is found, and the other when that one is gone and acts again", () => {
  const crowd = aCrowd();
  const [a, b] = ["1", "2"].map((id) => crowd.meet(aViewer(id, { handle: id, name: "Sam" }), 0));
  expect(crowd.find("sam")).toBe(b);
  crowd.remove(b!.key);
  crowd.meet(a!.viewer, 1);
  expect(crowd.find("sam")).toBe(a);
  expect(crowd.find("")).toBeUndefined();
});

test("who was only seen in test events stops being a test viewer with the first real act", () => {
  const crowd = aCrowd();
  const member = crowd.meet(aViewer("1"), 0, { test: true });
  expect(member.test).toBe(true);
  crowd.meet(aViewer("1"), 1);
  crowd.meet(aViewer("1"), 2, { test: true });
  expect(member.test).toBe(false);
});

test("a full crowd forgets who was silent longest, but nobody who is needed", () => {
  const crowd = aCrowd(["tiktok:0", "tiktok:1"]);
  for (let i = 0; i < maxMembers; i++) crowd.meet(aViewer(String(i)), i);
  crowd.meet(aViewer("0"), maxMembers);
  crowd.meet(aViewer("one more"), maxMembers);
  expect(crowd.size).toBe(maxMembers);
  expect([crowd.get("tiktok:0"), crowd.get("tiktok:1"), crowd.get("tiktok:2")].map(Boolean)).toEqual([
    true,
    true,
    false,
  ]);
  expect(crowd.find("2")).toBeUndefined();
});
