/** Prints: short forms of a show's state by which two runs of it are compared - hashes by part, a number for each tick, all bodies. */
import { type PhaseMachine, type PhaseView, phaseNames } from "../game/phases.ts";
import type { RuleEngine } from "../rules/decision.ts";
import { hashOf } from "../world/hash.ts";
import type { Random } from "../world/random.ts";
import type { World } from "../world/world.ts";
import type { SavedEntry } from "./bank.ts";
import type { Facts } from "./facts.ts";
import type { OutcomeKeeper, SavedOutcomes } from "./outcome.ts";
import type { ShowMemory } from "./show-memory.ts";
import type { HashPart, OutlineRow } from "./simulation-interface.ts";
import type { Turn } from "./turns.ts";
import type { SavedWaiting, Waiting } from "./waiting.ts";

/** Parts of a unit to which places and speeds are rounded. */
const quantum = 1000;

/** The keepers of a show's state. */
interface Keepers {
  readonly world: World;
  readonly phase: PhaseMachine;
  readonly random: Random;
  readonly turn: Turn;
  readonly memory: ShowMemory;
  readonly waiting: Waiting;
  readonly outcomes: OutcomeKeeper;
  /** Of all games. */
  readonly engines: readonly RuleEngine[];
  readonly facts: Facts;
  /** The game's own data and its players. */
  readonly game: unknown;
}

/** A hash of each part of a show. */
export function hashesOf(of: Keepers): Record<HashPart, string> {
  const { boards, badges, crowd, teams } = of.memory;
  return {
    phase: hashOf([of.world.tick, of.phase.save(), of.turn]),
    bodies: hashOf(bodiesOf(of.world)),
    waiting: hashOf(waitingOf(of.waiting.save(), of.outcomes.save())),
    crowd: hashOf(Array.from(crowd.values(), ({ key, lastActTick, test }) => [key, lastActTick, test])),
    boards: hashOf([boards.save(), badges.save()]),
    random: hashOf(of.random.save()),
    rules: hashOf(of.engines.map((engine) => engine.save())),
    facts: hashOf([of.facts.save(), teams.save()]),
    game: hashOf(of.game),
  };
}

function bodiesOf({ entities }: World): unknown[] {
  return Array.from(entities.values(), ({ id, kind, x, y, angle, vx, vy, radius, wear }) => {
    return [id, kind, x, y, angle, vx, vy, radius, [...wear]];
  });
}

/** Without the events behind waiting calls and gifts, which their ids stand for. */
function waitingOf({ nextReleaseTick, entries, elsewhere }: SavedWaiting, gifts: SavedOutcomes): unknown[] {
  const without = ({ call: { event: _event, ...call }, ...entry }: SavedEntry) => ({ ...entry, call });
  const open = gifts.map(({ event, ...gift }) => [event.id, gift]);
  return [nextReleaseTick, entries.map(without), elsewhere.map(without), open];
}

/** Bodies for people: id, kind, viewer, then numbers rounded to a thousandth. */
export function outlineOf({ entities }: World): OutlineRow[] {
  return Array.from(entities.values(), ({ id, kind, viewer, x, y, angle, vx, vy, radius }): OutlineRow => {
    return [id, kind, viewer, rounded(x), rounded(y), rounded(angle), rounded(vx), rounded(vy), rounded(radius)];
  });
}

function rounded(value: number): number {
  return Math.round(value * quantum) / quantum;
}

/** One number of all bodies, what was drawn by chance, and the phase. Makes no garbage. */
export function fingerprintOf(world: World, { name, round, endTick }: PhaseView): number {
  let print = mixed(0x811c9dc5, world.tick);
  print = mixed(print, phaseNames.indexOf(name));
  print = mixed(print, round);
  print = mixed(print, endTick);
  print = mixed(print, world.random.print);
  for (const { id, x, y, angle, vx, vy, radius } of world.entities.values()) {
    print = mixed(print, id);
    print = mixed(print, Math.round(x * quantum));
    print = mixed(print, Math.round(y * quantum));
    print = mixed(print, Math.round(angle * quantum));
    print = mixed(print, Math.round(vx * quantum));
    print = mixed(print, Math.round(vy * quantum));
    print = mixed(print, Math.round(radius * quantum));
  }
  return print >>> 0;
}

function mixed(print: number, value: number): number {
  const mix = Math.imul(print ^ value, 0x01000193);
  return mix ^ (mix >>> 15);
}
