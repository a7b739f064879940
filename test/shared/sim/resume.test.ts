/** A show that is saved at a checkpoint, written as text, read and resumed goes on bit for bit as the one that was never stopped. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { compileRules, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { OperatorAct } from "../../../shared/sim/input.ts";
import { createSimulation, resumeSimulation, type Simulation } from "../../../shared/sim/simulation.ts";
import { aGift } from "../../support/events.ts";
import { aSimulatedShow } from "../../support/simulated-show.ts";

const options =
  "options: { lobbySeconds: 5, countdownSeconds: 2, playSeconds: 20, suddenSeconds: 12, resultsSeconds: 3, teams: 2 }\n";
const other = readFileSync(new URL("../../golden/other-rules.yaml", import.meta.url), "utf8");
const shipped = readFileSync(new URL("../../../shared/games/last-ball/rules.yaml", import.meta.url), "utf8");

/** Rules that leave all kinds of things behind: waiting calls and changes, merged ones, combos, quotas, crowds. */
const rich = `${options}${other}
  - { id: once, on: follow, quota: { viewer: { show: 1 } }, do: rimSave }
  - { id: daily, on: gift, tier: [T1], quota: { viewer: { day: 3 } }, also: true, do: grow }
  - { id: later, on: gift, also: true, do: [{ wait: 9s }, { say: "later" }, grow] }
  - { id: played, on: gift, also: true, phase: sudden, do: { fill: { rage: 1 } } }
  - { id: bump, on: like, every: 20, whenLimited: bank, cooldown: { viewer: 20s }, do: dash }
`;

const files = [rich, shipped.replace(/options:[\s\S]*?fillTo: 8.*\n/, options.replace("teams: 2", "teams: 0")), rich];
const rulesOf = (number: number): CompiledRules => {
  const result = compileRules(
    oneFile(`allow: [COMPLIANCE_PAY_TO_PLAY, COMPLIANCE_CHANCE]\n${files[number]}`),
    lastBall,
  );
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join("\n"));
  return result.rules;
};

/** What enters at a tick. */
interface Entering {
  readonly events: LiveEvent[];
  readonly rules: number | undefined;
  readonly acts: OperatorAct[];
}

const games = new Map([[lastBall.id, lastBall]]);
const ticks = 6600;
/** Rules that take over, in the middle of a fight each time. */
const changes: Readonly<Record<number, number>> = { 1500: 1, 3700: 2 };
const acts: Readonly<Record<number, OperatorAct[]>> = { 2900: ["endPhase"], 5400: ["endRound"] };

function enteringOf(seed: number): Entering[] {
  const audience = aSimulatedShow({ scenario: "crowd", seed });
  return Array.from({ length: ticks }, (_, tick) => {
    const events = audience.nextTick();
    // Floods that keep queues and bank full over a change of rules and over checkpoints.
    const price = [99, 1, 600, 20][Math.floor(tick / 10) % 4]!;
    if (tick % 700 < 20)
      events.push(aGift(price, `rich${tick % 9}`, tick, { streakKey: tick % 3 === 0 ? "combo" : "" }));
    return { events, rules: changes[tick], acts: acts[tick] ?? [] };
  });
}

interface Look {
  readonly print: number;
  readonly hash: string;
}

function play(simulation: Simulation, { events, rules, acts: done }: Entering, tick: number) {
  const { checkpoint } = simulation.step(events, rules === undefined ? undefined : rulesOf(rules), done);
  const look: Look = { print: simulation.fingerprint(), hash: tick % 200 === 0 ? simulation.hash() : "" };
  return { checkpoint, look };
}

describe("a show of Last Ball", () => {
  const seed = 5;
  const entering = enteringOf(seed);
  const looks: Look[] = [];
  /** By tick, the text of what was saved. */
  const saved = new Map<number, string>();
  let whole: Simulation;

  beforeAll(() => {
    whole = createSimulation({ playlist: [{ game: lastBall, rules: rulesOf(0) }], seed });
    for (let tick = 0; tick < ticks; tick++) {
      const { checkpoint, look } = play(whole, entering[tick]!, tick);
      looks.push(look);
      if (checkpoint) saved.set(tick + 1, JSON.stringify(whole.save()));
    }
  }, 60_000);

  test("is a rich one", () => {
    expect(whole.counters).toMatchObject({ errors: 0 });
    const all = [...saved.values()].map((text) => JSON.parse(text));
    expect(all.length).toBeGreaterThanOrEqual(3);
    const waiting = all.flatMap((one) => one.waiting.entries as { call: { place: number[] } }[]);
    const olds = all.flatMap(({ waiting: { entries }, numbers: { now } }) =>
      (entries as typeof waiting).filter(({ call }) => call.place[0]! < now),
    );
    expect(waiting.length).toBeGreaterThan(20);
    expect(olds.length).toBeGreaterThan(0);
    for (const part of ["limits", "acted", "late", "begun", "queues", "lasting", "delayed", "meters", "variables"])
      expect([part, all.some(({ engines: [engine] }) => Object.keys(engine[part]).length > 0)]).toEqual([part, true]);
  });

  test("goes on from each checkpoint as if it had never stopped", { timeout: 120_000 }, () => {
    const ends = [...saved.keys()];
    for (const [index, from] of ends.entries()) {
      const text = saved.get(from)!;
      const resumed = resumeSimulation({ games, saved: JSON.parse(text), rulesOf });
      expect(JSON.stringify(resumed.save())).toBe(text);
      expect(resumed.fingerprint()).toBe(looks[from - 1]!.print);
      const until = Math.min(ticks, Math.max(from + 1800, ends[index + 1] ?? 0));
      for (let tick = from; tick < until; tick++) {
        const { checkpoint, look } = play(resumed, entering[tick]!, tick);
        if (look.print !== looks[tick]!.print || look.hash !== looks[tick]!.hash)
          expect({ from, tick, ...look }).toEqual({ from, tick, ...looks[tick]! });
        if (checkpoint) expect(JSON.stringify(resumed.save()) === saved.get(tick + 1)).toBe(true);
      }
    }
  });
});
