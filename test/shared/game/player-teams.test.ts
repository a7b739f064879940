/** Teams of players: balanced, kept for the show, changed on request within a limit, never empty beside two; bots beside them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTeamMemory } from "../../../shared/game/teams.ts";
import { aChat } from "../../support/events.ts";
import { aRoom } from "./a-room.ts";

const second = 60;

describe("teams", () => {
  test("differ by at most one person while nobody chooses", () => {
    const property = fc.property(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 1, max: 14 }), (teams, count) => {
      const room = aRoom({ options: { teams, most: 20 } });
      for (let index = 0; index < count; index++) {
        room.come(`v${index}`);
        const [without, ...sizes] = room.show.players.sizes();
        expect(sizes).toHaveLength(teams);
        expect(without).toBe(0);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
    });
    fc.assert(property, { numRuns: 15 });
  });

  test("count who waits, too", () => {
    const room = aRoom({ options: { teams: 2, most: 2 } });
    room.come("a", "b", "c", "d", "e", "f");
    const { players } = room.show;
    expect(players.sizes()).toEqual([0, 1, 1]);
    expect(players.sizes(players.all.values())).toEqual([0, 3, 3]);
  });

  test("are told by name, to rules too; mates are mates", () => {
    const room = aRoom({ options: { teams: 2 } });
    room.come("a", "b", "c");
    const [a, b, c] = ["a", "b", "c"].map((id) => room.player(id));
    const { players } = room.show;
    expect([a, b, c].map((player) => players.teamName(player!.team))).toEqual(["Red", "Blue", "Red"]);
    expect([players.areMates(a!, c!), players.areMates(a!, b!)]).toEqual([true, false]);
    expect(players.teamName(0)).toBe("");
    expect(players.sizes([a!])).toEqual([0, 1, 0]);
  });

  test("are none without teams", () => {
    const room = aRoom();
    room.come("a", "b");
    expect(room.show.players.sizes()).toEqual([2]);
    expect(room.show.players.areMates(room.player("a"), room.player("b"))).toBe(false);
  });

  test.each([
    ["may be chosen in the lobby", { lead: 2 }, "lobby", 2],
    ["may lead by no more than the game says", { lead: 1 }, "lobby", 1],
    ["may not be changed in play", { lead: 2 }, "play", 1],
    ["may be changed in play where the game says so", { lead: 2, changeIn: ["play"] as const }, "play", 2],
  ] as const)("%s", (_, changes, phase, wanted) => {
    const teams = { names: ["Red", "Blue", "Green"], active: () => 2, ...changes };
    const room = aRoom({ players: { teams } });
    room.come("a", "b", "c", "d");
    if (phase === "play") room.until("play");
    room.step(aChat("blue", "a"), aChat("green", "c"));
    expect(room.player("a").team).toBe(wanted);
    expect(room.player("c").team).toBe(1);
    expect(room.words().includes("a joins Blue")).toBe(wanted === 2);
  });

  test("stay for the show, also for who was forgotten meanwhile", () => {
    const room = aRoom({ options: { teams: 2 } });
    room.come("a", "b", "c");
    for (let round = 1; round <= 3; round++) {
      room.until("play");
      room.come("a", "c");
      room.until("lobby");
    }
    expect(room.show.players.all.has("tiktok:b")).toBe(false);
    room.step(aChat("blue", "a"));
    room.come("d", "b");
    // By balance alone b would be Red.
    expect([room.player("d").team, room.player("b").team]).toEqual([1, 2]);
  });

  test("are never empty when a fight begins while another has two", () => {
    const room = aRoom({ options: { teams: 3 } });
    room.come("a", "b", "c", "d");
    for (const id of ["a", "b", "c", "d"]) room.player(id).team = 1;
    room.until("play");
    expect(room.show.players.sizes()).toEqual([0, 2, 1, 1]);
  });

  test("are those of the options of the round", () => {
    const room = aRoom({ options: { teams: 3 } });
    room.come("a", "b", "c");
    const teamsIn = (next: Parameters<typeof room.retune>[0]) => {
      room.come("a", "b", "c");
      room.retune(next);
      room.until("lobby");
      return ["a", "b", "c"].map((id) => room.player(id).team);
    };
    expect(teamsIn({ teams: 2 })).toEqual([1, 2, 1]);
    expect(teamsIn({ teams: 0 })).toEqual([0, 0, 0]);
    expect(teamsIn({ teams: 2 })).toEqual([1, 2, 1]);
  });

  test("share a full round evenly", () => {
    const room = aRoom({ options: { teams: 2, most: 4 } });
    room.come("a", "b", "c", "d", "e", "f");
    for (const id of ["a", "b", "c", "d"]) room.player(id).team = 1;
    for (const id of ["e", "f"]) room.player(id).team = 2;
    room.until("lobby");
    expect(room.show.players.sizes()).toEqual([0, 2, 2]);
  });
});

describe("bots", () => {
  const bots = (room: ReturnType<typeof aRoom>) => room.show.players.active.filter(({ bot }) => bot).length;

  test.each([
    [0, 5, 0, 5],
    [3, 5, 0, 2],
    [5, 5, 0, 0],
    [1, 0, 0, 1],
    [0, 0, 0, 0],
    [3, 4, 2, 1],
    [5, 4, 2, 1],
    [5, 3, 3, 1],
  ])("beside %i people, filled to %i, in %i teams, are %i", (people, fillTo, teams, wanted) => {
    const room = aRoom({ options: { fillTo, teams, lobbySeconds: 100 }, players: { least: 2 } });
    room.come(...Array.from({ length: people }, (_, index) => `v${index}`));
    room.run(5 * second);
    expect(bots(room)).toBe(wanted);
    if (teams > 0) expect(new Set(room.show.players.sizes().slice(1)).size).toBe(1);
  });

  test("come and go one at a time, with a gap", () => {
    const room = aRoom({ options: { fillTo: 4, lobbySeconds: 100 } });
    let before = bots(room);
    const changes: number[] = [];
    for (let tick = 0; tick < 8 * second; tick++) {
      if (tick === 3 * second) room.come("a", "b", "c", "d");
      else room.run(1);
      if (bots(room) !== before) changes.push(tick);
      expect(Math.abs(bots(room) - before)).toBeLessThanOrEqual(1);
      before = bots(room);
    }
    expect(before).toBe(0);
    for (const [index, tick] of changes.slice(1).entries()) expect(tick - changes[index]!).toBeGreaterThanOrEqual(17);
  });

  test("come all at once when the lobby ends, and act in play", () => {
    const acted = new Set<string>();
    const room = aRoom({
      options: { fillTo: 6, lobbySeconds: 0.1 },
      players: {
        bots: { fillTo: ({ fillTo }) => fillTo, step: (_game, bot, { phase }) => void acted.add(bot.key + phase.name) },
      },
    });
    room.until("play");
    expect(bots(room)).toBe(6);
    room.run(2);
    expect([...acted].every((who) => who.endsWith("play"))).toBe(true);
    expect(acted.size).toBe(6);
  });

  test("get no badges, and are not enrolled over rounds", () => {
    const enrolled: number[] = [];
    const room = aRoom({
      options: { fillTo: 3 },
      newRound: (_game, { players }) => void enrolled.push(players.all.size),
    });
    room.until("play");
    for (const { key } of room.show.players.active) room.show.boards.win(key);
    room.until("results");
    expect(room.show.boards.round).toHaveLength(3);
    expect(room.show.boards.show).toEqual([]);
    expect(room.words().join()).not.toContain("badge");
    room.until("lobby");
    expect(enrolled).toEqual([0, 0]);
  });
});

describe("team memory", () => {
  const teams = ["Red", "Blue"];

  test("knows one team of each set of teams, the last that was joined", () => {
    const memory = createTeamMemory();
    memory.join("a", "Red", teams);
    memory.join("a", "Cyan", ["Cyan", "Pink"]);
    expect([memory.of("a", teams), memory.of("a", ["Cyan", "Pink"]), memory.of("a", ["Lime"])]).toEqual([
      "Red",
      "Cyan",
      "",
    ]);
    memory.join("a", "Blue", teams);
    expect(memory.of("a", teams)).toBe("Blue");
    expect(createTeamMemory(memory.save()).of("a", teams)).toBe("Blue");
    expect(memory.of("b", teams)).toBe("");
    for (let nr = 0; nr < 9; nr++) memory.join("a", teams[nr % 2]!, teams);
    expect(memory.of("a", ["Cyan", "Pink"])).toBe("Cyan");
  });

  test("is bounded, and forgets who joined longest ago", () => {
    const memory = createTeamMemory();
    for (let nr = 0; nr < 20_001; nr++) memory.join(`v${nr}`, "Red", teams);
    expect(memory.save().length).toBeLessThanOrEqual(20_000);
    expect([memory.of("v0", teams), memory.of("v20000", teams)]).toEqual(["", "Red"]);
  });
});
