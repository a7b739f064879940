/** Badges: first win, three in a row, twenty games; once for each round, and kept when saved. */
import { describe, expect, test } from "vitest";
import { createBadges } from "../../../shared/game/badges.ts";
import { aRoom } from "./a-room.ts";

const rounds = (results: string) => {
  let badges = createBadges();
  const given: string[] = [];
  for (const [index, result] of [...results].entries()) {
    for (const { badge } of badges.finish(index + 1, [{ key: "a", won: result === "w" }])) {
      given.push(`${index + 1} ${badge}`);
    }
    badges = createBadges(JSON.parse(JSON.stringify(badges.save())));
  }
  return { given, streak: badges.streakOf("a") };
};

test.each([
  ["l", [], 0],
  ["w", ["1 First win"], 1],
  ["lww", ["2 First win"], 2],
  ["wlw", ["1 First win"], 1],
  ["wwww", ["1 First win", "3 3 in a row"], 4],
  ["wwwlwww", ["1 First win", "3 3 in a row", "7 3 in a row"], 3],
  ["l".repeat(25), ["20 20 games"], 0],
] as const)("rounds %s give %j", (results, given, streak) => {
  expect(rounds(results)).toEqual({ given, streak });
});

test("a round counts once", () => {
  const badges = createBadges();
  const played = [{ key: "a", won: true }];
  expect(badges.finish(1, played)).toHaveLength(1);
  expect(badges.finish(1, played)).toEqual([]);
  expect(badges.streakOf("a")).toBe(1);
});

describe("in a show", () => {
  test("are called out when results begin: to the winner, and by name to three of many", () => {
    const room = aRoom({
      options: { most: 20, playSeconds: 1 },
      enterPhase(_game, phase, { players, boards }) {
        if (phase === "results") for (const { key } of players.active) boards.win(key);
      },
    });
    room.come("a", "b", "c", "d", "e");
    room.until("results");
    const lines = room.words().filter((line) => line.includes("First win"));
    expect(lines).toEqual(["a badge: First win", "b badge: First win", "c badge: First win", " 2 more: First win"]);
    expect(room.show.badges.streakOf("tiktok:e")).toBe(1);
    room.until("lobby");
    expect(room.show.badges.streakOf("tiktok:e")).toBe(1);
  });

  test("end a streak of who played and did not win", () => {
    let winner = "tiktok:a";
    const room = aRoom({
      enterPhase(_game, phase, { boards }) {
        if (phase === "results") boards.win(winner);
      },
    });
    room.come("a", "b");
    room.until("results");
    expect(room.show.badges.streakOf("tiktok:a")).toBe(1);
    winner = "tiktok:b";
    room.until("lobby");
    room.until("results");
    expect([room.show.badges.streakOf("tiktok:a"), room.show.badges.streakOf("tiktok:b")]).toEqual([0, 1]);
  });
});
