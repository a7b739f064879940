/** Plates: floors that crack under hits and break, so that whoever comes first holds the door for the rest. */
import type { Entity, World } from "../../world/world.ts";
import type { Plate, Track } from "./track.ts";

/** Ticks after its first touch at which a plate breaks by itself: nobody waits long. */
const holdsTicks = 210;
/** Least closing speed that cracks, in units per tick, and from which a hit counts double. */
const crackImpact = 2.5;
const doubleImpact = 9;

/** Hits a new plate bears. */
export const plateHits = 6;

/** Cracks plates that were hit in the last step, breaks those whose time has come, and calls back for each that broke. */
export function wearPlates(
  track: Track,
  world: World,
  isHeavy: (entity: Entity) => boolean,
  broke: (plate: Plate) => void,
): void {
  for (const { a, b, impact } of world.contacts) {
    const plate = track.plates.find(({ entity }) => entity === a || entity === b);
    if (!plate) continue;
    const other = plate.entity === a ? b : a;
    if (plate.breaksAt === 0) plate.breaksAt = world.tick + holdsTicks;
    if (impact < crackImpact) continue;
    plate.hitsLeft -= isHeavy(other) ? plateHits : impact > doubleImpact ? 2 : 1;
    plate.entity.wear.set("cracks", Math.min(3, Math.ceil(((plateHits - plate.hitsLeft) / plateHits) * 3)));
  }
  const { plates } = track;
  for (let i = plates.length - 1; i >= 0; i--) {
    const plate = plates[i]!;
    if (plate.hitsLeft > 0 && (plate.breaksAt === 0 || world.tick < plate.breaksAt)) continue;
    plates.splice(i, 1);
    broke(plate);
    track.standing.splice(track.standing.indexOf(plate.entity), 1);
    world.remove(plate.entity);
  }
}
