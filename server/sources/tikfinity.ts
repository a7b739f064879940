/** Source "tikfinity": TikTok LIVE through the TikFinity app on this computer (protocols 5). Its raw messages never leave this file. */
import { asFields, asId, asText, cut, type Fields } from "../ingest/fields.ts";
import { tiktokPictureHosts } from "../ingest/picture-hosts.ts";
import { type Ending, lineTo, openSocketLine, textOf } from "../ingest/socket-line.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { parseMessage, readTiktokEvent, type TiktokContext } from "../ingest/tiktok-fields.ts";

/** Not "localhost": on Windows that can be ::1, where the app does not listen (protocols 5). */
const defaultUrl = "ws://127.0.0.1:21213/";

/** Messages that need no event. */
const controlNames = new Set(["questionNew", "ping", "pong"]);

function handleOf(settings: SourceSettings): string {
  return settings.user.trim().replace(/^@+/, "");
}

/** The address to connect to; a sentence for the streamer when the settings give none. */
function addressOf(settings: SourceSettings): URL | string {
  const address = settings.env.TIKFINITY_URL || defaultUrl;
  if (URL.canParse(address) && /^wss?:$/.test(new URL(address).protocol)) return new URL(address);
  return `TIKFINITY_URL must be an address that starts with ws:// or wss://. You wrote ${address}.`;
}

/** Opens one line; everything it hears goes to the listener. */
function connect(settings: SourceSettings, listener: SourceListener): Connection {
  return lineTo(addressOf(settings), listener, (url) => {
    return openSocketLine({
      url,
      listener: { ...listener, closed: (ending) => listener.closed(explain(ending, url)) },
      listen: (line) => ({
        ...listen(settings, line),
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

/**
 * Hears one line's messages in order. An open line is not yet a live show: that is told by `connected` or the first event of a room.
 * After an end late gift frames still come, so then only `connected` or someone entering tells of the next broadcast.
 */
function listen(settings: SourceSettings, listener: SourceListener): Ear {
  const context: TiktokContext = { roomId: "", owner: handleOf(settings) };
  let phase: "waiting" | "live" | "ended" = "waiting";

  const goLive = (roomId: string): void => {
    context.roomId = cut(roomId, 128) || context.roomId;
    phase = "live";
    listener.live(context.roomId);
  };
  const endShow = (name: string, data: Fields): void => {
    if (phase !== "live") {
      listener.ignored("control");
      return;
    }
    const event = readTiktokEvent("streamEnd", name === "streamEnd" ? data : { reason: name }, context);
    phase = "ended";
    if (typeof event !== "string") listener.event(event);
  };
  const hearOne = (message: unknown): void => {
    const envelope = asFields(message);
    const name = asText(envelope?.event) || asText(envelope?.type);
    if (!envelope || name === "") {
      listener.ignored("broken");
      return;
    }
    const data = asFields(envelope.data) ?? {};
    if (name === "connected") goLive(asId(data.roomId) || asId(asFields(data.state)?.roomId));
    else if (name === "disconnected" || name === "streamEnd") endShow(name, data);
    else if (controlNames.has(name)) listener.ignored("control");
    else {
      const event = readTiktokEvent(name, data, context);
      if (typeof event === "string") {
        listener.ignored(event);
        return;
      }
      if (phase === "waiting" || (phase === "ended" && event.type === "join")) goLive("");
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
