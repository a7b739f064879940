/** Bodies and seats of players: how one comes into play, leaves it, and waits beside it. */
import { ticksOf } from "../phases.ts";
import { isGathering, type Keeping, type Kept, lastActTick, mostOf } from "./record.ts";
import { sizesOf } from "./teams.ts";

/** Silence after which a body gives way to somebody who acts. */
const giveWayTicks = ticksOf(30);
/** Radius of a waiting face where the game says nothing else: the smallest that can be read on a phone. */
const usualSeatRadius = 42;

/** Gives a player a body, if there is room. */
export function putIn(keeping: Keeping, player: Kept): boolean {
  const { declaration, record, show, data } = keeping;
  if (player.body) return true;
  if (keeping.isClearing || record.active.length >= mostOf(keeping)) return false;
  const body = declaration.body(data(), player, show());
  if (!body) return false;
  if (body.viewer !== player.key) {
    show().world.remove(body);
    throw new Error("players.body must spawn its entity with viewer: player.key");
  }
  player.body = body;
  player.playedRound = show().phase.round;
  player.turnRound = player.playedRound;
  record.active.push(player);
  standUp(keeping, player);
  return true;
}

/** Takes a player's body out of play. */
export function takeOut(keeping: Keeping, player: Kept): void {
  const { declaration, record, show, data } = keeping;
  if (!player.body) return;
  if (player.body.alive) show().world.remove(player.body);
  player.body = undefined;
  const index = record.active.indexOf(player);
  if (index >= 0) record.active.splice(index, 1);
  declaration.left?.(data(), player, show());
}

/** Bodies that something else has removed from the world have left, too. Makes no garbage. */
export function sweep(keeping: Keeping): void {
  const { active } = keeping.record;
  for (let i = active.length - 1; i >= 0; i--) {
    const player = active[i];
    if (player?.body && !player.body.alive) takeOut(keeping, player);
  }
}

/** Whether there is room for one more body, made if need be: a bot gives way first, then whoever was silent longest. */
export function hasRoom(keeping: Keeping): boolean {
  const { declaration, record } = keeping;
  if (record.active.length < mostOf(keeping)) return true;
  if (!isGathering(keeping) && declaration.turns !== "acts") return false;
  const leaves = botToLeave(keeping) ?? silentLongest(keeping);
  if (!leaves) return false;
  takeOut(keeping, leaves);
  return true;
}

/** The bot that gives way next: the last that came, of the largest team. */
export function botToLeave(keeping: Keeping): Kept | undefined {
  const { active } = keeping.record;
  if (!active.some(({ bot }) => bot)) return undefined;
  const sizes = sizesOf(keeping, active);
  let found: Kept | undefined;
  for (const player of active) {
    if (player.bot && (!found || sizes[player.team]! >= sizes[found.team]!)) found = player;
  }
  return found;
}

function silentLongest(keeping: Keeping): Kept | undefined {
  let silent: Kept | undefined;
  let silentTick = keeping.show().world.tick - giveWayTicks;
  for (const player of keeping.record.active) {
    const acted = lastActTick(keeping, player);
    if (acted >= silentTick) continue;
    silentTick = acted;
    silent = player;
  }
  return silent;
}

/** Shows a waiting player's face on the first free seat, if the game has any. */
export function sit(keeping: Keeping, player: Kept): void {
  const { declaration, record, show, data } = keeping;
  if (player.seat?.alive) return;
  // The game may have removed the face from the world.
  standUp(keeping, player);
  const isFree = ({ x, y }: { x: number; y: number }) =>
    record.seated.every(({ seat }) => !seat?.alive || Math.abs(seat.x - x) >= 1 || Math.abs(seat.y - y) >= 1);
  const spot = declaration.seats?.(data(), show()).find(isFree);
  if (!spot) return;
  player.seat = show().world.spawn({
    kind: "seat",
    shape: { type: "circle", radius: declaration.seatRadius ?? usualSeatRadius },
    ...{ x: spot.x, y: spot.y },
    motion: "fixed",
    sensor: true,
    meets: 0,
    viewer: player.key,
  });
  if (!player.seat) return;
  record.seated.push(player);
  player.seat.wear.set("waiting", 1);
  if (player.team > 0) player.seat.wear.set("team", player.team);
}

/** Takes a player from their seat. */
export function standUp({ record, show }: Keeping, player: Kept): void {
  if (!player.seat) return;
  show().world.remove(player.seat);
  player.seat = undefined;
  record.seated.splice(record.seated.indexOf(player), 1);
}
