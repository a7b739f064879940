/** The bench of Last Ball: where faces wait beside the platform for the next round. */
import type { Seat } from "../../game/players-interface.ts";
import { arenaX, arenaY, fullRadius } from "./arena.ts";
import type { LastBall, Show } from "./state.ts";

/** Two to a corner of the square around the platform, just outside its rim. */
const corners: readonly Seat[] = Array.from({ length: 8 }, (_, index) => {
  const side = index % 4;
  const isNear = index < 4;
  const dx = (side % 2 === 0 ? -1 : 1) * (isNear ? 362 : 268);
  const dy = (side < 2 ? -1 : 1) * (isNear ? 352 : 424);
  return { x: arenaX + dx, y: arenaY + dy };
});
/** A ring where the platform has fallen. */
const ringSeats = 18;
const cornersAndRing: readonly Seat[] = [
  ...corners,
  ...Array.from({ length: ringSeats }, (_, index) => {
    const angle = (index / ringSeats) * Math.PI * 2;
    return { x: arenaX + Math.cos(angle) * 345, y: arenaY + Math.sin(angle) * 345 };
  }),
];

/** Seats: the corners while the platform is large, more when it has fallen to its last size. */
export function seats(game: LastBall, show: Show): readonly Seat[] {
  const { name } = show.phase;
  const isRingFree = (name === "sudden" || name === "results") && game.arena.radius < fullRadius * 0.55;
  return isRingFree ? cornersAndRing : corners;
}
