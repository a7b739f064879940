/** How a ball of Last Ball goes out: over the rim, saved or not, and who is credited. */

import { ticksOf } from "../../game/phases.ts";
import { bounceIn, fromCentre } from "./arena.ts";
import { isOver, isSafe } from "./balls.ts";
import { blameTicks, kickLimit } from "./hits.ts";
import type { LastBall, Player, Show } from "./state.ts";

/** Looks who has passed the rim, saves who can be saved, and knocks the others out. */
export function dropFallen(game: LastBall, show: Show): void {
  const { tick } = show.world;
  const falling = game.falling;
  for (const player of show.players.active) {
    if (!isOver(game, player)) continue;
    if (show.options.mode === "hp" && show.phase.name === "sudden") drain(game, player, tick);
    if (isSafe(player, tick) || show.options.mode === "hp" || tick < game.rimOpensAtTick)
      bounceIn(game, player, show, 4);
    else if (player.saves > 0) saveAtRim(game, player, show);
    else falling.push(player);
  }
  if (falling.length === 0) return;
  // Photo finish: when nobody would be left, the one with the last contact stays in.
  if (falling.length >= show.players.active.length) keepLast(game, falling, show);
  for (const player of falling) knockOut(game, player, show);
  falling.length = 0;
}

/** In mode hp the closing rim of sudden death costs health, or two balls could press against each other for ever. */
function drain(game: LastBall, player: Player, tick: number): void {
  if (isSafe(player, tick)) return;
  player.health -= 0.35;
  if (player.health <= 0 && !game.falling.includes(player)) game.falling.push(player);
}

function keepLast(game: LastBall, falling: Player[], show: Show): void {
  const last = lastToTouch(falling);
  if (!last) return;
  falling.splice(falling.indexOf(last), 1);
  last.health = Math.max(1, last.health);
  bounceIn(game, last, show, 2);
}

/** The tie rule: who touched somebody last; then who knocked out more; then who came first. */
export function lastToTouch(players: readonly Player[]): Player | undefined {
  let best: Player | undefined;
  for (const player of players) {
    if (!best || player.contactOrder > best.contactOrder) best = player;
    else if (player.contactOrder === best.contactOrder && player.knockOuts > best.knockOuts) best = player;
  }
  return best;
}

function saveAtRim(game: LastBall, player: Player, show: Show): void {
  player.saves--;
  player.shieldUntil = show.world.tick + ticksOf(1);
  bounceIn(game, player, show, 10);
  show.effect("save", { on: player.body, viewer: player.key });
  show.feed(show.crowd.get(player.key), "rim save", "good");
}

/** Takes a ball out of the round and tells, credits and marks. */
function knockOut(game: LastBall, player: Player, show: Show): void {
  const { body } = player;
  const { tick } = show.world;
  if (!body) return;
  const by = tick - player.lastHitTick <= blameTicks ? show.players.get(player.lastHitBy) : undefined;
  show.effect("knockOut", {
    on: body,
    with: by?.body,
    power: Math.min(1, body.speed / kickLimit),
    viewer: player.key,
    text: fromCentre(player) > game.arena.radius ? "" : "KO",
  });
  player.outTick = tick;
  game.lastOutTick = tick;
  player.outBy = by && by !== player ? by.key : "";
  if (by && by !== player) credit(game, by, player, show);
  game.outs.push(player.key);
  show.players.takeOut(player);
  player.marks = 0;
  if (game.leader === player.key) game.leader = bestOf(show);
}

/** Who of those still in has the most knock-outs, "" while nobody has any. */
function bestOf(show: Show): string {
  let best: Player | undefined;
  for (const player of show.players.active) if (player.knockOuts > (best?.knockOuts ?? 0)) best = player;
  return best?.key ?? "";
}

function credit(game: LastBall, by: Player, victim: Player, show: Show): void {
  const bounty = victim.marks * show.options.points.revenge;
  by.knockOuts++;
  by.trophies = Math.min(0.15, by.trophies + 0.03);
  show.boards.add(by.key, 1, true);
  if (bounty > 0) show.boards.add(by.key, bounty);
  const isRevenge = by.outBy === victim.key;
  if (isRevenge) show.effect("revenge", { on: by.body, viewer: by.key });
  const leader = show.players.get(game.leader);
  if (by.body && (!leader?.body || by.knockOuts > leader.knockOuts)) game.leader = by.key;
  // Bots among themselves are not worth a line.
  if (by.bot && victim.bot) return;
  const { name = "" } = show.crowd.get(victim.key)?.viewer ?? {};
  show.feed(show.crowd.get(by.key), isRevenge ? `revenge on ${name}` : `knocked out ${name}`, "bad");
}
