/** The phase machine and the gift tiers. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  createPhaseMachine,
  type PhaseSeconds,
  phaseOptions,
  phaseSeconds,
  ticksOf,
} from "../../../shared/game/phases.ts";
import { defaultTiers, logarithmic, tierOf } from "../../../shared/game/tiers.ts";

const seconds = (fields: Partial<PhaseSeconds> = {}): PhaseSeconds => ({
  lobby: 2,
  countdown: 1,
  play: 3,
  sudden: 1,
  results: 1,
  ...fields,
});

/** Runs the machine and tells at which tick which phase was entered. */
function enteredBy(machine: ReturnType<typeof createPhaseMachine>, ticks: number): string[] {
  const entered: string[] = [];
  for (let tick = 0; tick <= ticks; tick++) {
    const name = machine.advance(tick);
    if (name) entered.push(`${tick} ${name} ${machine.round}`);
  }
  return entered;
}

describe("phases", () => {
  test("follow each other by time, and the next round by itself", () => {
    expect(enteredBy(createPhaseMachine(seconds()), 600)).toEqual([
      "120 countdown 1",
      "180 play 1",
      "360 sudden 1",
      "420 results 1",
      "480 lobby 2",
      "600 countdown 2",
    ]);
  });

  test("of no length are skipped, also the first", () => {
    const machine = createPhaseMachine(seconds({ lobby: 0, countdown: 0, sudden: 0 }));
    expect(machine.name).toBe("play");
    expect(enteredBy(machine, 300)).toEqual(["180 results 1", "240 play 2"]);
  });

  test("end when a game says so, and skip ahead", () => {
    const machine = createPhaseMachine(seconds());
    machine.end();
    expect(machine.advance(5)).toBe("countdown");
    machine.end("results");
    expect([machine.advance(6), machine.round, machine.startTick, machine.endTick]).toEqual(["results", 1, 6, 66]);
    expect(machine.advance(7)).toBeUndefined();
  });

  test("can be made longer", () => {
    const machine = createPhaseMachine(seconds());
    machine.extend(30);
    expect([machine.advance(149), machine.advance(150)]).toEqual([undefined, "countdown"]);
  });
});

test.each([
  [0, "T1"],
  [1, "T1"],
  [4.9, "T1"],
  [5, "T2"],
  [29, "T2"],
  [30, "T3"],
  [98, "T3"],
  [99, "T4"],
  [499, "T5"],
  [999, "T5"],
  [1000, "T6"],
  [44_999, "T6"],
])("a gift worth %d is %s", (unitValue, tier) => {
  expect(tierOf({ id: "1", name: "", unitValue, currency: "diamond" }, defaultTiers)).toBe(tier);
});

test("strength grows with the logarithm and stops at its cap", () => {
  const strengths = [0, 1, 2, 4, 64, 1_000_000].map((count) => logarithmic(count, 3));
  expect(strengths).toEqual([1, 1, 1.5, 2, 3, 3]);
});

describe("phases as a game declares them", () => {
  const phases = { lobby: { seconds: 20, max: 60 }, play: { seconds: 90, min: 10, summary: "The race." } };
  const options = z.strictObject({ ...phaseOptions(phases), laps: z.number().default(3) });

  test("become options with ranges and a sentence each", () => {
    expect(options.parse({})).toEqual({ lobbySeconds: 20, playSeconds: 90, laps: 3 });
    expect(z.toJSONSchema(options, { io: "input" }).properties).toMatchObject({
      lobbySeconds: { minimum: 0, maximum: 60, default: 20, description: "Length of the phase lobby." },
      playSeconds: { minimum: 10, maximum: 3600, default: 90, description: "The race." },
    });
  });

  test.each([
    [{}, 20, 90],
    [{ lobbySeconds: 5, resultsSeconds: 9 }, 5, 90],
    [{ playSeconds: 0 }, 20, 0],
    [undefined, 20, 90],
  ])("under %j last as the options say, and what is not declared is skipped", (given, lobby, play) => {
    expect(phaseSeconds(phases, given)).toEqual({ lobby, countdown: 0, play, sudden: 0, results: 0 });
  });

  test.each([
    [1, 60],
    [0.5, 30],
    [0.01, 1],
  ])("%d s are %d ticks", (seconds, ticks) => {
    expect(ticksOf(seconds)).toBe(ticks);
  });
});
