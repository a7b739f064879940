/**
 * Source "streamerbot": Twitch, YouTube and Kick through the Streamer.bot app on this computer (protocols 6). Each viewer carries the
 * platform they come from. Its raw messages never leave this file.
 */

import type { Clock } from "../clock.ts";
import { addressIn } from "../ingest/address.ts";
import { asFields, asId, asNumber, asText, cut, type Fields } from "../ingest/fields.ts";
import { allPictureHosts } from "../ingest/picture-hosts.ts";
import { type Ending, type LineEar, lineTo, openSocketLine, textOf } from "../ingest/socket-line.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { parseMessage } from "../ingest/tiktok-fields.ts";
import { type BotEvent, readBotEvent, readNames } from "./streamerbot/fields.ts";
import { createTalk, type Talk } from "./streamerbot/talk.ts";

/** Not "localhost": on Windows that can be ::1, where the app does not listen. */
const defaultUrl = "ws://127.0.0.1:8080/";
/** Time in which Streamer.bot says Hello, ms; what does not is something else. */
const helloWithinMs = 10_000;

/** What tells of a platform's broadcast, and where it says how many watch. */
const onlineNames = new Set(["Twitch.StreamOnline", "Kick.StreamOnline", "YouTube.BroadcastStarted"]);
const offlineNames = new Set(["Twitch.StreamOffline", "Kick.StreamOffline", "YouTube.BroadcastEnded"]);
const viewersNames = new Set(["Twitch.ViewerCountUpdate", "Kick.ViewerCountUpdate", "YouTube.StatisticsUpdated"]);

/** Everything that is asked for. */
const wantedNames = [...readNames, ...onlineNames, ...offlineNames, ...viewersNames];
/** Those whose events come from a broadcast; tips come at any time. */
const platforms = new Set(["Twitch", "YouTube", "Kick"]);

/** The address to connect to; a sentence for the streamer when the settings give none. */
function addressOf(settings: SourceSettings): URL | string {
  return addressIn(settings.env, "STREAMERBOT_URL", defaultUrl, "ws");
}

/** Opens one line; everything it hears goes to the listener. */
function connect(settings: SourceSettings, listener: SourceListener, clock: Clock): Connection {
  return lineTo(addressOf(settings), listener, (url) => {
    let cancelWait = (): void => undefined;
    const connection = openSocketLine({
      url,
      listener: { ...listener, closed: (ending) => listener.closed(explain(ending, url)) },
      listen: (line) => {
        const talk = createTalk(wantedNames, settings.env.STREAMERBOT_PASSWORD ?? "");
        let speak = (_message: string): void => undefined;
        const ear = createEar(line, (message) => {
          const understood = takeStep(talk, message, line, speak);
          if (understood) cancelWait();
          return understood;
        });
        return {
          hear: ear.hear,
          opened(send) {
            speak = send;
            const detail = `what answers at ${url.host} does not say Hello as Streamer.bot does`;
            cancelWait = clock.after(helloWithinMs, () => line.closed({ class: "network", detail }));
          },
          meaningOf: (code, reason) => talk.cutShort() ?? { class: "network", detail: closeDetail(code, reason) },
        } satisfies LineEar;
      },
      refused: (status) => ({
        class: "network",
        detail: `HTTP ${status}: what answers at ${url.host} is not Streamer.bot`,
      }),
      // The app says nothing while nothing happens.
      pongIsLife: true,
    });
    return {
      async stop() {
        cancelWait();
        await connection.stop();
      },
    };
  });
}

function closeDetail(code: number, reason: string): string {
  return cut(reason, 200) || `Streamer.bot closed it, code ${code}`;
}

function explain(ending: Ending, url: URL): Ending {
  if (!ending.detail.includes("ECONNREFUSED")) return ending;
  const detail = `nothing answers at ${url.host}; is Streamer.bot running, with its WebSocket server started?`;
  return { ...ending, detail };
}

/** Takes a message of the talk and says what it leads to. False when it cannot be understood. */
function takeStep(talk: Talk, message: Fields, line: SourceListener, speak: (message: string) => void): boolean {
  const step = talk.take(message);
  if (step?.kind === "say") speak(JSON.stringify(step.message));
  else if (step?.kind === "ending") line.closed(step.ending);
  return step !== undefined;
}

/**
 * Hears messages in order; those that are no event go to `answer`, which says whether they make sense. An open line is not yet a live
 * show: that is told by a broadcast's beginning, or by the first event of a platform that was not said to be offline. With several
 * platforms the show is over when the last of them went offline.
 */
function createEar(listener: SourceListener, answer: (message: Fields) => boolean): Ear {
  const online = new Set<string>();
  const offline = new Set<string>();
  const watching = new Map<string, number>();
  let live = false;
  let room = { id: "", source: "" };

  const goLive = (): void => {
    live = true;
    listener.live(room.id);
  };
  const begin = ({ source, data, ts }: BotEvent): void => {
    const id = `${source.toLowerCase()}:${cut(asId(data.id) || asId(data.startedAt) || String(ts), 100)}`;
    online.add(source);
    offline.delete(source);
    // A show that other platforms began already goes on.
    if (live && room.id !== "" && room.source !== source) return;
    room = { id, source };
    goLive();
  };
  const finish = (event: BotEvent): void => {
    online.delete(event.source);
    watching.delete(event.source);
    offline.add(event.source);
    if (!live || online.size > 0) return;
    live = false;
    room = { id: "", source: "" };
    listener.event({ ...baseOf(event), type: "streamEnd", reason: `${event.source} is offline` });
  };
  const countViewers = (event: BotEvent): void => {
    const { concurrentViewers, viewerCount, viewers } = event.data;
    const count = asNumber(concurrentViewers ?? viewerCount ?? viewers);
    if (!(count >= 0)) {
      listener.ignored("broken");
      return;
    }
    noticed(event.source);
    watching.set(event.source, Math.trunc(count));
    const sum = [...watching.values()].reduce((all, one) => all + one, 0);
    listener.event({ ...baseOf(event), type: "viewers", count: sum, total: 0 });
  };
  /** Something happened there: it is on, unless it was said to be off. Chats go on when a broadcast is over. */
  const noticed = (source: string): void => {
    if (offline.has(source) || (!platforms.has(source) && offline.size > 0)) return;
    if (platforms.has(source)) online.add(source);
    if (!live) goLive();
  };
  const hearEvent = (event: BotEvent): void => {
    const name = `${event.source}.${event.type}`;
    if (onlineNames.has(name)) begin(event);
    else if (offlineNames.has(name)) finish(event);
    else if (viewersNames.has(name)) countViewers(event);
    else {
      const said = readBotEvent(event);
      if (typeof said === "string") {
        listener.ignored(said);
        return;
      }
      noticed(event.source);
      for (const one of said) listener.event(one);
    }
  };
  return {
    hear(frame) {
      const message = readFrame(frame);
      const event = message && eventOf(message);
      if (event) hearEvent(event);
      else listener.ignored(message && answer(message) ? "control" : "broken");
    },
  };
}

function baseOf({ ts }: BotEvent): { id: string; roomId: string; ts: number; replay: false; test: false } {
  return { id: "", roomId: "", ts, replay: false, test: false };
}

/** The event in a message; undefined when it holds none. */
function eventOf(message: Fields): BotEvent | undefined {
  const event = asFields(message.event);
  const source = asText(event?.source);
  const type = asText(event?.type);
  if (source === "" || type === "") return undefined;
  return { source, type, data: asFields(message.data) ?? {}, ts: Date.parse(asText(message.timeStamp)) || 0 };
}

function readFrame(frame: Frame): Fields | undefined {
  try {
    return asFields(parseMessage(textOf(frame) ?? ""));
  } catch {
    return undefined;
  }
}

/** Hears one line's messages in order, where nobody answers what Streamer.bot says. */
function listen(_settings: SourceSettings, listener: SourceListener): Ear {
  const talk = createTalk(wantedNames, "");
  return createEar(listener, (message) => talk.take(message) !== undefined);
}

export default defineSource({
  id: "streamerbot",
  summary:
    "Twitch, YouTube and Kick through the Streamer.bot app on this computer: no key (STREAMERBOT_PASSWORD if it has one)",
  platform: "any",
  avatarHosts: [...allPictureHosts, "files.kick.com"],
  check(settings) {
    const address = addressOf(settings);
    return typeof address === "string" ? address : undefined;
  },
  target: (settings) => (settings.user === "" ? "the accounts in Streamer.bot" : `@${settings.user}`),
  // The app is on this machine and can be started at any time.
  staysOpen: true,
  retryWithinMs: 10_000,
  listen,
  connect,
});
