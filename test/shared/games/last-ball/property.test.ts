/** What holds for every crowd: limits, numbers, ends of rounds, and the same show twice. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import game from "../../../../shared/games/last-ball/game.ts";
import type { LastBall, Show } from "../../../../shared/games/last-ball/state.ts";
import { compileRules, oneFile } from "../../../../shared/rules/compile.ts";
import { createSimulation } from "../../../../shared/sim/simulation.ts";
import { aChat, aGift, aLike, anAct } from "../../../support/events.ts";
import { aMatch, someRules } from "./a-match.ts";

const second = 60;
const words = ["hi", "dash", "guard", "@v1", "@v2 get them", "magnet left", "freeze top", "v3", "pink", "", "🎉 dash"];

const anEvent = (people: number): fc.Arbitrary<LiveEvent> => {
  const who = fc.integer({ min: 0, max: people - 1 }).map((n) => `v${n}`);
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...words), who).map(([text, id]) => aChat(text, id)) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(1, 5, 30, 99, 499, 1000), who, fc.nat(), fc.integer({ min: 1, max: 100_000 }))
        .map(([value, id, nr, count]) => aGift(value, id, nr, { count })),
    },
    { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 0, max: 900 }), who).map(([count, id]) => aLike(count, id)) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom("follow", "share"), who).map(([type, id]) => anAct(type, id)) },
  );
};

const aShow = (people: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 3600 }), anEvent(people)), { maxLength: 250 }).map((list) => {
    const byTick = new Map<number, LiveEvent[]>();
    for (const [tick, event] of list) byTick.set(tick, [...(byTick.get(tick) ?? []), event]);
    return byTick;
  });

/** What is wrong with a match of at most 12 balls, "" when nothing is. */
function fault({ meteors, falling }: LastBall, { players }: Show): string {
  const { active } = players;
  if (active.length > 12) return `${active.length} balls`;
  if (meteors.length > 48 || falling.length > 0) return `${meteors.length} meteors, ${falling.length} falling`;
  for (const { key, body, growth, swell } of active) {
    if (!body?.alive) return `${key} has no ball`;
    const sum = body.x + body.y + body.vx + body.vy + body.mass + growth + swell;
    if (!Number.isFinite(sum)) return `${key} has a number that is none`;
    if (body.radius < 42 || body.radius > 104 || growth > 0.24) return `${key} has radius ${body.radius}`;
  }
  return "";
}

describe("whatever viewers do", () => {
  test.each([
    { mode: "ring-out" },
    { mode: "hp" },
    { mode: "ring-out", teams: 3, arena: "pinball" },
    { mode: "hp", teams: 2, arena: "open" },
  ] as const)("nothing breaks and the round ends (%o)", (options) => {
    const property = fc.property(aShow(20), fc.integer(), (events, seed) => {
      const match = aMatch({ ...options, maxBalls: 12, playSeconds: 30, suddenSeconds: 15, bots: { fillTo: 4 } }, seed);
      const { simulation } = match;
      for (let tick = 0; tick < 3600; tick++) {
        match.step(...(events.get(tick) ?? []));
        match.effects.length = 0;
        const found = fault(match.game, match.show);
        if (found) throw new Error(`tick ${tick}: ${found}`);
      }
      // Lobby 2, countdown 1, play 30, sudden 15, results 8: in 60 s a second round has begun.
      expect(simulation.phase.round).toBeGreaterThanOrEqual(2);
      expect(simulation.counters.errors).toBe(0);
      expect(simulation.world.counters.broken).toBe(0);
      expect(simulation.world.counters.refused).toBe(0);
    });
    fc.assert(property, { numRuns: 3 });
  });

  test("the same show gives the same hashes twice, another seed others", () => {
    const rules = someRules({ lobbySeconds: 2, countdownSeconds: 1 });
    const hashes = (events: ReadonlyMap<number, LiveEvent[]>, seed: number) => {
      const simulation = createSimulation({ playlist: [{ game, rules }], seed });
      const found: string[] = [];
      for (let tick = 0; tick < 1500; tick++) {
        simulation.step(events.get(tick) ?? []);
        if (tick % 100 === 99) found.push(simulation.hash());
      }
      return found;
    };
    fc.assert(
      fc.property(aShow(8), fc.integer({ min: 0, max: 1e6 }), (events, seed) => {
        const first = hashes(events, seed);
        expect(hashes(events, seed)).toEqual(first);
        expect(hashes(events, seed + 1)).not.toEqual(first);
      }),
      { numRuns: 3 },
    );
  });
});

describe("a room of any size", () => {
  const text = readFileSync(new URL("../../../../shared/games/last-ball/rules.yaml", import.meta.url), "utf8");
  const compiled = compileRules(oneFile(text), game);

  test("the game's own rule file is right, and its options are the defaults", () => {
    expect(compiled).toMatchObject({ ok: true });
    if (compiled.ok) expect(compiled.rules.options).toEqual(game.options.parse({}));
  });

  test.each([0, 1, 2, 30, 300])(
    "%i viewers: the round ends by itself with one winner, not in its first seconds",
    (count) => {
      if (!compiled.ok) throw new Error("rules.yaml is wrong");
      const simulation = createSimulation({ playlist: [{ game, rules: compiled.rules }], seed: 5 });
      let began = 0;
      let ended = 0;
      for (let tick = 0; tick < 150 * second && ended === 0; tick++) {
        const { name } = simulation.phase;
        const arrives = tick < count ? [aChat("hi", `v${tick}`)] : [];
        const talks = count > 0 && tick % 20 === 0 ? [aChat("dash", `v${(tick / 20) % count}`)] : [];
        simulation.step([...arrives, ...talks]);
        if (name !== "play" && simulation.phase.name === "play") began = simulation.world.tick;
        if (name !== "results" && simulation.phase.name === "results") ended = simulation.world.tick;
      }
      expect(ended - began).toBeGreaterThan(30 * second);
      expect(ended - began).toBeLessThanOrEqual(110 * second);
      expect(simulation.hud().podium).toHaveLength(3);
      expect(simulation.counters.errors).toBe(0);
      expect(simulation.world.counters.refused).toBe(0);
    },
  );
});
