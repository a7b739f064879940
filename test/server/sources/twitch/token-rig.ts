/** What the tests of twitch with a token share: a show on a fake Twitch, and what the chat tells. */
import { afterEach } from "vitest";
import { createIngest, type Ingest } from "../../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import twitch from "../../../../server/sources/twitch.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { createManualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { until } from "../../../support/until.ts";
import { type FakeTwitch, startFakeTwitch, twitchSettings, unknown } from "./fake-twitch.ts";

/** What ends after each test. */
export const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A show that hears Twitch with a token. */
export interface Show {
  server: FakeTwitch;
  ingest: Ingest;
  clock: ManualClock;
  status(): ReturnType<Ingest["status"]>[number];
  /** Everything told once EventSub and the chat, where it is open, have been heard to their ends. */
  heard(): Promise<LiveEvent[]>;
}

/** Starts a show; `prepare` sets what Twitch grants. */
export async function start(
  prepare: (server: FakeTwitch) => void = () => undefined,
  part: Partial<SourceSettings> = {},
): Promise<Show> {
  const server = await startFakeTwitch("eventSub");
  prepare(server);
  const clock = createManualClock();
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(() => server.stop(), ingest.stop);
  // Some tools write the word before the token.
  ingest.start(twitch, twitchSettings(server.url, "oauth:t0ken", part));
  const status = () => ingest.status()[0]!;
  return {
    ...{ server, ingest, clock, status },
    async heard() {
      const before = status().counters.ignoredUnknown;
      server.send(unknown);
      server.sendChat(":tmi.twitch.tv SOMETHINGNEW #streamer");
      await until(() => status().counters.ignoredUnknown === before + server.lines() + server.chats().length);
      return ingest.drain(99);
    },
  };
}

/** Waits until the source has asked for all and read from the chat what it must. */
export async function settled({ server }: Show, chats: number = 0): Promise<void> {
  await until(() => server.requests.some((request) => request.startsWith("GET /helix/streams")));
  await until(
    () => server.chats().length === chats && (chats === 0 || server.said.some((said) => said.startsWith("JOIN"))),
  );
}

export const ircChat = "@id=i1;bits=10;room-id=1;user-id=5;display-name=Five :five!f@f PRIVMSG #streamer :Cheer10 hi";
export const ircSub =
  "@id=i2;login=six;msg-id=sub;msg-param-cumulative-months=1;msg-param-sub-plan=1000;room-id=1;user-id=6 :tmi.twitch.tv USERNOTICE #streamer";
export const ircBomb =
  "@id=i4;login=eig;msg-id=submysterygift;msg-param-mass-gift-count=5;msg-param-origin-id=o;msg-param-sub-plan=1000;room-id=1;user-id=8 :tmi.twitch.tv USERNOTICE #streamer";
export const ircRaid =
  "@id=i3;login=sev;msg-id=raid;msg-param-viewerCount=7;room-id=1;user-id=7 :tmi.twitch.tv USERNOTICE #streamer";
