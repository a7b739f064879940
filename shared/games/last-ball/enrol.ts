/** Who gets a ball and when: first acts, returns, and the limit of balls. */
import type { ViewerKey } from "../../events/viewer.ts";
import type { Act } from "../../game/define.ts";
import { removeBall, spawnBall } from "./balls.ts";
import { sit, standUp } from "./bench.ts";
import { createPlayer, type LastBall, type Player, type Show, ticksOf } from "./state.ts";
import { assignTeam, teamSizes } from "./teams.ts";

/** Part of play after which nobody returns or enters, so that rounds end. */
const entryClosesAt = 0.62;
const firstEntryClosesAt = 0.8;
/** Places always open for who enters or returns during play, whatever the pace of the round. */
const fewestPlaces = 10;
/** A new comment counts as new only this long after the knock-out: what was typed before it does not. */
const returnAfterTicks = ticksOf(1);
/** Silence after which a ball in a full lobby gives way to somebody new. */
const giveWayTicks = ticksOf(30);
/** Most players remembered; the silent of the last two rounds go first. */
const maxPlayers = 5000;

/** What an act found: the player with a ball, or why there is none. */
export type Entry =
  | { readonly player: Player; readonly why: "" }
  | { readonly player: undefined; readonly why: string };

const none = (why: string): Entry => ({ player: undefined, why });

/** The player behind an act, with a ball if any can be had: the first act enrols, later ones bring who is out back in. */
export function enter(game: LastBall, act: Act, show: Show, returns = true): Entry {
  const { member } = act;
  if (!member) return none("nobody to act for");
  const player = enrol(game, member.key, member.bot, show);
  if (!player) return none("too many players");
  player.actedRound = show.phase.round;
  player.subscriber ||= member.viewer.roles.subscriber;
  if (player.entity) return { player, why: "" };
  const why = whyNoBall(game, player, show, returns);
  if (why === "wait") {
    sit(game, player, show);
    if (player.toldRound !== show.phase.round) {
      player.toldRound = show.phase.round;
      show.feed(member, "in next round", "plain");
    }
    return none("in next round");
  }
  if (why !== "") return none(why);
  return putIn(game, player, show) ? { player, why: "" } : none("no room on the platform");
}

/** The player of a key, made and given a team if new; undefined when there are too many. */
export function enrol(game: LastBall, key: ViewerKey, bot: boolean, show: Show): Player | undefined {
  const known = game.players.get(key);
  if (known || game.players.size >= maxPlayers) return known;
  const player = createPlayer(key, bot);
  player.livesLeft = -1;
  game.players.set(key, player);
  assignTeam(game, player, show);
  return player;
}

/** "" when the player may have a ball now, "wait" for the next round, or another reason. */
function whyNoBall(game: LastBall, player: Player, show: Show, returns: boolean): string {
  const { name } = show.phase;
  if (name === "lobby" || name === "countdown") return makeRoom(game, show) ? "" : "wait";
  const isFirst = player.playedRound !== show.phase.round;
  if (name !== "play" || game.decided) return isFirst ? "wait" : "out of this round";
  const closed = playShare(show) > (isFirst ? firstEntryClosesAt : entryClosesAt);
  const places = Math.min(show.options.maxBalls, Math.max(fewestPlaces, wantedBalls(game, playShare(show)) * 1.1));
  if (isFirst) return closed || game.alive.length >= places ? "wait" : "";
  if (player.livesLeft <= 0) return "no lives left in this round";
  if (!returns || show.world.tick < player.outTick + returnAfterTicks) return "a new comment brings the ball back";
  if (closed) return "too late to return";
  return game.alive.length >= places ? "no place now" : "";
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
  if (player.bot || player.entity || player.livesLeft <= 0 || player.playedRound !== show.phase.round) return false;
  return show.phase.name === "play" && playShare(show) <= entryClosesAt;
}

/** In a full lobby a bot gives way first, then whoever has been silent longest. */
function makeRoom(game: LastBall, show: Show): boolean {
  if (game.alive.length < show.options.maxBalls) return true;
  const bot = botToLeave(game, show);
  if (bot) {
    removeBall(game, bot, show);
    return true;
  }
  let silent: Player | undefined;
  let silentTick = show.world.tick - giveWayTicks;
  for (const player of game.alive) {
    const acted = show.crowd.get(player.key)?.lastActTick ?? 0;
    if (acted < silentTick) {
      silentTick = acted;
      silent = player;
    }
  }
  if (!silent) return false;
  removeBall(game, silent, show);
  return true;
}

/** The bot that gives way next: the last that came, of the largest team. */
export function botToLeave(game: LastBall, show: Show): Player | undefined {
  const sizes = teamSizes(game.alive, show);
  let found: Player | undefined;
  for (const player of game.alive) {
    if (player.bot && (!found || sizes[player.team]! >= sizes[found.team]!)) found = player;
  }
  return found;
}

/** Gives the player a ball: full at first, smaller on a return. */
export function putIn(game: LastBall, player: Player, show: Show): boolean {
  const isReturn = player.playedRound === show.phase.round && player.outTick > 0;
  if (!spawnBall(game, player, show, isReturn ? show.options.returnSize : 1)) return false;
  standUp(player, show);
  const member = show.crowd.get(player.key);
  if (!isReturn) {
    player.health = show.options.health;
    if (player.livesLeft < 0) player.livesLeft = show.options.lives - 1;
    if (!player.bot && show.phase.name === "play") show.feed(member, "drops in", "good");
  } else {
    player.livesLeft--;
    player.health = show.options.health * show.options.returnSize;
    seekRevenge(game, player, show);
    show.feed(member, "is back", "good");
  }
  game.peak = Math.max(game.peak, game.alive.length);
  return true;
}

/** Whoever returns goes for the ball that knocked them out, which wears the mark. */
function seekRevenge(game: LastBall, player: Player, show: Show): void {
  const killer = game.players.get(player.outBy);
  if (!killer?.entity || !show.options.revenge) return;
  killer.marks = Math.min(9, killer.marks + 1);
  player.target = killer.key;
  player.targetUntil = show.world.tick + ticksOf(12);
}
