/** Shows of several small games for tests of playlists, with a log of what became of gifts and calls. */
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { AnyGame } from "../../../shared/game/define.ts";
import type { Acted } from "../../../shared/sim/acted.ts";
import type { OperatorAct } from "../../../shared/sim/input.ts";
import type { GiftOutcome } from "../../../shared/sim/outcome.ts";
import {
  createSimulation,
  type PlaylistEntry,
  resumeSimulation,
  type Simulation,
} from "../../../shared/sim/simulation.ts";
import { aSmallGame, rulesFor } from "../../support/small-games.ts";
import { tinyGame } from "../../support/tiny-game.ts";

export const tiny: AnyGame = { ...tinyGame, title: "TINY" };
export const second = aSmallGame("second");
export const third = aSmallGame("third");
export const asText = <T>(value: T): T => JSON.parse(JSON.stringify(value));
export const chat = "  - { id: hello, on: chat, do: wave }\n";
export const gift = (what = "jump") => `  - { id: present, on: gift, do: ${what} }\n`;
export const entry = (game: AnyGame, rules = chat + gift(), rounds = 1): PlaylistEntry => ({
  game,
  rules: rulesFor(game, rules),
  rounds,
});

/** A show that notes what became of gifts and calls. */
export function aShow(playlist: readonly PlaylistEntry[], more: object = {}) {
  const simulation = createSimulation({ playlist, seed: 3, ...more });
  return watched(simulation);
}

export function watched(simulation: Simulation) {
  const outcomes = new Map<string, GiftOutcome>();
  const acts: Acted[] = [];
  const told: GiftOutcome[] = [];
  const step = (events: readonly LiveEvent[] = [], operator: readonly OperatorAct[] = []) => {
    const result = simulation.step(events, undefined, operator);
    for (const outcome of result.outcomes) outcomes.set(outcome.event.id, outcome);
    told.push(...result.outcomes);
    acts.push(...result.acts);
    return result;
  };
  /** Up to the tick in which the next round begins. */
  const endRound = () => {
    const { round } = simulation.phase;
    while (simulation.phase.round === round) step([], ["endRound"]);
  };
  const until = (phase: string) => {
    for (let tick = 0; simulation.phase.name !== phase && tick < 2000; tick++) step();
  };
  const of = (nr: number, who = "ana") => outcomes.get(`gift-${who}-1-${nr}`);
  return { simulation, step, endRound, until, outcomes, told, acts, of };
}

/** Goes on from the text of a checkpoint. */
export function resume(simulation: Simulation): Simulation {
  const games = new Map(simulation.playlist.map(({ game }) => [game.id, game]));
  const rules = new Map([...games.keys()].map((id) => [simulation.rulesOf(id)!.number, simulation.rulesOf(id)!.rules]));
  return resumeSimulation({ games, saved: asText(simulation.save()), rulesOf: (number) => rules.get(number) });
}
