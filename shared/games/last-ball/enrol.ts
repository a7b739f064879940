/** Who may have a ball and when: first acts and returns, as long as the round takes them; and what a new ball brings along. */
import type { Act } from "../../game/define.ts";
import { ticksOf } from "../../game/phases.ts";
import type { Asked, Entry } from "../../game/players-interface.ts";
import type { Entity } from "../../world/world.ts";
import { spawnBall } from "./balls.ts";
import type { Ball, LastBall, Player, Show } from "./state.ts";

/** Part of play after which nobody returns or enters, so that rounds end. */
const entryClosesAt = 0.62;
const firstEntryClosesAt = 0.8;
/** Places always open for who enters or returns during play, whatever the pace of the round. */
const fewestPlaces = 10;
/** A new comment counts as new only this long after the knock-out: what was typed before it does not. */
const returnAfterTicks = ticksOf(1);

/** The player behind an act, with a ball if any can be had; the rim light of subscribers is lit. */
export function enter(act: Act, show: Show, returns = true): Entry<Ball> {
  const entry = show.players.enter(act, { returns });
  const player = playerOf(act, show);
  if (player && act.member?.viewer.roles.subscriber) player.subscriber = true;
  return entry;
}

/** Whom an act is for, with or without a ball; undefined for nobody enrolled. */
export function playerOf({ member }: Act, show: Show): Player | undefined {
  return member && show.players.get(member.key);
}

/** "" when the player may have a ball now, "wait" for the next round, or another reason. */
export function whyNoBall(game: LastBall, player: Player, show: Show, { returns }: Asked): string {
  const { name } = show.phase;
  if (name === "lobby" || name === "countdown") return "";
  const isFirst = player.playedRound !== show.phase.round;
  if (name !== "play" || game.decided) return isFirst ? "wait" : "out of this round";
  const closed = playShare(show) > (isFirst ? firstEntryClosesAt : entryClosesAt);
  const isFull = show.players.active.length >= Math.max(fewestPlaces, wantedBalls(game, playShare(show)) * 1.1);
  if (isFirst) return closed || isFull ? "wait" : "";
  if (player.livesLeft <= 0) return "no lives left in this round";
  if (!returns || show.world.tick < player.outTick + returnAfterTicks) return "a new comment brings the ball back";
  if (closed) return "too late to return";
  return isFull ? "no place now" : "";
}

/** How many balls the director wants at this share of play: from the most there were down to one. */
export function wantedBalls(game: LastBall, share: number): number {
  const left = Math.max(0, 1 - share / 1.04);
  // To the power of 1.25, by square roots: they are exact everywhere, powers are not.
  return 1 + (game.peak - 1) * left * Math.sqrt(Math.sqrt(left));
}

/** Share of play that has passed. */
export function playShare(show: Show): number {
  const { startTick, endTick } = show.phase;
  return (show.world.tick - startTick) / Math.max(1, endTick - startTick);
}

/** Whether somebody who is out may still come back by a comment. */
export function canReturn(player: Player, show: Show): boolean {
  if (player.bot || player.body || player.livesLeft <= 0 || player.playedRound !== show.phase.round) return false;
  return show.phase.name === "play" && playShare(show) <= entryClosesAt;
}

/** The player's ball: full at first, smaller on a return. */
export function makeBall(game: LastBall, player: Player, show: Show): Entity | undefined {
  const { options, phase, players } = show;
  const isReturn = player.playedRound === phase.round && player.outTick > 0;
  const ball = spawnBall(game, player, show, isReturn ? options.returnSize : 1);
  if (!ball) return undefined;
  const member = show.crowd.get(player.key);
  if (!isReturn) {
    player.health = options.health;
    if (player.livesLeft < 0) player.livesLeft = options.lives - 1;
    if (!player.bot && phase.name === "play") show.feed(member, "drops in", "good");
  } else {
    player.livesLeft--;
    player.health = options.health * options.returnSize;
    seekRevenge(player, show);
    show.feed(member, "is back", "good");
  }
  game.peak = Math.max(game.peak, players.active.length + 1);
  return ball;
}

/** Whoever returns goes for the ball that knocked them out, which wears the mark. */
function seekRevenge(player: Player, show: Show): void {
  const killer = show.players.get(player.outBy);
  if (!killer?.body || !show.options.revenge) return;
  killer.marks = Math.min(9, killer.marks + 1);
  player.target = killer.key;
  player.targetUntil = show.world.tick + ticksOf(12);
}
