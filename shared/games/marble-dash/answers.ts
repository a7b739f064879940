/** Answers: what follows when things touch - saws burst, bumpers ring, plates crack, hard hits are shown. */
import type { Contact, Entity } from "../../world/world.ts";
import { burst } from "./marbles.ts";
import { wearPlates } from "./plates.ts";
import type { MarbleDash, Show } from "./state.ts";

/** Least closing speed, units per tick, of a hit that is shown, and of the hardest there are. */
const shownImpact = 5;
const hardImpact = 16;
/** Most hits shown in a tick: a hopper that opens is no firework. */
const mostShown = 4;
/** Least closing speed at which a bumper throws. */
const ringImpact = 2;
/** Speed a bumper throws with, units per tick. */
const bumperThrow = 9;

/** Answers all contacts of the last step. */
export function answerContacts(game: MarbleDash, show: Show): void {
  const { track } = game;
  let shown = 0;
  for (const contact of show.world.contacts) {
    const first = show.players.of(contact.a);
    const second = show.players.of(contact.b);
    if (first && second) {
      if (contact.impact < shownImpact || shown >= mostShown) continue;
      shown++;
      showHit("hit", contact.a, contact.b, contact, show);
      continue;
    }
    const player = first ?? second;
    if (!player?.body) continue;
    const piece = first ? contact.b : contact.a;
    if (piece.kind === "saw") burst(game, player, show);
    else if (piece.kind === "bumper" || piece.kind === "patron") throwOff(player.body, piece, contact, show);
    else if (contact.impact > shownImpact && shown < mostShown) {
      shown++;
      showHit(piece.kind === "peg" ? "pegHit" : "wallHit", player.body, piece, contact, show);
    }
  }
  if (!track) return;
  wearPlates(
    track,
    show.world,
    (entity) => (show.players.of(entity)?.heavyUntil ?? 0) > show.world.tick,
    ({ entity }) => show.effect("plateBreak", { x: entity.x, y: entity.y, power: 1 }),
  );
}

function showHit(kind: string, on: Entity, other: Entity, { x, y, impact }: Contact, show: Show): void {
  show.effect(kind, { on, with: other, x, y, power: Math.min(1, impact / hardImpact) });
}

/** A bumper throws a marble straight off. */
function throwOff(marble: Entity, piece: Entity, contact: Contact, show: Show): void {
  if (contact.impact < ringImpact) return;
  const dx = marble.x - piece.x;
  const dy = marble.y - piece.y;
  const distance = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [dx / distance, dy / distance];
  const away = marble.vx * nx + marble.vy * ny;
  if (away < bumperThrow) show.world.accelerate(marble, nx * (bumperThrow - away), ny * (bumperThrow - away));
  showHit("bumperHit", marble, piece, contact, show);
}
