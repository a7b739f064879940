/** Snapshot: the show as plain JSON at a tick, for people, programs and tests. */
import type { BoardRow } from "../game/boards.ts";
import type { Member } from "../game/crowd.ts";
import type { AnyGame, Hud } from "../game/define.ts";
import type { PhaseView } from "../game/phases.ts";
import type { RuleEngine } from "../rules/decision.ts";
import { ticksPerSecond, type World } from "../world/world.ts";
import type { Bank, BankEntry } from "./bank.ts";
import type { FeedLine, ShowMemory } from "./show-memory.ts";

/** A viewer as others may see them. */
export interface ViewerSummary {
  readonly key: string;
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly bot: boolean;
}

/** Paid acts of one viewer that wait for one power. */
export interface ReadyRow {
  readonly viewer: string;
  readonly name: string;
  /** The power's name. */
  readonly title: string;
  count: number;
  /** Place in the line for that power, from 1. */
  readonly position: number;
  readonly reason: string;
}

export interface SimulationSnapshot {
  readonly game: string;
  readonly phase: string;
  readonly round: number;
  readonly tick: number;
  readonly entities: readonly {
    readonly id: number;
    readonly kind: string;
    readonly x: number;
    readonly y: number;
    readonly angle: number;
    readonly radius: number;
    readonly wear: Readonly<Record<string, number>>;
    readonly viewer?: ViewerSummary;
  }[];
  readonly hud: Omit<Hud, "leader" | "podium"> & {
    readonly title: string;
    /** Seconds left in the phase. */
    readonly secondsLeft: number;
    readonly leader: ViewerSummary | null;
    readonly podium: readonly ViewerSummary[];
    readonly meters: readonly { readonly title: string; readonly value: number; readonly max: number }[];
    readonly feed: readonly FeedLine[];
    readonly ready: readonly ReadyRow[];
    readonly props: Readonly<Record<string, number>>;
  };
  readonly boards: { readonly round: readonly BoardEntry[]; readonly show: readonly BoardEntry[] };
}

export interface BoardEntry {
  readonly viewer: ViewerSummary;
  readonly score: number;
  readonly wins: number;
}

/** Rows of a board and of waiting powers in a snapshot. */
const maxBoardRows = 50;
const maxReadyRows = 50;

interface Parts {
  game: AnyGame;
  world: World;
  phase: PhaseView;
  crowd: ShowMemory["crowd"];
  boards: ShowMemory["boards"];
  feed: readonly FeedLine[];
  engine: RuleEngine;
  bank: Bank;
  hud: Hud;
  props: Readonly<Record<string, number>>;
}

/** Copies the show into plain JSON; positions rounded to a hundredth of a unit. */
export function snapshotOf(parts: Parts): SimulationSnapshot {
  const { game, world, phase, crowd, boards, feed, engine, bank, hud, props } = parts;
  const summary = (key: string) => summaryOf(key, crowd.get(key));
  const board = (rows: readonly BoardRow[]): BoardEntry[] =>
    rows.slice(0, maxBoardRows).map(({ viewer, name, score, wins }) => {
      const known = summary(viewer);
      return { viewer: { ...known, name: known.name || name }, score, wins };
    });
  return {
    game: game.id,
    phase: phase.name,
    round: phase.round,
    tick: world.tick,
    entities: [...world.entities.values()].map((entity) => ({
      id: entity.id,
      kind: entity.kind,
      x: hundredth(entity.x),
      y: hundredth(entity.y),
      angle: hundredth(entity.angle),
      radius: hundredth(entity.radius),
      wear: Object.fromEntries(entity.wear),
      ...(entity.viewer ? { viewer: summary(entity.viewer) } : {}),
    })),
    hud: {
      title: game.title,
      headline: hud.headline,
      secondsLeft: Math.max(0, Math.ceil((phase.endTick - world.tick) / ticksPerSecond)),
      leader: hud.leader ? summary(hud.leader) : null,
      podium: hud.podium.map(summary),
      meters: engine.meters.map(({ title, value, max }) => ({ title: titleOf(title, game), value, max })),
      feed: [...feed],
      ready: readyRowsOf(bank.paid, crowd, game, maxReadyRows),
      props,
    },
    boards: { round: board(boards.round), show: board(boards.show) },
  };
}

/** Waiting paid entries summed per viewer and power, in the order of the bank. */
export function readyRowsOf(
  entries: Iterable<BankEntry>,
  crowd: { get(key: string): Member | undefined },
  game: AnyGame,
  limit: number,
): ReadyRow[] {
  const rows = new Map<string, ReadyRow>();
  const lines = new Map<string, number>();
  for (const entry of entries) {
    const title = titleOf(entry.call.step.action, game);
    const key = `${entry.member}|${title}`;
    const row = rows.get(key);
    if (row) {
      row.count += entry.count;
      continue;
    }
    if (rows.size >= limit) continue;
    const position = (lines.get(title) ?? 0) + 1;
    lines.set(title, position);
    const { name } = summaryOf(entry.member, crowd.get(entry.member));
    rows.set(key, { viewer: entry.member, name, title, count: entry.count, position, reason: entry.reason });
  }
  return [...rows.values()];
}

/** A power's name for viewers; what names no action stays as it is. */
export function titleOf(action: string, game: AnyGame): string {
  return game.actions[action]?.title ?? action;
}

function summaryOf(key: string, member: Member | undefined): ViewerSummary {
  const { viewer } = member ?? {};
  const name = viewer?.name || viewer?.handle || "";
  return {
    key,
    id: viewer?.id ?? key.slice(key.indexOf(":") + 1),
    handle: viewer?.handle ?? "",
    name,
    bot: member?.bot ?? false,
  };
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
