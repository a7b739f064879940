/** The Colyseus room of a show: keeps the beat, sends patches, lets stages watch. A stage only ever reads. */
import { type AuthContext, type Client, Room, ServerError } from "@colyseus/core";
import { Encoder } from "@colyseus/schema";
import { effectsMessage, endedMessage, posesMessage, ticksPerPatch } from "../../shared/protocol/messages.ts";
import { createPoseEncoder } from "../../shared/protocol/poses.ts";
import { ShowState } from "../../shared/protocol/state.ts";
import type { Effect } from "../../shared/world/effect.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { type AcceptsCaller, isSame } from "../trust.ts";
import { type AvatarAddress, createMirror, type Mirror } from "./mirror.ts";
import type { Show } from "./show.ts";

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

export interface ShowRoomOptions {
  show: Show;
  avatarAddress: AvatarAddress;
  /** Tokens that may watch. */
  tokens: readonly string[];
  accepts: AcceptsCaller;
  counters: RoomCounters;
  /** Called after each patch was handed to the sockets; for measuring. */
  afterPatch?: (tick: number) => void;
}

/** Makes the room class of one show, for `server.define`. */
export function showRoomOf({ show, avatarAddress, tokens, accepts, counters, afterPatch }: ShowRoomOptions) {
  Encoder.BUFFER_SIZE = stateBufferBytes;
  return class ShowRoom extends Room<{ state: ShowState }> {
    override autoDispose = false;
    override maxClients = maxStages;
    override maxMessagesPerSecond = maxMessagesPerSecond;
    override patchRate = null;
    override state = new ShowState();
    readonly poses = createPoseEncoder();
    readonly pending: Effect[] = [];
    mirror: Mirror | undefined;
    /** Turns of the timer since the show paused. */
    pausedTurns = 0;

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
      this.poses.delta(show.simulation.world.tick, show.simulation.world.entities);
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
      for (const effect of result?.effects ?? []) {
        if (this.pending.length < maxEffectsPerPatch) this.pending.push(effect);
      }
      // While the show pauses its tick stands still, and stages hear of it all the same.
      const beat = show.isPaused ? ++this.pausedTurns : show.simulation.world.tick;
      if (beat % ticksPerPatch === 0) this.sendPatch();
    }

    sendPatch(): void {
      const { world } = show.simulation;
      this.mirror?.update();
      this.broadcastPatch();
      if (!show.isPaused) this.broadcastBytes(posesMessage, this.poses.delta(world.tick, world.entities), {});
      if (this.pending.length > 0) this.broadcast(effectsMessage, this.pending);
      this.pending.length = 0;
      counters.patches++;
      afterPatch?.(world.tick);
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
