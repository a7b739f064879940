/** A whole tick of the room (events from bytes, rules, game, physics, mirror, patch) against the bare physics step of the same world. */
import { performance } from "node:perf_hooks";
import { Encoder } from "@colyseus/schema";
import type { AnyGame } from "../../shared/game/define.ts";
import { ticksPerPatch } from "../../shared/protocol/messages.ts";
import { createPoseEncoder } from "../../shared/protocol/poses.ts";
import { ShowState } from "../../shared/protocol/state.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { savedFiles } from "../../shared/sim/input.ts";
import { createSimulation } from "../../shared/sim/simulation.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { systemClock } from "../clock.ts";
import { loadGame, loadRules } from "../games.ts";
import { createIngest } from "../ingest/ingest.ts";
import { createMirror } from "../room/mirror.ts";
import { createRuleShelf } from "../room/rule-shelf.ts";
import { createShow } from "../room/show.ts";
import { benchGame, benchRules } from "./bench-game.ts";
import { compare, median } from "./harness.ts";
import { createIdleWriter } from "./idle-writer.ts";
import { createMessages, senders, userIdOf } from "./messages.ts";
import type { Row } from "./report.ts";
import { connectWire } from "./wire.ts";
import { createScene, type Scene } from "./worlds.ts";

const usualBodies = 300;
const seed = 11;
const blockSteps = 25;
const groups = 2;
const warmUpSteps = 240;

/** Measures the scenes, with `bodies` in each, at several event rates, and Last Ball as it is. */
export async function benchTick(repeats: number, bodies: number = usualBodies): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [scene, rateHz] of [
    ["pile", 0],
    ["pile", 500],
    ["pile", 5000],
    ["arena", 0],
    ["arena", 500],
  ] as const) {
    rows.push(await benchScene({ scene, rateHz, bodies, repeats }));
  }
  rows.push(await benchLastBall(repeats));
  return rows;
}

interface SceneOptions {
  readonly scene: Scene;
  readonly rateHz: number;
  readonly bodies: number;
  readonly repeats: number;
}

async function benchScene({ scene, rateHz, bodies, repeats }: SceneOptions): Promise<Row> {
  const game = benchGame(scene, bodies, (index) => `tiktok:${userIdOf(index % senders)}`);
  const steps = warmUpSteps + 2 * blockSteps * groups * repeats;
  const room = createRoom({ game, rules: benchRules(game), rateHz, ticks: steps });
  // Same random, same calls, same bodies: this world does, step for step, what the room's own does.
  const bare = createScene(scene, bodies, seed);
  const result = compare({
    subject: () => room.tick(),
    baseline: () => bare.step(),
    ...{ blockSteps, groups, repeats, warmUpSteps },
  });
  await room.stop();
  const last = (world: typeof bare) => [...world.entities.values()].at(-1)!;
  if (last(bare).x !== last(room.world).x) throw new Error("The two worlds are not the same: the ratio means nothing.");
  room.check();
  const { ratio, low, high, subjectMs, baselineMs } = result;
  const note = `${subjectMs.toFixed(2)} ms against ${baselineMs.toFixed(2)} ms`;
  const name = `${scene}, ${bodies} bodies, ${rateHz} events/s: tick / bare step`;
  return { suite: "tick", name, value: ratio, unit: "x", low, high, note };
}

/** Last Ball's world cannot be stepped apart from its game, so its own step is timed inside each tick. */
async function benchLastBall(repeats: number): Promise<Row> {
  const game = await loadGame("last-ball");
  const { rules } = loadRules("", game);
  const blockTicks = 300;
  const warmUp = 30 * ticksPerSecond;
  const room = createRoom({ game, rules, rateHz: 50, ticks: warmUp + blockTicks * repeats });
  let stepMs = 0;
  const step = room.world.step.bind(room.world);
  room.world.step = () => {
    const start = performance.now();
    step();
    stepMs += performance.now() - start;
  };
  for (let tick = 0; tick < warmUp; tick++) room.tick();
  const ratios: number[] = [];
  const ticksMs: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    stepMs = 0;
    const start = performance.now();
    for (let tick = 0; tick < blockTicks; tick++) room.tick();
    const fullMs = performance.now() - start;
    ratios.push(fullMs / stepMs);
    ticksMs.push(fullMs / blockTicks);
  }
  const note = `${median(ticksMs).toFixed(2)} ms a tick, ${room.world.entities.size} bodies; step timed within the tick`;
  await room.stop();
  room.check();
  const spread = { low: Math.min(...ratios), high: Math.max(...ratios) };
  return {
    suite: "tick",
    name: "Last Ball, 50 events/s: tick / its step",
    value: median(ratios),
    unit: "x",
    ...spread,
    note,
  };
}

interface RoomOptions {
  readonly game: AnyGame;
  readonly rules: CompiledRules;
  /** Messages a second, as bytes from the wire. */
  readonly rateHz: number;
  /** Ticks that will be asked for: the messages are made before anything is measured. */
  readonly ticks: number;
}

/** Everything a room does in a tick, but for the sockets themselves. */
function createRoom({ game, rules, rateHz, ticks }: RoomOptions) {
  const simulation = createSimulation({ playlist: [{ game, rules }], seed });
  const ingest = createIngest({ clock: systemClock });
  const receive = connectWire(ingest);
  const parts = { writer: createIdleWriter(), shelf: createRuleShelf([[0, savedFiles(rules.files)]]) };
  const show = createShow({ id: "bench", simulation, ingest, ...parts, clock: systemClock });
  const state = new ShowState();
  const mirror = createMirror(show, state, () => "");
  Encoder.BUFFER_SIZE = 512 * 1024;
  const encoder = new Encoder(state);
  const poses = createPoseEncoder();
  const messages = createMessages(seed);
  const total = Math.ceil((ticks * rateHz) / ticksPerSecond);
  const wire = Array.from({ length: total }, () => Buffer.from(messages.next(systemClock.now())));
  let sent = 0;
  let due = 0;
  let patchedBytes = 0;

  mirror.update();
  encoder.encodeAll();
  encoder.discardChanges();
  const patch = () => {
    mirror.update();
    patchedBytes += encoder.encode().length + poses.delta(simulation.world.tick, simulation.world.entities).length;
    encoder.discardChanges();
  };
  return {
    world: simulation.world,
    tick() {
      due += rateHz / ticksPerSecond;
      while (sent < due && sent < total) receive(wire[sent++]!);
      show.tick();
      if (simulation.world.tick % ticksPerPatch === 0) patch();
    },
    stop: () => ingest.stop(),
    /** Throws when the room did not do what was measured. */
    check() {
      const { errors, lastError } = simulation.counters;
      if (errors > 0) throw new Error(`The game failed while it was measured: ${lastError}.`);
      if (sent !== total || patchedBytes === 0) throw new Error(`Only ${sent} of ${total} messages were measured.`);
    },
  };
}
