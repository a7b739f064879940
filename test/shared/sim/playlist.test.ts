/** A playlist: games take turns in one show, and what outlasts them goes on. */
import { describe, expect, test } from "vitest";
import type { AnyGame } from "../../../shared/game/define.ts";
import type { OperatorAct } from "../../../shared/sim/input.ts";
import { type PlaylistEntry, resumeSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift, anAct, aViewer } from "../../support/events.ts";
import { aSmallGame, rulesFor } from "../../support/small-games.ts";
import { type Tiny, tinyGame } from "../../support/tiny-game.ts";
import { roomGame } from "../game/a-room.ts";
import { aShow, asText, chat, entry, gift, resume, second, third, tiny, watched } from "./a-playlist.ts";

const turnsOf = (show: ReturnType<typeof aShow>, rounds: number) => {
  const games: string[] = [];
  for (let round = 0; round < rounds; round++) {
    games.push(show.simulation.game.id);
    show.endRound();
  }
  return games;
};

describe("turns", () => {
  test.each<[string, PlaylistEntry[], string[]]>([
    ["one game plays on", [entry(tiny)], ["tiny", "tiny", "tiny"]],
    ["two games, a round each", [entry(tiny), entry(second)], ["tiny", "second", "tiny", "second"]],
    ["rounds in a row", [entry(tiny, chat, 2), entry(second)], ["tiny", "tiny", "second", "tiny", "tiny"]],
  ])("%s", (_name, playlist, expected) => {
    expect(turnsOf(aShow(playlist), expected.length)).toEqual(expected);
  });

  test("a game may come twice, with one set of rules", () => {
    const once = entry(tiny);
    const show = aShow([once, entry(second), { ...once, rounds: 2 }]);
    expect(turnsOf(show, 6)).toEqual(["tiny", "second", "tiny", "tiny", "tiny", "second"]);
    expect(() => aShow([entry(tiny), entry(tiny)])).toThrow("two sets of rules for tiny");
  });

  test("ticks, rounds and ids of bodies never begin anew; the world and the phases are those of the game", () => {
    const show = aShow([entry(tiny), entry(second)]);
    const { simulation } = show;
    const seen = new Set<number>();
    let tick = 0;
    for (let round = 1; round <= 5; round++) {
      const { world } = simulation;
      expect([simulation.phase.round, simulation.phase.name]).toEqual([round, "lobby"]);
      expect(world.tick).toBeGreaterThanOrEqual(tick);
      expect([world.width, world.height]).toEqual(round % 2 === 1 ? [1000, 1000] : [1500, 800]);
      expect(simulation.phase.endTick - simulation.phase.startTick).toBe(round % 2 === 1 ? 60 : 30);
      expect(world.entities.size).toBe(11);
      for (const id of world.entities.keys()) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      tick = world.tick;
      show.endRound();
    }
  });

  test("a phase that the next game has not is passed over when it begins", () => {
    const straight = aSmallGame("straight", { phases: { play: { seconds: 3 }, results: { seconds: 1 } } });
    const show = aShow([entry(tiny), entry(straight)]);
    show.until("results");
    while (show.simulation.game === tiny)
      expect(show.step().entered).toBe(show.simulation.game === tiny ? undefined : "play");
    expect([show.simulation.phase.name, show.simulation.phase.round]).toEqual(["play", 2]);
  });
});

describe("what outlasts a game", () => {
  test("viewers, the show's board, the feed and the names of teams", () => {
    const scoring = aSmallGame("scoring", {
      enterPhase: (_game, phase, { boards, crowd }) => {
        if (phase === "play") for (const { key } of crowd.values()) boards.add(key, 5);
      },
    });
    const teams = "teams: { Pink: [pink] }\n";
    const withTeams = (game: AnyGame) => ({ game, rules: rulesFor(game, chat, teams) });
    const show = aShow([withTeams(tiny), withTeams(scoring)]);
    show.step([aChat("pink", "ana")]);
    const said = show.simulation.feed.length;
    show.endRound();
    show.until("play");
    show.endRound();
    const { simulation } = show;
    expect(simulation.game.id).toBe("tiny");
    expect(simulation.crowd.find("ana")?.sinceTick).toBe(0);
    expect(simulation.boards.show).toMatchObject([{ viewer: "tiktok:ana", score: 5 }]);
    expect(simulation.boards.round).toEqual([]);
    expect(simulation.feed.length).toBeGreaterThanOrEqual(said);
    expect(simulation.save).toBeTypeOf("function");
  });

  test("the memory of a game's rules: a quota of the show is used up when the game comes back", () => {
    const once = "  - { id: once, on: chat, quota: { viewer: { show: 1 } }, do: wave }\n";
    const show = aShow([entry(tiny, once), entry(second, once)]);
    const wavesIn = (round: number) => {
      const before = show.acts.filter(({ state }) => state === "applied").length;
      show.step([aChat("hi", "ana", { id: `hi-${round}` })]);
      const now = show.acts.filter(({ state }) => state === "applied").length;
      show.endRound();
      return now - before;
    };
    expect([1, 2, 3, 4].map(wavesIn)).toEqual([1, 1, 0, 0]);
  });

  test("rules that change while another game plays hold when theirs comes back", () => {
    const show = aShow([entry(tiny), entry(second)]);
    const next = rulesFor(second, "  - { id: other, on: chat, do: pulse }\n");
    show.simulation.step([], next);
    expect([show.simulation.rulesOf("second")?.number, show.simulation.rulesNumber]).toEqual([2, 0]);
    show.endRound();
    expect([show.simulation.rules, show.simulation.rulesNumber]).toEqual([next, 2]);
    expect(show.simulation.rulesOf("nothing")).toBeUndefined();
  });
});

describe("a game that does something as its bodies leave", () => {
  test("does it in its own world and round: no id is given twice, and the next game has its lobby", () => {
    const ids: number[] = [];
    const leaving: AnyGame = {
      ...roomGame,
      id: "leaving",
      players: {
        ...roomGame.players!,
        left(_game, _player, show) {
          const ghost = show.world.spawn({ kind: "ghost", shape: { type: "circle", radius: 10 }, x: 9, y: 9 });
          if (ghost) ids.push(ghost.id);
          show.endPhase("results");
        },
      },
    };
    const next: AnyGame = { ...roomGame, id: "next" };
    const joins = "  - { id: in, on: chat, do: enter }\n";
    const show = aShow([entry(leaving, joins), entry(next, joins)]);
    show.step([aChat("hi", "ana"), aChat("hi", "bo")]);
    show.until("play");
    show.endRound();
    const { simulation } = show;
    expect(simulation.game.id).toBe("next");
    expect(ids.length).toBeGreaterThan(1);
    expect(ids.filter((id) => simulation.world.entities.has(id))).toEqual([]);
    show.step();
    expect(simulation.phase.name).toBe("lobby");
  });
});

describe("a game that cannot begin", () => {
  const failing = (hook: "create" | "newRound", isBroken: () => boolean) =>
    aSmallGame("failing", {
      [hook]: (...args: [never, never]) => {
        if (isBroken()) throw new Error("a bug in the game");
        return hook === "create" ? tinyGame.create(args[0]) : undefined;
      },
    });

  test.each(["create", "newRound"] as const)("in %s is passed over, told and counted", (hook) => {
    let isBroken = true;
    const show = aShow([entry(tiny), entry(failing(hook, () => isBroken)), entry(second)]);
    show.endRound();
    const { simulation } = show;
    expect(simulation.game.id).toBe("second");
    expect(simulation.counters).toMatchObject({ gamesFailed: 1, lastError: `${hook} of failing: a bug in the game` });
    expect(simulation.feed.at(-1)).toMatchObject({ words: "FAILING cannot begin, SECOND is next", tone: "bad" });
    expect([...simulation.world.entities.keys()].length).toBe(11);
    isBroken = false;
    show.endRound();
    show.endRound();
    expect(simulation.game.id).toBe("failing");
  });

  test.each(["create", "newRound"] as const)("in %s and is alone leaves its round empty and tries again", (hook) => {
    let isBroken = true;
    const show = aShow([
      entry(
        failing(hook, () => isBroken),
        gift("wave"),
      ),
    ]);
    const { simulation } = show;
    show.step([aGift(1)]);
    expect(simulation.world.entities.size).toBe(0);
    expect(show.of(1)).toMatchObject({ state: "banked", reason: "waits until FAILING can begin" });
    show.until("results");
    expect(simulation.counters.gamesFailed).toBe(1);
    show.endRound();
    expect(simulation.counters.gamesFailed).toBe(2);
    isBroken = false;
    show.endRound();
    for (let tick = 0; tick < 40; tick++) show.step();
    expect(simulation.counters.gamesFailed).toBe(2);
    expect(show.of(1)).toMatchObject({ state: "applied" });
    expect(simulation.hud().headline).toBe("tiny");
  });

  test("when all fail, what waits is decided by the first that works", () => {
    let isBroken = false;
    const one = failing("create", () => isBroken);
    const show = aShow([entry(one), entry({ ...one, id: "other", title: "OTHER" }, gift("pulse"))]);
    show.step([aGift(1)]);
    isBroken = true;
    show.endRound();
    expect(show.simulation.counters.gamesFailed).toBe(2);
    expect(show.of(1)).toMatchObject({ state: "banked" });
    isBroken = false;
    const resumed = watched(resume(show.simulation));
    for (const each of [show, resumed]) {
      each.endRound();
      each.until("play");
      for (let tick = 0; tick < 40; tick++) each.step();
      expect(each.of(1)).toMatchObject({ state: "applied" });
    }
    expect(resumed.simulation.hash()).toBe(show.simulation.hash());
  });
});

describe("a show that is resumed", () => {
  test("goes on exactly, whichever game plays and whatever waits", () => {
    const playlist = [entry(tiny, gift("[wave, jump]")), entry(second, chat), entry(third, gift("giant"), 2)];
    const show = aShow(playlist);
    let nr = 0;
    for (let round = 1; round <= 7; round++) {
      show.step(["ana", "bo", "cem"].map((who) => aGift(1, who, ++nr, { count: nr })));
      show.step([aChat("hi", `v${round}`)]);
      show.endRound();
      const resumed = watched(resume(show.simulation));
      expect(resumed.simulation.hash()).toBe(show.simulation.hash());
      const saved = resume(show.simulation);
      for (let tick = 0; tick < 400; tick++) {
        const events = tick % 50 === 0 ? [aGift(1, "dea", 1000 + round * 10 + tick)] : [];
        resumed.step(events);
        saved.step(events);
        expect(resumed.simulation.fingerprint()).toBe(saved.fingerprint());
      }
      expect(resumed.simulation.hash()).toBe(saved.hash());
    }
    expect(new Set(show.simulation.playlist.map(({ game }) => game.id)).size).toBe(3);
  });

  test("is refused without one of its games", () => {
    const show = aShow([entry(tiny), entry(second)]);
    show.endRound();
    const saved = asText(show.simulation.save());
    const games = new Map([["tiny", tiny]]);
    expect(() => resumeSimulation({ games, saved, rulesOf: () => undefined })).toThrow(
      "plays second, which is not there",
    );
  });
});

describe("an action that the operator tries", () => {
  const dataOf = (show: ReturnType<typeof aShow>) => show.acts.filter(({ rule }) => rule === "test");
  const trial = (action: string, params: object = {}): OperatorAct => ({
    action,
    params: { ...params },
    viewer: aViewer("op"),
  });

  test("acts at once, marked as a test, and never counts", () => {
    const scoring = aSmallGame("scoring", {
      actions: {
        ...tiny.actions,
        score: {
          ...tiny.actions.wave!,
          apply(_game: Tiny, _params: unknown, { member, test: isTest }: never, { boards, feed }: never) {
            (boards as { add(key: string, points: number, roundOnly: boolean): void }).add(
              (member as { key: string }).key,
              1,
              isTest,
            );
            (feed as (member: unknown, words: string) => void)(member, "SCORED");
            return undefined;
          },
        } as never,
      },
    });
    const show = aShow([entry(scoring)]);
    show.step([], [trial("score", { size: 3 })]);
    expect(dataOf(show)).toMatchObject([
      { action: "score", params: { size: 3 }, viewer: "tiktok:op", state: "applied" },
    ]);
    expect(show.simulation.boards.show).toEqual([]);
    expect(show.simulation.feed.at(-1)).toMatchObject({ words: "SCORED", test: true });
    expect(show.simulation.crowd.find("op")?.test).toBe(true);
    expect(show.told).toEqual([]);
  });

  test.each<[string, OperatorAct, string]>([
    ["of another phase", trial("jump"), "waits for play"],
    ["that the game has not", trial("fly"), "TINY has no such action"],
    ["with wrong params", trial("wave", { size: 99 }), "it does not take these params"],
    ["by a name of every object", trial("constructor"), "TINY has no such action"],
  ])("%s is refused", (_name, act, reason) => {
    const show = aShow([entry({ ...tiny, title: "TINY" })]);
    show.step([], [act]);
    expect(dataOf(show)).toMatchObject([{ state: "refused", reason }]);
    expect(show.simulation.banked).toBe(0);
  });
});

test("who joins by an act is known to the next game", () => {
  const show = aShow([entry(tiny, "  - { id: in, on: join, do: wave }\n"), entry(second)]);
  show.step([anAct("join", "zoe")]);
  show.endRound();
  expect(show.simulation.crowd.find("zoe")).toBeDefined();
});
