/** The Colyseus room of a show: keeps the beat, sends patches, lets stages watch. A stage only ever reads. */
import { type AuthContext, type Client, Room, ServerError } from "@colyseus/core";
import { Encoder } from "@colyseus/schema";
import { effectsMessage, endedMessage, posesMessage, ticksPerPatch } from "../../shared/protocol/messages.ts";
import { createPoseEncoder } from "../../shared/protocol/poses.ts";
import { ShowState } from "../../shared/protocol/state.ts";
import type { StepResult } from "../../shared/sim/simulation.ts";
import type { Effect } from "../../shared/world/effect.ts";
import { ticksPerSecond, type World } from "../../shared/world/world.ts";
import { type AcceptsCaller, isSame } from "../trust.ts";
import { type AvatarAddress, createMirror, type Mirror, type MirroredShow } from "./mirror.ts";

/** Most effects sent with one patch. */
const maxEffectsPerPatch = 96;
/** Pages that watch at once: a streamer's OBS, previews, a dashboard. */
const maxStages = 64;
/** A stage sends nothing but keep-alives; one that sends more than this a second is cut off. */
const maxMessagesPerSecond = 20;
/** Full state of some 300 bodies is 12 kB, of 600 25 kB (measured); grows by itself beyond this. */
const stateBufferBytes = 128 * 1024;

export interface RoomCounters {
  stages: number;
  patches: number;
  /** Messages from stages, all ignored. */
  ignoredMessages: number;
  /** Exceptions caught in the room's hooks and ticks. */
  errors: number;
  lastError: string;
}

/** A show that a room can beat. */
export interface StagedShow extends MirroredShow {
  /** A turn of the room, 60 times a second: a live show does one tick. The result is valid until the next; undefined when no tick ran. */
  tick(): Pick<StepResult, "effects"> | undefined;
  /** While true the show is on its way to another time, and stages keep the picture they have. Default false. */
  readonly isSeeking?: boolean;
}

export interface ShowRoomOptions {
  show: StagedShow;
  avatarAddress: AvatarAddress;
  /** Tokens that may watch. */
  tokens: readonly string[];
  accepts: AcceptsCaller;
  counters: RoomCounters;
  /** Called after each patch was handed to the sockets; for measuring. */
  afterPatch?: (tick: number) => void;
}

/** A room class as the server takes it. */
export type ShowRoomClass = new () => Room<{ state: ShowState }>;

/** Makes the room class of one show, for `server.define`. */
export function showRoomOf({
  show,
  avatarAddress,
  tokens,
  accepts,
  counters,
  afterPatch,
}: ShowRoomOptions): ShowRoomClass {
  Encoder.BUFFER_SIZE = stateBufferBytes;
  return class ShowRoom extends Room<{ state: ShowState }> {
    override autoDispose = false;
    override maxClients = maxStages;
    override maxMessagesPerSecond = maxMessagesPerSecond;
    override patchRate = null;
    override state = new ShowState();
    poses = createPoseEncoder();
    readonly pending: Effect[] = [];
    mirror: Mirror | undefined;
    turns = 0;
    /** What the last frame of poses was of. */
    sent: { world: World; tick: number } | undefined;

    static override async onAuth(
      token: string | undefined,
      _options: unknown,
      { headers }: AuthContext,
    ): Promise<true> {
      // Colyseus answers its own addresses before any middleware, so the origin is looked at here too.
      if (!accepts({ origin: headers.get("origin"), host: headers.get("host") })) {
        throw new ServerError(403, "Pages from another address get nothing from Uproar.");
      }
      if (token && tokens.some((known) => isSame(known, token))) return true;
      throw new ServerError(401, "This stage address has no valid token. Copy the address that the terminal printed.");
    }

    override onCreate(): void {
      this.mirror = createMirror(show, this.state, avatarAddress);
      this.mirror.update();
      this.encodePoses();
      this.onMessage("*", () => {
        counters.ignoredMessages++;
      });
      this.setFixedTimestep(() => this.step(), ticksPerSecond);
      // Colyseus 0.18 keeps a second timer for rooms without a patch rate, and it takes time from the fixed timestep's clock;
      // setting the rate again, now that a timestep runs, ends that timer (core 0.18.17, Room.__init, patchRate).
      this.patchRate = null;
    }

    step(): void {
      const result = show.tick();
      this.turns++;
      if (show.isSeeking) {
        this.pending.length = 0;
        return;
      }
      for (const effect of result?.effects ?? []) {
        if (this.pending.length < maxEffectsPerPatch) this.pending.push(effect);
      }
      // Turns and not ticks: while the show pauses its tick stands still, and stages hear of it all the same.
      if (this.turns % ticksPerPatch === 0) this.sendPatch();
    }

    /** The frame of poses that is new, undefined for none. */
    encodePoses(): Uint8Array | undefined {
      const { world } = show.simulation;
      const { tick, entities } = world;
      const { sent } = this;
      if (sent?.world === world && sent.tick === tick) return undefined;
      this.sent = { world, tick };
      if (!sent || sent.world === world) return this.poses.delta(tick, entities);
      // Bodies of another simulation or game come and went in another order: stages begin anew with them.
      this.poses = createPoseEncoder();
      this.poses.delta(tick, entities);
      return this.poses.key();
    }

    sendPatch(): void {
      this.mirror?.update();
      this.broadcastPatch();
      const poses = this.encodePoses();
      if (poses) this.broadcastBytes(posesMessage, poses, {});
      if (this.pending.length > 0) this.broadcast(effectsMessage, this.pending);
      this.pending.length = 0;
      counters.patches++;
      afterPatch?.(show.simulation.world.tick);
    }

    override onJoin(client: Client): void {
      counters.stages++;
      client.sendBytes(posesMessage, this.poses.key());
    }

    override onLeave(): void {
      counters.stages--;
    }

    override onBeforeShutdown(): void {
      this.broadcast(endedMessage);
      super.onBeforeShutdown();
    }

    override onUncaughtException(error: Error, method: string): void {
      counters.errors++;
      counters.lastError = `${method}: ${error.message}`;
    }
  };
}
