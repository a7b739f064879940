/** Source "tikfinity": TikTok LIVE through the TikFinity app on this computer (protocols 5). Its raw messages never leave this file. */

import type { Clock } from "../clock.ts";
import { addressIn } from "../ingest/address.ts";
import { asFields, asText, cut, type Fields } from "../ingest/fields.ts";
import { tiktokPictureHosts } from "../ingest/picture-hosts.ts";
import { type Ending, lineTo, openSocketLine, textOf } from "../ingest/socket-line.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type RunMemory,
  type SourceEvent,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { parseMessage, readTiktokEvent, realId, type TiktokContext } from "../ingest/tiktok-fields.ts";
import { Broadcasts } from "./tikfinity/broadcasts.ts";

/** Not "localhost": on Windows that can be ::1, where the app does not listen (protocols 5). */
const defaultUrl = "ws://127.0.0.1:21213/";

/** After an end someone entering is the last of that broadcast's audience, not the first of the next one's, for this long, ms. */
const lateMs = 10_000;

/** Messages that need no event. */
const controlNames = new Set(["questionNew", "ping", "pong"]);

function handleOf(settings: SourceSettings): string {
  return settings.user.trim().replace(/^@+/, "");
}

/** The address to connect to; a sentence for the streamer when the settings give none. */
function addressOf(settings: SourceSettings): URL | string {
  return addressIn(settings.env, "TIKFINITY_URL", defaultUrl, "ws");
}

/** Opens one line; everything it hears goes to the listener. */
function connect(
  settings: SourceSettings,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory = new Map(),
): Connection {
  return lineTo(addressOf(settings), listener, (url) => {
    return openSocketLine({
      url,
      listener: { ...listener, closed: (ending) => listener.closed(explain(ending, url)) },
      listen: (line) => ({
        ...createEar(settings, line, memory, clock),
        meaningOf: (code, reason) => ({
          class: "network",
          detail: cut(reason, 200) || `TikFinity closed it, code ${code}`,
        }),
      }),
      refused: (status) => ({
        class: "network",
        detail: `HTTP ${status}: what answers at ${url.host} is not TikFinity`,
      }),
      // The app says nothing while no broadcast is on.
      pongIsLife: true,
    });
  });
}

function explain(ending: Ending, url: URL): Ending {
  if (!ending.detail.includes("ECONNREFUSED")) return ending;
  return { ...ending, detail: `nothing answers at ${url.host}; is TikFinity running on this computer?` };
}

function listen(settings: SourceSettings, listener: SourceListener, memory?: RunMemory): Ear {
  return createEar(settings, listener, memory, undefined);
}

/**
 * Hears one line's messages in order. An open line is not yet a live show: that is told by `connected` or the first event of a room.
 * After an end late gift frames still come, so then only `connected` or someone entering tells of the next broadcast. Without a clock
 * the newest date among the events stands in for it.
 */
function createEar(
  settings: SourceSettings,
  listener: SourceListener,
  memory: RunMemory | undefined,
  clock: Clock | undefined,
): Ear {
  const context: TiktokContext = { roomId: "", owner: handleOf(settings), streakableGifts: new Map() };
  const broadcasts = Broadcasts.of(memory);
  let live = false;
  let newestTs = 0;
  const now = (): number => clock?.now() ?? newestTs;

  const enter = (roomId: string): void => {
    context.roomId = roomId;
    live = true;
    listener.live(roomId);
  };
  const goLive = (roomId: string): void => enter(broadcasts.live(cut(roomId, 128), now()));
  const endShow = (name: string, data: Fields): void => {
    if (!live) {
      if (name === "streamEnd" && broadcasts.isOver) broadcasts.end(true, now());
      listener.ignored("control");
      return;
    }
    const ended = broadcasts.end(name === "streamEnd", now());
    if (context.roomId === "") enter(ended);
    const event = readTiktokEvent("streamEnd", name === "streamEnd" ? data : { reason: name }, context);
    live = false;
    context.roomId = "";
    if (typeof event !== "string") listener.event(event);
  };
  /** Whether an event shows that a broadcast is on. */
  const showsLive = ({ type }: SourceEvent): boolean => {
    const { endedAtMs } = broadcasts;
    return endedAtMs === undefined || (type === "join" && now() - endedAtMs > lateMs);
  };
  const hearOne = (message: unknown): void => {
    const envelope = asFields(message);
    const name = asText(envelope?.event) || asText(envelope?.type);
    if (!envelope || name === "") {
      listener.ignored("broken");
      return;
    }
    const data = asFields(envelope.data) ?? {};
    if (name === "connected") goLive(realId(data.roomId) || realId(asFields(data.state)?.roomId));
    else if (name === "disconnected" || name === "streamEnd") endShow(name, data);
    else if (controlNames.has(name)) listener.ignored("control");
    else {
      const event = readTiktokEvent(name, data, context);
      if (typeof event === "string") {
        listener.ignored(event);
        return;
      }
      newestTs = Math.max(newestTs, event.ts);
      if (!live && showsLive(event)) goLive(event.roomId);
      listener.event(event);
    }
  };
  return {
    /** Takes one message; some builds send several events in a list. */
    hear(frame: Frame): void {
      for (const message of readMessages(textOf(frame))) hearOne(message);
    },
  };
}

/** The messages in a text; one that cannot be read stands for what is no message. */
function readMessages(text: string | undefined): readonly unknown[] {
  if (text === undefined) return [undefined];
  try {
    const message = parseMessage(text);
    return Array.isArray(message) ? message : [message];
  } catch {
    return [undefined];
  }
}

export default defineSource({
  id: "tikfinity",
  summary: "TikTok LIVE through the TikFinity app on this computer: no account, no key",
  platform: "tiktok",
  avatarHosts: tiktokPictureHosts,
  check(settings) {
    const address = addressOf(settings);
    return typeof address === "string" ? address : undefined;
  },
  target: (settings) => (handleOf(settings) === "" ? "the account in TikFinity" : `@${handleOf(settings)}`),
  // The app is on this machine and can be started at any time.
  staysOpen: true,
  retryWithinMs: 10_000,
  listen,
  connect,
});
