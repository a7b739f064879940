/** Camera track: where the room's camera was at each frame, from which its place at any tick between is read. */

/** Places kept: 3.2 s at 20 frames a second, as long as poses are. */
const capacity = 64;

/** A place in the world, in its units. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface CameraTrack {
  /** Takes the camera's place as of a frame. Frames come in order; a second one of the same tick replaces the first. */
  push(tick: number, x: number, y: number): void;
  /**
   * Its place at `tick`: straight on between two frames, in step with the poses. A way longer than `farX` or `farY` between two frames
   * is a cut: it stays until the later one. Undefined before the first frame. Valid until the next call.
   */
  at(tick: number, farX: number, farY: number): Place | undefined;
  reset(): void;
}

interface Sample {
  tick: number;
  x: number;
  y: number;
}

/** Creates an empty track. */
export function createCameraTrack(): CameraTrack {
  let samples: Sample[] = [];
  const place = { x: 0, y: 0 };
  return {
    push(tick, x, y) {
      while (samples.length > 0 && samples.at(-1)!.tick >= tick) samples.pop();
      samples.push({ tick, x, y });
      if (samples.length > capacity) samples.shift();
    },
    at(tick, farX, farY) {
      const after = samples.findIndex((sample) => sample.tick > tick);
      const from = samples.at(after < 0 ? -1 : Math.max(0, after - 1));
      if (!from) return undefined;
      place.x = from.x;
      place.y = from.y;
      const to = after > 0 ? samples[after]! : from;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      if (to === from || Math.abs(dx) > farX || Math.abs(dy) > farY) return place;
      const share = (tick - from.tick) / (to.tick - from.tick);
      place.x += dx * share;
      place.y += dy * share;
      return place;
    },
    reset() {
      samples = [];
    },
  };
}
