/**
 * Connection: the line to the show's room. It joins, notices when the room goes quiet, and joins again for as long as the page is open.
 *
 * Each join starts from nothing (full state, key frame), so the picture after a restarted server, a cut network or a room
 * that was replaced is that of the room there is now. The SDK's own reconnection would ask for the old seat, which a restarted
 * server does not know; it is switched off.
 */
import { Client, ErrorCode, type Room } from "@colyseus/sdk";
import {
  type EffectsMessage,
  effectsMessage,
  endedMessage,
  posesMessage,
  showRoomName,
} from "../../shared/protocol/messages.ts";
import { createPoseDecoder, type PoseDecoder } from "../../shared/protocol/poses.ts";
import type { ShowState } from "../../shared/protocol/state.ts";
import { backoffMs } from "./backoff.ts";

/**
 * "ended": the show was stopped in order, and no other runs yet. "refused": the token in the page's address is not (or no longer)
 * valid. "left": by `leave`.
 */
export type ConnectionStatus = "joining" | "joined" | "lost" | "ended" | "refused" | "left";

/** What the stage does with what arrives. */
export interface ConnectionHandlers {
  /** A frame of poses has been decoded; read it at once. */
  frame(poses: PoseDecoder): void;
  effects(effects: EffectsMessage): void;
  /** Another room or another show than before: forget the world drawn so far. */
  reset(): void;
}

export interface Connection {
  readonly status: ConnectionStatus;
  /** State of the room, the last one known while the line is down; undefined before the first. */
  readonly state: ShowState | undefined;
  /** Milliseconds since something was heard from the room. */
  silentMs(nowMs: number): number;
  /** Leaves the show for good. */
  leave(): void;
}

/** A join that lasted this long was a good one: the next wait is short again. */
const stableMs = 5000;
/** No word for so long: the line is dead although no one closed it. Pings go out more often than that. */
const silenceMs = 6000;
const pingMs = 2000;
/** A join that takes longer is given up. */
const joinTimeoutMs = 8000;

/** Joins and keeps joining. `endpoint` is the page's origin. */
export function createConnection(endpoint: string, token: string, handlers: ConnectionHandlers): Connection {
  const client = new Client(endpoint);
  client.auth.token = token;
  let status: ConnectionStatus = "joining";
  let state: ShowState | undefined;
  let show = "";
  let lastHeard = performance.now();
  /** Joins in vain, or soon lost, one after the other. */
  let tries = 0;

  const heard = () => {
    lastHeard = performance.now();
  };
  let again: ReturnType<typeof setTimeout> | undefined;
  let endLine = () => {};
  const later = () => {
    if (status === "left") return;
    again = setTimeout(join, backoffMs(tries, Math.random()));
    tries++;
  };
  const fail = (error: unknown) => {
    if (status === "left") return;
    const code = (error as { code?: unknown } | undefined)?.code;
    if (code === ErrorCode.AUTH_FAILED || code === 401 || code === 403) status = "refused";
    // Nobody there after the end of a show is no trouble.
    else if (status !== "ended") status = "lost";
    later();
  };
  const takeState = (next: ShowState) => {
    heard();
    // The decoder first makes an empty state; the show's name tells a filled one.
    if (next.show === "") return;
    if (state && (state !== next || next.show !== show)) handlers.reset();
    show = next.show;
    state = next;
    status = "joined";
  };
  const listen = (room: Room<unknown, ShowState>) => {
    const joinedAt = performance.now();
    const poses = createPoseDecoder();
    let over = false;
    let hasEnded = false;
    const end = () => {
      if (over) return;
      over = true;
      clearInterval(watch);
      if (!hasEnded && status !== "left") status = "lost";
      if (performance.now() - joinedAt > stableMs) tries = 0;
      room.removeAllListeners();
      // Never awaited: with the server gone it does not settle.
      void room.leave(false);
      later();
    };
    const watch = setInterval(() => {
      if (performance.now() - lastHeard > silenceMs) end();
      else room.ping(heard);
    }, pingMs);
    endLine = end;
    heard();
    room.reconnection.enabled = false;
    room.onStateChange((next) => {
      if (!hasEnded) takeState(next);
    });
    room.onMessage(endedMessage, () => {
      heard();
      hasEnded = true;
      status = "ended";
    });
    room.onMessage<Uint8Array>(posesMessage, (bytes) => {
      heard();
      try {
        poses.read(bytes);
      } catch (error) {
        console.warn("[stage] a pose frame could not be read; joining again", error);
        end();
        return;
      }
      handlers.frame(poses);
    });
    room.onMessage<EffectsMessage>(effectsMessage, (effects) => {
      heard();
      handlers.effects(effects);
    });
    room.onMessage("*", heard);
    room.onError((code, message) => console.warn(`[stage] the room reported ${code}: ${message ?? ""}`));
    room.onLeave(end);
    room.onDrop(end);
  };
  const join = () => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      fail(undefined);
    }, joinTimeoutMs);
    client.join<ShowState>(showRoomName).then(
      (room) => {
        clearTimeout(timer);
        if (late || status === "left") void room.leave();
        else listen(room as Room<unknown, ShowState>);
      },
      (error) => {
        clearTimeout(timer);
        if (!late) fail(error);
      },
    );
  };

  join();
  return {
    get status() {
      return status;
    },
    get state() {
      return state;
    },
    silentMs: (nowMs) => nowMs - lastHeard,
    leave() {
      status = "left";
      clearTimeout(again);
      endLine();
    },
  };
}
