/** Bytes a moving body costs in a patch: the pose codec against a schema of plain numbers and against JSON, on the same motion. */
import { Encoder, schema, t } from "@colyseus/schema";
import { ticksPerPatch } from "../../shared/protocol/messages.ts";
import { createPoseDecoder, createPoseEncoder, poseQuantum } from "../../shared/protocol/poses.ts";
import type { World } from "../../shared/world/world.ts";
import type { Row } from "./report.ts";
import { createScene, type Scene } from "./worlds.ts";

const bodies = 300;
const settleTicks = 240;
const patches = 100;

const Numbers = schema({ x: t.number(), y: t.number(), angle: t.number() }, "BenchPose");
const NumberMap = schema({ bodies: t.map(Numbers) }, "BenchPoses");

/** Measures both scenes. */
export function benchPoses(): Row[] {
  return (["arena", "pile"] as const).flatMap(benchScene);
}

function benchScene(scene: Scene): Row[] {
  const world = createScene(scene, bodies, 7);
  for (let tick = 0; tick < settleTicks; tick++) world.step();
  const codec = createCodecMeter(world);
  const numbers = createSchemaMeter(world);
  const sum = { moved: 0, codec: 0, json: 0, schema: 0 };
  for (let patch = 0; patch < patches; patch++) {
    for (let tick = 0; tick < ticksPerPatch; tick++) world.step();
    const { bytes, moved } = codec.patch();
    sum.codec += bytes;
    sum.moved += moved.length;
    sum.json += Buffer.byteLength(JSON.stringify(moved));
    sum.schema += numbers.patch(moved);
  }
  if (sum.moved === 0) throw new Error(`Nothing moved in the ${scene}: nothing was measured.`);
  const perBody = (bytes: number) => bytes / sum.moved;
  const moving = `${(sum.moved / patches).toFixed(0)} of ${bodies} bodies move in a patch`;
  const row = (name: string, value: number, unit: string, note: string) => ({
    suite: "poses",
    name,
    value,
    unit,
    note,
  });
  const size = (bytes: number) => `${perBody(bytes).toFixed(1)} bytes a body`;
  return [
    row(`${scene}: bytes per moving body per patch`, perBody(sum.codec), "bytes", moving),
    row(`${scene}: codec / schema of numbers`, sum.codec / sum.schema, "x", `schema ${size(sum.schema)}`),
    row(`${scene}: codec / JSON`, sum.codec / sum.json, "x", `JSON ${size(sum.json)}`),
  ];
}

interface Moved {
  id: number;
  x: number;
  y: number;
  angle: number;
}

/** Sends patches through the codec to a page's decoder; a body counts as moving when the page sees it move. */
function createCodecMeter(world: World) {
  const encoder = createPoseEncoder();
  const decoder = createPoseDecoder();
  encoder.delta(world.tick, world.entities);
  decoder.read(encoder.key());
  const seen = new Map<number, string>();
  const look = (): Moved[] => {
    const moved: Moved[] = [];
    decoder.each((id, x, y, angle) => {
      const pose = `${x} ${y} ${angle}`;
      if (seen.get(id) === pose) return;
      seen.set(id, pose);
      const entity = world.entities.get(id)!;
      if (Math.abs(entity.x - x) > poseQuantum) throw new Error("The page sees a body where it is not.");
      moved.push({ id, x: entity.x, y: entity.y, angle: entity.angle });
    });
    return moved;
  };
  look();
  return {
    patch() {
      const frame = encoder.delta(world.tick, world.entities);
      decoder.read(frame);
      return { bytes: frame.length, moved: look() };
    },
  };
}

/** What Colyseus would send for the same bodies if their poses were plain numbers in the state. */
function createSchemaMeter(world: World) {
  const state = new NumberMap();
  for (const { id, x, y, angle } of world.entities.values()) {
    const pose = new Numbers();
    Object.assign(pose, { x, y, angle });
    state.bodies.set(String(id), pose);
  }
  const encoder = new Encoder(state);
  encoder.encodeAll();
  encoder.discardChanges();
  return {
    patch(moved: readonly Moved[]): number {
      for (const { id, x, y, angle } of moved) Object.assign(state.bodies.get(String(id))!, { x, y, angle });
      const { length } = encoder.encode();
      encoder.discardChanges();
      return length;
    },
  };
}
