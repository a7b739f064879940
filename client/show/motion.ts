/** Motion: a short history of every entity's poses, from which the picture at any tick between frames is read. */
import type { EntityId } from "../../shared/world/world.ts";
import { maxSpeed } from "../../shared/world/world.ts";

/** Poses kept per entity: 3.2 s at 20 frames a second, enough for slow motion. */
const capacity = 64;
const stride = 4;
/** Faster than this between two frames is a teleport. */
const teleportSpeed = maxSpeed * 1.4;
const turn = Math.PI * 2;

/** Where an entity is in the picture. Velocity in units per tick. */
export interface Pose {
  x: number;
  y: number;
  angle: number;
  vx: number;
  vy: number;
}

interface Track {
  /** Ring of (tick, x, y, angle). */
  readonly samples: Float64Array;
  /** Place of the newest sample, and how many there are. */
  head: number;
  count: number;
  seen: number;
  /** Tick of the first frame without it, Infinity while it is there. */
  goneTick: number;
}

/** Reads a frame's poses; PoseDecoder.each fits. */
export type PoseReader = (visit: (id: EntityId, x: number, y: number, angle: number) => void) => void;

/** A history of poses. */
export interface Motion {
  /** Takes a frame. Frames come in order; one with an older tick than the last starts everything anew. */
  push(tick: number, read: PoseReader): void;
  /** Calls back with every entity that is in the picture at `tick`. The pose is valid during the call only. */
  each(tick: number, visit: (id: EntityId, pose: Readonly<Pose>) => void): void;
  /** Drops what left the picture before `tick`. */
  forget(tick: number): void;
  reset(): void;
  /** Entities held, for tests of memory. */
  readonly size: number;
}

/** Creates an empty history. */
export function createMotion(): Motion {
  const tracks = new Map<EntityId, Track>();
  const pose: Pose = { x: 0, y: 0, angle: 0, vx: 0, vy: 0 };
  let frames = 0;
  let lastTick = -1;

  return {
    push(tick, read) {
      if (tick < lastTick) tracks.clear();
      lastTick = tick;
      frames++;
      read((id, x, y, angle) => {
        let track = tracks.get(id);
        if (!track || track.goneTick !== Number.POSITIVE_INFINITY) {
          track = newTrack();
          tracks.set(id, track);
        }
        track.seen = frames;
        addSample(track, tick, x, y, angle);
      });
      for (const track of tracks.values()) {
        if (track.seen !== frames && track.goneTick === Number.POSITIVE_INFINITY) track.goneTick = tick;
      }
    },
    each(tick, visit) {
      for (const [id, track] of tracks) if (tick < track.goneTick && readPose(track, tick, pose)) visit(id, pose);
    },
    forget(tick) {
      for (const [id, track] of tracks) if (track.goneTick <= tick) tracks.delete(id);
    },
    reset() {
      tracks.clear();
      lastTick = -1;
    },
    get size() {
      return tracks.size;
    },
  };
}

function newTrack(): Track {
  return {
    samples: new Float64Array(capacity * stride),
    head: -1,
    count: 0,
    seen: 0,
    goneTick: Number.POSITIVE_INFINITY,
  };
}

function addSample(track: Track, tick: number, x: number, y: number, angle: number): void {
  // A second frame of the same tick (a key frame beside a delta) replaces the first.
  const again = track.count > 0 && track.samples[track.head * stride] === tick;
  if (!again) {
    track.head = (track.head + 1) % capacity;
    track.count = Math.min(capacity, track.count + 1);
  }
  const at = track.head * stride;
  track.samples[at] = tick;
  track.samples[at + 1] = x;
  track.samples[at + 2] = y;
  track.samples[at + 3] = angle;
}

/** Writes the pose at `tick`; false when the entity was not there yet. */
function readPose(track: Track, tick: number, out: Pose): boolean {
  const { samples } = track;
  let newer = -1;
  for (let back = 0; back < track.count; back++) {
    const at = ((track.head - back + capacity) % capacity) * stride;
    if (samples[at]! <= tick) {
      blend(samples, at, newer, tick, out);
      return true;
    }
    newer = at;
  }
  // Older than its history: only an entity whose start was forgotten is drawn from its oldest pose.
  if (newer < 0 || track.count < capacity) return false;
  blend(samples, newer, -1, tick, out);
  return true;
}

function blend(samples: Float64Array, from: number, to: number, tick: number, out: Pose): void {
  const x = samples[from + 1]!;
  const y = samples[from + 2]!;
  const angle = samples[from + 3]!;
  out.x = x;
  out.y = y;
  out.angle = angle;
  out.vx = 0;
  out.vy = 0;
  if (to < 0) return;
  const ticks = samples[to]! - samples[from]!;
  const dx = samples[to + 1]! - x;
  const dy = samples[to + 2]! - y;
  if (dx * dx + dy * dy > (teleportSpeed * ticks) ** 2) return;
  const share = (tick - samples[from]!) / ticks;
  out.x = x + dx * share;
  out.y = y + dy * share;
  out.vx = dx / ticks;
  out.vy = dy / ticks;
  out.angle = angle + shortestArc(angle, samples[to + 3]!) * share;
}

/** The turn from one angle to another the short way, between -pi and pi. */
export function shortestArc(from: number, to: number): number {
  const arc = (to - from) % turn;
  if (arc > Math.PI) return arc - turn;
  if (arc < -Math.PI) return arc + turn;
  return arc;
}
