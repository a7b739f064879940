/** Turns: who plays the next round when there are more viewers than bodies, and who has been silent for too long to stay enrolled. */
import type { PlayerBase } from "../players-interface.ts";
import { putIn, standUp, takeOut } from "./bodies.ts";
import { enrol } from "./enrolment.ts";
import { type Keeping, type Kept, lastActTick, mostOf } from "./record.ts";
import { activeTeams, assignTeam, pickEvenly } from "./teams.ts";

/** Rounds a silent viewer stays enrolled. */
const roundsKept = 2;

/** Before a round: bodies and faces leave, the silent and bots are forgotten, the others are as new for the round. */
export function clearRound(keeping: Keeping): void {
  const { declaration, record, show } = keeping;
  const { phase, crowd } = show();
  keeping.isClearing = true;
  try {
    for (const player of record.active.toReversed()) takeOut(keeping, player);
  } finally {
    keeping.isClearing = false;
  }
  for (const player of record.seated.toReversed()) standUp(keeping, player);
  record.nextBotTick = 0;
  for (const player of record.all.values()) {
    const isSilent = phase.round - player.actedRound > roundsKept;
    if (player.bot || isSilent || !crowd.get(player.key)) record.all.delete(player.key);
  }
  const teams = activeTeams(keeping);
  for (const player of record.all.values()) {
    // Options of the new round may have other teams.
    if (player.team > teams || (player.team === 0) !== (teams === 0)) assignTeam(keeping, player);
    declaration.renew?.(player, show());
  }
}

/** Players of the game that was played before go on in this one: with their turns, and with this game's fields. */
export function takeOver(keeping: Keeping, players: Iterable<PlayerBase>): void {
  for (const { key, bot, playedRound, actedRound, toldRound, turnRound } of players) {
    const player = bot ? undefined : enrol(keeping, key, bot);
    if (player) Object.assign(player, { playedRound, actedRound, toldRound, turnRound });
  }
}

/** Gives those who start the round their bodies: who waited longest first, then who acted last; as many of each team as there are. */
export function startRound(keeping: Keeping): void {
  const waiting = [...keeping.record.all.values()].map((player) => ({ player, acted: lastActTick(keeping, player) }));
  waiting.sort(
    (a, b) => a.player.turnRound - b.player.turnRound || b.acted - a.acted || (a.player.key < b.player.key ? -1 : 1),
  );
  const inOrder: Kept[] = waiting.map(({ player }) => player);
  for (const player of pickEvenly(keeping, inOrder, mostOf(keeping))) putIn(keeping, player);
}
