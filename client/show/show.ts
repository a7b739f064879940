/** The show as a page or program knows it: connection, clock, poses and effects, which outlive any one drawing of them. */
import type { ShowState } from "../../shared/protocol/state.ts";
import type { Effect } from "../../shared/world/effect.ts";
import { type CameraTrack, createCameraTrack } from "./camera-track.ts";
import { createStageClock } from "./clock.ts";
import { type ConnectionStatus, createConnection } from "./connection.ts";
import { createEffectQueue } from "./effects.ts";
import { createMotion, type Motion } from "./motion.ts";

/** A show that was joined. */
export interface Show {
  /** All but where bodies are, as the room said last; undefined before it said anything. Read it, and write nothing. */
  readonly state: ShowState | undefined;
  readonly status: ConnectionStatus;
  /** Where bodies were and are. */
  readonly motion: Motion;
  /** Where the room's camera was, at the ticks of the frames of poses. */
  readonly camera: Pick<CameraTrack, "at">;
  /** Grows with every reset: drawings of an older world are to be dropped. */
  readonly era: number;
  /** Tick the picture shows at this moment. */
  now(nowMs: number): number;
  /** Ticks the picture is behind the newest frame. */
  behind(tick: number): number;
  /** Plays slowly for so long, then catches up. */
  slow(seconds: number): void;
  /** Calls back with each effect whose tick has come, once. */
  playEffects(tick: number, show: (effect: Effect) => void): void;
  /** Phase as of the picture's tick: the state is a little ahead of it. */
  phaseAt(tick: number): string;
  /** One line for the streamer when something is wrong, "" when not. */
  problem(): string;
  /** Leaves for good: nothing arrives any more, and no timer is left. */
  leave(): void;
}

/** Further than this a show comes from one frame to the next by being taken there: a room that is late makes good for a few ticks at once. */
const leapTicks = 150;

/** Joins the show of a server, `endpoint` being its address ("http://127.0.0.1:2567"), and joins again for as long as it is not left. */
export function createShow(endpoint: string, token: string): Show {
  const clock = createStageClock();
  const motion = createMotion();
  const camera = createCameraTrack();
  const effects = createEffectQueue();
  let era = 0;
  let phase = "";
  const reset = () => {
    clock.reset();
    motion.reset();
    camera.reset();
    effects.reset();
    phase = "";
    era++;
  };
  const connection = createConnection(endpoint, token, {
    frame(poses) {
      const nowMs = performance.now();
      clock.speed(connection.state?.speed ?? 1, nowMs);
      // Ticks only grow while a show lasts, and not by leaps: this is another one, or the same taken elsewhere.
      const { newest } = clock;
      if (poses.tick < newest || (newest > 0 && poses.tick > newest + leapTicks)) reset();
      clock.frame(poses.tick, nowMs);
      motion.push(poses.tick, poses.each);
      // The patch of the state comes before the frame of the same tick.
      if (connection.state) camera.push(poses.tick, connection.state.cameraX, connection.state.cameraY);
    },
    effects: (list) => effects.push(list),
    reset,
  });
  return {
    get state() {
      return connection.state;
    },
    get status() {
      return connection.status;
    },
    motion,
    camera,
    get era() {
      return era;
    },
    now: (nowMs) => clock.now(nowMs),
    behind: (tick) => clock.newest - tick,
    slow: (seconds) => clock.slow(performance.now(), seconds),
    playEffects: (tick, show) => effects.play(tick, show),
    phaseAt(tick) {
      const { state } = connection;
      if (!state) return "";
      if (phase === "" || tick >= state.phaseStartTick) phase = state.phase;
      return phase;
    },
    problem() {
      if (connection.status === "refused") return "Stage address no longer valid: copy it again";
      if (connection.status === "lost") return "Reconnecting…";
      if (connection.status === "joining") return "Connecting…";
      return "";
    },
    leave: () => connection.leave(),
  };
}
