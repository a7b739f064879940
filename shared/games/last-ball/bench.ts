/** The bench of Last Ball: seats beside the platform for who waits for the next round. */
import type { Entity } from "../../world/world.ts";
import { arenaX, arenaY, fullRadius, layerBench } from "./arena.ts";
import { minRadius } from "./balls.ts";
import type { LastBall, Player, Show } from "./state.ts";

/** Seats beside the platform: four corners while it is large, a ring where it has fallen. */
const cornerSeats = 8;
const ringSeats = 18;

/** Puts a waiting player on the bench: their face is seen at once, they play the next round. */
export function sit(game: LastBall, player: Player, show: Show): void {
  if (player.seat?.alive) return;
  const spot = freeSeat(game, show);
  if (!spot) return;
  player.seat = show.world.spawn({
    kind: "ball",
    shape: { type: "circle", radius: minRadius },
    ...spot,
    motion: "fixed",
    sensor: true,
    layer: layerBench,
    meets: 0,
    viewer: player.key,
  });
  player.seat?.wear.set("waiting", 1);
  if (player.team > 0) player.seat?.wear.set("team", player.team);
}

/** Takes a player from the bench. */
export function standUp(player: Player, show: Show): void {
  if (player.seat) show.world.remove(player.seat);
  player.seat = undefined;
}

function freeSeat(game: LastBall, show: Show): { x: number; y: number } | undefined {
  const { name } = show.phase;
  const ring = (name === "sudden" || name === "results") && game.arena.radius < fullRadius * 0.55;
  for (let index = 0; index < cornerSeats + (ring ? ringSeats : 0); index++) {
    const spot = seatAt(index);
    if (isFree(game, spot)) return spot;
  }
  return undefined;
}

function seatAt(index: number): { x: number; y: number } {
  if (index < cornerSeats) {
    // Two to a corner of the square around the platform, just outside its rim.
    const side = index % 4;
    const near = index < 4;
    const dx = (side % 2 === 0 ? -1 : 1) * (near ? 362 : 268);
    const dy = (side < 2 ? -1 : 1) * (near ? 352 : 424);
    return { x: arenaX + dx, y: arenaY + dy };
  }
  const angle = ((index - cornerSeats) / ringSeats) * Math.PI * 2;
  return { x: arenaX + Math.cos(angle) * 345, y: arenaY + Math.sin(angle) * 345 };
}

function isFree(game: LastBall, spot: { x: number; y: number }): boolean {
  const taken = (entity: Entity | undefined) =>
    entity?.alive === true && Math.abs(entity.x - spot.x) < 1 && Math.abs(entity.y - spot.y) < 1;
  for (const player of game.players.values()) if (taken(player.seat)) return false;
  return true;
}
