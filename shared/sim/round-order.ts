/** Round order: what happens, one after the other, when a round or a phase of it begins. Golden shows depend on it. */
import type { AnyGame } from "../game/define.ts";
import type { PhaseName } from "../game/phases.ts";
import type { ActingParts } from "./acting.ts";
import type { SimulationContext } from "./context.ts";

/** Viewers called out by name for one badge; a whole team may win at once. */
const mostCalled = 3;

/** What begins. */
export interface RoundParts extends Pick<ActingParts, "data" | "guard"> {
  readonly game: AnyGame;
  readonly context: SimulationContext;
}

/**
 * A round begins:
 *   1. all bodies and faces of players leave; the silent are forgotten, the others are as new for the round
 *   2. the game builds what stands in the round (`newRound`)
 *   3. the starters get their bodies
 * False when the game cannot build it: then nobody gets a body.
 */
export function beginRound({ game, context, data, guard }: RoundParts): boolean {
  guard("players", () => context.players.clearRound(), undefined);
  const build = () => {
    game.newRound?.(data(), context);
    return true;
  };
  if (!guard(`newRound of ${game.id}`, build, false)) return false;
  guard("players", () => context.players.startRound(), undefined);
  return true;
}

/** A phase begins: missing bots come and empty teams are filled before a fight, the game hears of it, who has won gets badges. */
export function beginPhase(parts: RoundParts, phase: PhaseName): void {
  const { game, context, data, guard } = parts;
  guard("players", () => context.players.enterPhase(phase), undefined);
  guard(`enterPhase ${phase}`, () => game.enterPhase?.(data(), phase, context), undefined);
  if (phase === "results") giveBadges(parts, context.phase.round);
}

/** Notes who played a round and who has won it, once, and calls out the badges. Not for bots and those seen only in test events. */
export function giveBadges({ context }: RoundParts, round: number): void {
  const { players, boards, badges, crowd } = context;
  const won = new Set(boards.round.filter(({ wins }) => wins > 0).map(({ viewer }) => viewer));
  const keys = new Set(won);
  for (const { key, playedRound } of players.all.values()) if (playedRound === round) keys.add(key);
  const people = [...keys].filter((key) => {
    const member = crowd.get(key);
    return member && !member.bot && !member.test;
  });
  const played = people.map((key) => ({ key, won: won.has(key) }));
  const called = new Map<string, number>();
  for (const { key, badge } of badges.finish(round, played)) {
    const number = (called.get(badge) ?? 0) + 1;
    called.set(badge, number);
    if (number > mostCalled) continue;
    context.effect("badge", { on: players.get(key)?.body, viewer: key, text: badge });
    context.feed(crowd.get(key), `badge: ${badge}`, "good");
  }
  for (const [badge, number] of called) {
    if (number > mostCalled) context.feed(undefined, `${number - mostCalled} more: ${badge}`, "good");
  }
}
