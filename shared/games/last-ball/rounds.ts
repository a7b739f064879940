/** The rounds of Last Ball: who starts, how the pace is kept, when a round is decided, and who scores. */

import { type PhaseName, ticksOf } from "../../game/phases.ts";
import { fullRadius, resetArena, startSudden } from "./arena.ts";
import { baseRadiusFor } from "./balls.ts";
import { canReturn, playShare, wantedBalls } from "./enrol.ts";
import { lastToTouch } from "./falls.ts";
import { freshRound, isFighting, type LastBall, type Player, type Show } from "./state.ts";
import { areFoes, ballsToGo, largestTeam, lineUp, sidesLeft } from "./teams.ts";

/** How long one ball waits for others to return before it has won. */
const holdTicks = ticksOf(4);
/** How long the rim stays closed at the start of play, and how much longer for the smallest rooms. */
const rimClosedTicks = ticksOf(4);
const rimClosedLongerTicks = ticksOf(5);
/** Rooms of fewer balls than this get a calmer beginning, or a duel would be over in seconds. */
const calmBelow = 6;

/** A phase has just begun. */
export function enterPhase(game: LastBall, phase: PhaseName, show: Show): void {
  if (phase === "countdown") lineUp(show);
  if (phase === "play") startPlay(game, show);
  if (phase === "sudden") {
    startSudden(game, show);
    show.effect("suddenDeath", { x: show.world.width / 2, y: show.world.height / 2, power: 1 });
    show.feed(undefined, "Sudden death: hits x2", "power");
  }
  if (phase === "results") finish(game, show);
}

/** A round begins: the platform stands whole again, with balls as large as there will be room for. */
export function newRound(game: LastBall, show: Show): void {
  game.meteors.length = 0;
  game.outs.length = 0;
  game.falling.length = 0;
  game.podium = [];
  game.winner = "";
  game.leader = "";
  game.decided = false;
  game.holdUntil = 0;
  game.contactCount = 0;
  game.peak = 0;
  game.heat = 1;
  resetArena(game, show);
  game.baseRadius = baseRadiusFor(Math.min(show.players.all.size, show.options.maxBalls));
}

/** Puts back what a player has for one round. */
export function renew(player: Player, { options }: Show): void {
  Object.assign(player, freshRound(options.lives - 1, options.health));
}

function startPlay(game: LastBall, show: Show): void {
  game.peak = show.players.active.length;
  game.baseRadius = baseRadiusFor(show.players.active.length);
  // Nobody starts protected longer than the others.
  for (const player of show.players.active) player.shieldUntil = 0;
  game.rimOpensAtTick = show.world.tick + rimClosedTicks + Math.round(rimClosedLongerTicks * calmOf(game));
  game.lastOutTick = game.rimOpensAtTick;
  game.heat = 0.3;
  show.effect("roundStart", { x: show.world.width / 2, y: show.world.height / 2, power: 1 });
}

/** How calm a round begins: 0 in most rooms, 1 for two balls. */
function calmOf({ peak }: LastBall): number {
  return Math.min(1, Math.max(0, (calmBelow - peak) / (calmBelow - 2)));
}

/** Eases the size of balls to how many there are while people gather. */
export function fitSizes(game: LastBall, show: Show): void {
  game.baseRadius += (baseRadiusFor(show.players.active.length) - game.baseRadius) * 0.05;
}

/**
 * The director: sets how hard everybody's hits are, so that a round of 2 and one of 40 both last about as long. It is the same
 * for all balls. It compares how many are left with a curve from everybody to one.
 */
export function direct(game: LastBall, show: Show): void {
  if (!isFighting(show)) return;
  if (show.phase.name === "sudden") {
    const share = (show.world.tick - show.phase.startTick) / Math.max(1, show.phase.endTick - show.phase.startTick);
    game.heat += (1.1 + share * 1.2 - game.heat) * 0.02;
    return;
  }
  const share = playShare(show);
  const wanted = wantedBalls(game, share);
  const ahead = (ballsToGo(show) - wanted) / Math.max(2.5, wanted);
  const calm = calmOf(game);
  const opening = Math.min(1, 0.3 - 0.15 * calm + share * (3 - 2 * calm));
  const late = Math.max(0, share - 0.8) * 2;
  // A lull of more than some seconds ends by harder hits, sooner late in the round.
  const lull = Math.max(0, (show.world.tick - game.lastOutTick) / ticksOf(1) - 9) * 0.12 * share * share * share;
  const goal = Math.min(2.6, Math.max(0.12, (1 + ahead * (ahead < 0 ? 2.4 : 1.5) + late) * opening + lull));
  game.heat += (goal - game.heat) * 0.02;
}

/** Ends the round when one ball or team is left, after giving those who may return a moment to do so. */
export function judge(game: LastBall, show: Show): void {
  if (!isFighting(show) || game.decided) return;
  if (sidesLeft(show) > 1) {
    game.holdUntil = 0;
    return;
  }
  if (game.holdUntil === 0 && someoneMayReturn(show)) game.holdUntil = show.world.tick + holdTicks;
  if (show.world.tick < game.holdUntil) return;
  game.decided = true;
  show.endPhase("results");
}

/** Whether somebody may still return to fight those who are left. */
function someoneMayReturn(show: Show): boolean {
  const [standing] = show.players.active;
  if (!standing) return false;
  for (const player of show.players.all.values()) if (areFoes(standing, player) && canReturn(player, show)) return true;
  return false;
}

/** Names the winner and gives the points. */
function finish(game: LastBall, show: Show): void {
  const winner = winnerOf(game, show);
  game.decided = true;
  game.winner = winner?.key ?? "";
  game.meteors.length = 0;
  game.podium = podiumOf(game, winner, show);
  if (game.arena.radius < fullRadius * 0.35) game.arena.radius = fullRadius * 0.35;
  game.arena.shrinkAtTick = 0;
  scoreKnockOuts(show);
  if (!winner) return;
  game.leader = winner.key;
  for (const player of winnersOf(winner, show)) {
    show.boards.add(player.key, show.options.points.win);
    show.boards.win(player.key);
  }
  show.effect("win", { on: winner.body, viewer: winner.key, power: 1 });
  const member = show.crowd.get(winner.key);
  if (winner.team > 0) show.feed(undefined, `${show.players.teamName(winner.team)} WINS`, "power");
  else show.feed(member, "WINS", "power");
  if (winner.knockOuts === 0 && winner.team === 0 && game.peak > 1) {
    show.effect("badge", { on: winner.body, viewer: winner.key, text: "Peaceful win" });
    show.feed(member, "won without a knock-out", "good");
  }
}

/** The last ball by the tie rule; with teams of the team with most balls left, if one has. */
function winnerOf(_game: LastBall, show: Show): Player | undefined {
  const last = lastToTouch(show.players.active);
  if (!last || last.team === 0) return last;
  const sizes = show.players.sizes();
  const best = largestTeam(sizes);
  if (sizes[last.team] === sizes[best]) return last;
  return lastToTouch(show.players.active.filter(({ team }) => team === best));
}

/** Who scores the win: the winner, or everybody who played this round in the winner's team. */
function winnersOf(winner: Player, show: Show): Player[] {
  if (winner.team === 0) return [winner];
  return [...show.players.all.values()].filter(
    ({ team, playedRound }) => team === winner.team && playedRound === show.phase.round,
  );
}

/** The winner, then those still in by the tie rule, then who went out last; with teams the winner's mates first. */
function podiumOf(game: LastBall, winner: Player | undefined, show: Show): string[] {
  const left = [...show.players.active].sort((a, b) => b.contactOrder - a.contactOrder || b.knockOuts - a.knockOuts);
  const keys = new Set([...(winner ? [winner] : []), ...left].map(({ key }) => key));
  for (let i = game.outs.length - 1; i >= 0; i--) keys.add(game.outs[i]!);
  const isMate = (key: string) => (show.players.get(key)?.team === winner?.team ? 1 : 0);
  return [...keys].sort((a, b) => isMate(b) - isMate(a)).slice(0, 3);
}

function scoreKnockOuts(show: Show): void {
  const points = show.options.points.topKnockOuts;
  const best = [...show.players.all.values()]
    .filter((player) => player.knockOuts > 0 && show.crowd.get(player.key)?.test === false)
    .sort((a, b) => b.knockOuts - a.knockOuts || (a.key < b.key ? -1 : 1));
  best.slice(0, points.length).forEach((player, place) => {
    show.boards.add(player.key, points[place]!);
  });
}
