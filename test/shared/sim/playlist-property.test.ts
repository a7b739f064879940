/** Over any playlist, events and rounds: every gift has one final word, acts by one game's rules, with its own units, exactly once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { type AnyGame, actionsFor } from "../../../shared/game/define.ts";
import { createRuleCompiler, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { GiftOutcome } from "../../../shared/sim/outcome.ts";
import { createSimulation, resumeSimulation, type Simulation } from "../../../shared/sim/simulation.ts";
import { aGift, anEvent, aViewer } from "../../support/events.ts";
import { aSmallGame } from "../../support/small-games.ts";
import { type Tiny, tinyGame } from "../../support/tiny-game.ts";

/** What acted, with the units behind it, by every game of a show. */
interface Done {
  /** Number of the show. */
  readonly show: number;
  readonly game: string;
  readonly action: string;
  readonly who: string;
  readonly units: number;
  readonly tick: number;
}

const ids = ["one", "two", "three"] as const;
/** Rules about gifts; "" for a game that has none for them. */
const ruleKinds = [
  "  - { id: r, on: gift, do: jump }\n",
  "  - { id: r, on: gift, do: [wave, jump] }\n",
  "  - { id: r, on: gift, do: [jump, { wait: 1s }, pulse] }\n",
  "  - { id: r, on: gift, do: giant }\n",
  "  - { id: r, on: gift, cooldown: { viewer: 2s }, whenLimited: merge, do: jump }\n",
  "  - { id: r, on: gift, quota: { everyone: { round: 1 } }, do: jump }\n",
  "  - { id: r, on: gift, quota: { viewer: { show: 1 } }, do: jump }\n",
  "  - { id: r, on: gift, phase: play, do: wave }\n",
  "  - { id: r, on: gift, do: [{ fill: { m: 1 } }, jump] }\n",
  "  - { id: r, on: gift, do: { fill: { m: 1 } } }\n",
  "  - { id: r, on: gift, value: { from: 5 }, do: jump }\n",
  "  - { id: r, on: chat, do: wave }\n",
];

/** An outcome, and the number of the show that told it. */
interface Told extends GiftOutcome {
  readonly toldIn: number;
}

/** What acted in the run that is looked at. */
let done: Done[] = [];
/** Number of the show that plays. */
let showNr = 0;

/** A game that writes down what acts on it. */
function aGame(id: string): AnyGame {
  const defineAction = actionsFor<Tiny, unknown>();
  const noting = (action: string) => {
    const known = tinyGame.actions[action]!;
    return defineAction({
      ...(known as never as Parameters<typeof defineAction>[0]),
      apply(game, params, act, show) {
        const result = known.apply(game, params as never, act, show as never);
        const who = act.by?.viewer.handle ?? "";
        if (result === undefined)
          done.push({ show: showNr, game: id, action, who, units: act.count, tick: show.world.tick });
        return result;
      },
    });
  };
  return aSmallGame(id, {
    actions: Object.fromEntries(["wave", "jump", "pulse", "giant"].map((action) => [action, noting(action)])),
  });
}

const games: ReadonlyMap<string, AnyGame> = new Map(ids.map((id) => [id, aGame(id)]));
const compilers = new Map(Array.from(games.values(), (game) => [game.id, createRuleCompiler(game)]));
const compiled = new Map<string, CompiledRules>();

/** Rules of one kind for a game, compiled once. */
function rulesOf(id: string, kind: number): CompiledRules {
  const key = `${id} ${kind}`;
  const text = `game: ${id}\nallow: [COMPLIANCE_PAY_TO_PLAY]\nmeters: { m: { full: 1000 } }\nrules:\n${ruleKinds[kind]}`;
  const result = compiled.has(key) ? undefined : compilers.get(id)!(oneFile(text));
  if (result && !result.ok) throw new Error(result.problems.map(({ message }) => message).join());
  if (result?.ok) compiled.set(key, result.rules);
  return compiled.get(key)!;
}

const anEventOf = fc.record({
  who: fc.constantFrom("ana", "bo"),
  count: fc.integer({ min: 1, max: 9 }),
  unitValue: fc.constantFrom(1, 5),
  combo: fc.constantFrom("", "", "combo"),
  subscribes: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});
type Event = typeof anEventOf extends fc.Arbitrary<infer One> ? One : never;

const aStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("events" as const), events: fc.array(anEventOf, { maxLength: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("run" as const), ticks: fc.integer({ min: 1, max: 70 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: "endRound" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "endPhase" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "resume" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "nextShow" as const }) },
);

const aCase = fc.record({
  turns: fc.array(fc.record({ id: fc.constantFrom(...ids), rounds: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  kinds: fc.record({ one: anyKind(), two: anyKind(), three: anyKind() }),
  steps: fc.array(aStep, { minLength: 6, maxLength: 24 }),
});

function anyKind() {
  return fc.integer({ min: 0, max: ruleKinds.length - 1 });
}

function eventOf({ who, count, unitValue, combo, subscribes }: Event, nr: number): LiveEvent {
  if (subscribes)
    return { ...anEvent("subscribe"), id: `sub-${nr}`, viewer: aViewer(who), giftCount: count } as LiveEvent;
  return aGift(unitValue, who, nr, { count, streakKey: combo && `${combo}-${who}`, streakTotal: count });
}

test("received = applied + banked + rejected; one final word; one game's rules for each gift; no power twice", () => {
  let changes = 0;
  let anew = 0;
  fc.assert(
    fc.property(aCase, ({ turns, kinds, steps }) => {
      done = [];
      showNr = 0;
      const rules = new Map(ids.map((id) => [id as string, rulesOf(id, kinds[id])]));
      const begin = (names: typeof turns, carried?: unknown): Simulation => {
        const playlist = names.map(({ id, rounds }) => ({ game: games.get(id)!, rules: rules.get(id)!, rounds }));
        const own = new Set<string>(names.map(({ id }) => id));
        const ofCarried = ((carried as { games?: string[] })?.games ?? []).map((id) =>
          own.has(id) ? rules.get(id) : undefined,
        );
        return createSimulation({
          playlist,
          seed: 5,
          ...(carried ? { carried: { saved: carried, rules: ofCarried } } : {}),
        });
      };
      let simulation = begin(turns);
      const received = new Map<string, LiveEvent>();
      const words = new Map<string, Told[]>();
      const step = (events: LiveEvent[] = [], act: "endRound" | "endPhase" | undefined = undefined) => {
        const before = simulation.game.id;
        const result = simulation.step(events, undefined, act ? [act] : []);
        if (simulation.game.id !== before) changes++;
        anew += result.acts.filter(({ state }) => state === "withdrawn").length;
        for (const outcome of result.outcomes) {
          const known = words.get(outcome.event.id) ?? [];
          words.set(outcome.event.id, [...known, { ...outcome, toldIn: showNr }]);
        }
        return result;
      };
      for (const one of steps) {
        if (one.kind === "events") {
          const events = one.events.map((event) => eventOf(event, received.size));
          const numbered = events.map((event, index) => ({ ...event, id: `${event.type}-${received.size + index}` }));
          for (const event of numbered) received.set(event.id, event);
          step(numbered);
        } else if (one.kind === "run") for (let tick = 0; tick < one.ticks; tick++) step();
        else if (one.kind === "resume") {
          while (!step([], "endRound").checkpoint);
          const saved: unknown = JSON.parse(JSON.stringify(simulation.save()));
          const hash = simulation.hash();
          const known = new Map<number, CompiledRules>();
          for (const [id] of games) {
            const own = simulation.rulesOf(id);
            if (own) known.set(own.number, own.rules);
          }
          const carriedRules = carriedNumbers.get(simulation);
          for (const [number, own] of carriedRules ?? []) known.set(number, own);
          const again = resumeSimulation({ games, saved, rulesOf: (number) => known.get(number) });
          if (carriedRules) carriedNumbers.set(again, carriedRules);
          expect(again.hash()).toBe(hash);
          simulation = again;
        } else if (one.kind === "nextShow") {
          const carried: unknown = JSON.parse(JSON.stringify(simulation.carry(String(showNr))));
          showNr++;
          const others = turns.toReversed().slice(0, 2);
          simulation = begin(others, carried ?? undefined);
          const ofCarried = (carried as { games: string[] } | null)?.games ?? [];
          const own = new Set<string>(others.map(({ id }) => id));
          carriedNumbers.set(
            simulation,
            ofCarried.flatMap((id, number) => (own.has(id) ? [[number, rules.get(id)!] as const] : [])),
          );
        } else if (one.kind === "endRound") {
          const { round } = simulation.phase;
          while (simulation.phase.round === round) step([], "endRound");
        } else step([], one.kind);
      }
      expect(simulation.counters.errors).toBe(0);
      const gifts = [...received.values()].filter(({ type }) => type === "gift");
      // Every gift has a word, and after a final one there is none.
      for (const gift of gifts) {
        const told = words.get(gift.id) ?? [];
        expect(told.length).toBeGreaterThan(0);
        const finals = told.filter(({ state }) => state !== "banked");
        expect(finals.length).toBeLessThanOrEqual(1);
        if (finals.length === 1) expect(told.at(-1)).toBe(finals[0]);
      }
      // What acted of each gift did so once per action and rule; and with the units of what stands in the ledger.
      const last = gifts.map((gift) => words.get(gift.id)!.at(-1)!);
      for (const { actions } of last) {
        const names = actions.map(({ action }) => action);
        expect(new Set(names).size).toBe(names.length);
      }
      const counted = (action: string) =>
        last.reduce(
          (sum, { event, actions }) => sum + (actions.some((one) => one.action === action) ? event.count : 0),
          0,
        );
      for (const action of ["wave", "jump", "pulse", "giant"]) {
        const units = done.filter((one) => one.action === action).reduce((sum, one) => sum + one.units, 0);
        expect([action, units]).toEqual([action, counted(action)]);
      }
      // What acted for one gift was one game's, whatever shows it went through.
      for (const { actions, toldIn } of last) {
        const playing = actions.flatMap(({ action, tick, show = String(toldIn) }) => {
          const then = done.filter((one) => one.action === action && one.tick === tick && String(one.show) === show);
          return then.map(({ game }) => game);
        });
        expect(new Set(playing).size).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 300, seed: 6 },
  );
  // The property means something: games did change, and gifts were decided anew.
  expect(changes).toBeGreaterThan(200);
  expect(anew).toBeGreaterThan(150);
}, 60_000);

/** Rules of calls that were carried over, by their numbers in the show. */
const carriedNumbers = new WeakMap<Simulation, readonly (readonly [number, CompiledRules])[]>();
