/** Camera: what of the track is seen. It follows the leading pack, eased, and rests at the hopper and at the finish. */
import { hopperY } from "./race.ts";
import { isRacing, type MarbleDash, type Show } from "./state.ts";

/** Share of the way to where it wants to look that it goes in a tick, and most units of it. */
const ease = 0.055;
const fastest = 24;
/** Furthest below the middle of the picture that the leader may be. */
const leaderBelow = 460;
/** At the end, the finish is so far above the middle of the picture: the basin fills what no phone covers. */
const finishAbove = 200;

/** Moves the camera on by a tick. */
export function moveCamera(game: MarbleDash, show: Show): void {
  const wanted = wantedY(game, show);
  const step = (wanted - game.cameraY) * ease;
  game.cameraY += Math.max(-fastest, Math.min(fastest, step));
}

function wantedY(game: MarbleDash, show: Show): number {
  const { track, order } = game;
  if (!track) return hopperY;
  const lowest = track.finishY + finishAbove;
  if (show.phase.name === "results" || game.finished.length > 0) return lowest;
  const first = order[0]?.body;
  if (!isRacing(show) || !first) return isRacing(show) ? game.cameraY : hopperY;
  const pack = meanOfFirst(game, 3);
  const y = Math.max(pack - show.options.cameraAhead, first.y - leaderBelow);
  return Math.max(hopperY, Math.min(lowest, y));
}

/** Mean height of the first few who run. */
function meanOfFirst({ order }: MarbleDash, count: number): number {
  const few = order.slice(0, count);
  return few.reduce((sum, { body }) => sum + body!.y, 0) / Math.max(1, few.length);
}
