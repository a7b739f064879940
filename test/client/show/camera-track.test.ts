/** The camera's track: in step with the frames, straight between two of them, and a cut where it leaps. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCameraTrack } from "../../../client/show/camera-track.ts";

const far = [1080, 1920] as const;

test.each([
  ["before the first frame stays at it", 0, [540, 960]],
  ["at a frame is where it was", 10, [540, 960]],
  ["half-way between two is half-way", 11.5, [540, 980]],
  ["at the next", 13, [540, 1000]],
  ["a leap stays until the later frame", 15.9, [540, 1000]],
  ["and then is there", 16, [540, 6000]],
  ["after the last stays at it", 90, [540, 6000]],
])("%s", (_name, tick, [x, y]) => {
  const track = createCameraTrack();
  track.push(10, 540, 960);
  track.push(13, 540, 1000);
  track.push(16, 540, 6000);
  expect(track.at(tick, ...far)).toEqual({ x, y });
});

test("knows nothing before the first frame and after a reset; a frame told again replaces itself", () => {
  const track = createCameraTrack();
  expect(track.at(5, ...far)).toBeUndefined();
  track.push(3, 1, 1);
  track.push(3, 2, 2);
  expect(track.at(3, ...far)).toEqual({ x: 2, y: 2 });
  track.push(2, 7, 7);
  expect(track.at(9, ...far)).toEqual({ x: 7, y: 7 });
  track.reset();
  expect(track.at(5, ...far)).toBeUndefined();
});

test("a camera that goes one way is never seen going the other, at any frame rate", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.double({ min: 0.05, max: 9, noNaN: true }), (ways, pace) => {
      const track = createCameraTrack();
      let y = 0;
      ways.forEach((way, index) => {
        y += way;
        track.push(index * 3, 0, y);
      });
      let last = Number.NEGATIVE_INFINITY;
      for (let tick = 0; tick <= ways.length * 3; tick += pace) {
        const seen = track.at(tick, ...far)!.y;
        expect(seen).toBeGreaterThanOrEqual(last);
        last = seen;
      }
      expect(last).toBeLessThanOrEqual(y);
    }),
  );
});
