/** Marbles: their bodies, where they come into the world, what they wear, and how they burst and come back. */
import { ticksOf } from "../../game/phases.ts";
import type { Entity } from "../../world/world.ts";
import { layers, leftX, middleX, rightX } from "./pieces.ts";
import { freshMarble, hasReturn, isRacing, type MarbleDash, type Runners, type Show } from "./state.ts";
import { checkpointAbove, gateY, jointAbove } from "./track.ts";

/** Radius in rooms of up to 12 marbles, and of 40 and more. */
const largeRadius = 48;
const smallRadius = 42;
/** Height at which marbles drop into the hopper: below the panels of the page. */
const dropY = 660;
/** How a marble answers to hits. */
export const marbleMaterial = { restitution: 0.35, friction: 0.02, frictionAir: 0.014, density: 0.001 };
const heavyFactor = 2.5;
/** How long a marble that has just come back cannot burst, and how long its viewer must wait before it may. */
const safeTicks = ticksOf(2);
export const returnWaitTicks = ticksOf(1.5);
/** Bots come back by themselves after so long, and viewers who say nothing. */
const botReturnTicks = ticksOf(3);
const silentReturnTicks = ticksOf(8);

/** Radius of marbles when there are so many. */
export function radiusFor(count: number): number {
  const share = Math.min(1, Math.max(0, (count - 12) / 28));
  return Math.round(largeRadius + (smallRadius - largeRadius) * share);
}

/** Whether somebody without a marble may have one now. */
export function admits(game: MarbleDash, player: Runners, show: Show, { returns }: { returns: boolean }): string {
  if (show.phase.name === "lobby" || show.phase.name === "countdown") return "";
  if (!isRacing(show) || !game.track || game.cutTick > 0) return "wait";
  if (player.outTick > 0) {
    if (!returns) return "out until a new comment";
    if (!hasReturn(player, show)) return "no returns left";
    return show.world.tick - player.outTick < returnWaitTicks ? "not so soon" : "";
  }
  const way = (game.packY - gateY) / (game.track.finishY - gateY);
  return way <= show.options.lateStart ? "" : "wait";
}

/** Makes a marble: in the hopper, at the last checkpoint of who was burst, or behind the last marble. */
export function makeBody(game: MarbleDash, player: Runners, show: Show): Entity | undefined {
  const { world } = show;
  const { x, y } = placeFor(game, player, show);
  const entity = world.spawn({
    kind: "marble",
    shape: { type: "circle", radius: game.radius },
    ...{ x, y, ...marbleMaterial, viewer: player.key },
    layer: layers.marble,
  });
  if (!entity) return undefined;
  if (player.outTick > 0) comeBack(player, entity, show);
  Object.assign(player, freshMarble(), { bestY: y, progressTick: world.tick, nudges: 0 });
  if (isRacing(show)) player.safeUntil = world.tick + safeTicks;
  player.checkpointY = game.track ? checkpointAbove(game.track, y) : gateY;
  show.effect("drop", { on: entity, viewer: player.key });
  return entity;
}

function comeBack(player: Runners, entity: Entity, show: Show): void {
  if (player.ticket) player.ticket = false;
  else player.returns++;
  player.outTick = 0;
  show.effect("return", { on: entity, viewer: player.key });
  show.feed(show.crowd.get(player.key), "is back", "good");
}

/** The emptiest of some places at the right height. */
function placeFor(game: MarbleDash, player: Runners, show: Show): { x: number; y: number } {
  const y = heightFor(game, player, show);
  const { random } = show.world;
  let best = { x: middleX, y, room: -1 };
  for (let attempt = 0; attempt < 6; attempt++) {
    const x = random.between(leftX + 70, rightX - 70);
    let room = 1000;
    for (const { body } of show.players.active) if (body) room = Math.min(room, Math.hypot(body.x - x, body.y - y));
    if (room > best.room) best = { x, y, room };
  }
  return best;
}

function heightFor(game: MarbleDash, player: Runners, show: Show): number {
  if (!isRacing(show) || !game.track) return dropY;
  if (player.outTick > 0) return Math.max(player.checkpointY, gateY + 60);
  let lastY = game.packY;
  for (const { body, place } of show.players.active) if (body && place === 0) lastY = Math.min(lastY, body.y);
  return jointAbove(game.track, lastY);
}

/** Bursts a marble, unless a bubble takes it; the marble comes back at its checkpoint. */
export function burst(game: MarbleDash, player: Runners, show: Show): void {
  const { body } = player;
  const { tick } = show.world;
  if (!body || player.place > 0 || tick < player.safeUntil) return;
  const member = show.crowd.get(player.key);
  if (player.bubbles > 0) {
    player.bubbles--;
    player.safeUntil = tick + safeTicks;
    show.effect("saved", { on: body, viewer: player.key });
    show.feed(member, "bubble took it", "good");
    return;
  }
  show.effect("burst", { on: body, viewer: player.key, power: 1 });
  player.checkpointY = game.track ? checkpointAbove(game.track, player.bestY) : gateY;
  player.outTick = tick;
  show.players.takeOut(player);
  show.feed(member, "burst", "bad");
}

/** Brings back who has a ticket, bots, and who has been out for long. */
export function bringBack(game: MarbleDash, show: Show): void {
  if (game.cutTick > 0) return;
  for (const player of show.players.all.values()) {
    if (player.body || player.outTick === 0 || player.playedRound !== show.phase.round) continue;
    const waited = show.world.tick - player.outTick;
    const wait = player.ticket ? returnWaitTicks / 3 : player.bot ? botReturnTicks : silentReturnTicks;
    if (waited >= wait && hasReturn(player, show)) show.players.putIn(player);
  }
}

/** Makes a marble heavy until a tick. */
export function makeHeavy(player: Runners, untilTick: number, show: Show): void {
  player.heavyUntil = untilTick;
  if (player.body) show.world.setMaterial(player.body, { density: marbleMaterial.density * heavyFactor });
}

/** Lets a marble pass through others until a tick. */
export function makeGhost(player: Runners, untilTick: number, show: Show): void {
  player.ghostUntil = Math.max(player.ghostUntil, untilTick);
  if (player.body) show.world.setLayer(player.body, layers.ghost, layers.track);
}

/** Ends what has worn off. */
export function wearOff(player: Runners, show: Show): void {
  const { tick } = show.world;
  const { body } = player;
  if (!body) return;
  if (player.heavyUntil === tick) show.world.setMaterial(body, { density: marbleMaterial.density });
  if (player.ghostUntil === tick) show.world.setLayer(body, layers.marble, 0xffffffff);
}

/** What a marble wears, for the view. */
export function dress(game: MarbleDash, player: Runners, show: Show): void {
  const { body } = player;
  if (!body) return;
  const { tick } = show.world;
  const until = (end: number) => (end > tick ? end : 0);
  const streak = show.badges.streakOf(player.key);
  wear(body, "team", player.team);
  wear(body, "crown", player.key === game.leader ? 1 : 0);
  wear(body, "shield", player.bubbles > 0 ? 1 : until(player.safeUntil));
  wear(body, "subscriber", player.subscriber ? 1 : 0);
  wear(body, "heavy", until(player.heavyUntil));
  wear(body, "ghost", until(player.ghostUntil));
  wear(body, "boost", until(player.boostUntil));
  wear(body, "streak", streak >= 2 ? streak : 0);
  wear(body, "trail", player.trail);
  wear(body, "ticket", player.ticket ? 1 : 0);
  wear(body, "place", player.place);
}

function wear(body: Entity, name: string, value: number): void {
  if (value > 0) body.wear.set(name, value);
  else body.wear.delete(name);
}
