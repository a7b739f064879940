/**
 * Source "twitch": a Twitch channel (protocols 7). Without a token by its chat, which anybody may read: chat, bits, subscriptions,
 * raids. As the chat does not tell whether a broadcast is on, an open chat counts as one. With a user's token by EventSub, which
 * adds follows, channel points and the broadcast's start and end; what the token does not allow is read from the chat.
 */

import type { Clock } from "../clock.ts";
import { addressIn } from "../ingest/address.ts";
import { lineTo } from "../ingest/socket-line.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type RunMemory,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import type { TwitchAddresses } from "./twitch/api.ts";
import { openChatLine } from "./twitch/chat-line.ts";
import { createTwitchEar } from "./twitch/ear.ts";
import { createTwitchContext, createTwitchKept, type TwitchKept } from "./twitch/fields.ts";
import { openTokenLine } from "./twitch/token-line.ts";

const chatUrl = "wss://irc-ws.chat.twitch.tv:443";
const eventSubUrl = "wss://eventsub.wss.twitch.tv/ws";
const helixUrl = "https://api.twitch.tv/helix/";
const oauthUrl = "https://id.twitch.tv/oauth2/";

/** Where and whom to listen to. */
interface Way {
  /** "" for the token's own channel. */
  channel: string;
  /** "" for none. */
  token: string;
  chat: URL;
  eventSub: URL;
  addresses: TwitchAddresses;
}

/** The channel's login as it was given: a name, "#name", "@name" or an address of its page. */
function channelOf(settings: SourceSettings): string {
  const given = settings.user.trim().toLowerCase();
  const [, inAddress] = /^(?:https?:\/\/)?(?:[a-z]+\.)?twitch\.tv\/([^/?#]+)/.exec(given) ?? [];
  return inAddress ?? given.replace(/^[#@]+/, "");
}

/** The token without the word that some tools put before it. */
function tokenOf({ env }: SourceSettings): string {
  return (env.TWITCH_TOKEN ?? "").trim().replace(/^oauth:/i, "");
}

/** Where to connect; a sentence for the streamer when the settings do not tell. */
function wayOf(settings: SourceSettings): Way | string {
  const { env } = settings;
  const channel = channelOf(settings);
  const token = tokenOf(settings);
  if (channel === "" && token === "") return "Twitch needs the channel's name: add --user NAME.";
  if (channel !== "" && !/^\w{1,25}$/.test(channel)) {
    return `--user must be the channel's name as in its address, twitch.tv/NAME. You wrote ${settings.user}.`;
  }
  if (/[^\x21-\x7e]/.test(token))
    return "TWITCH_TOKEN must be a token and nothing else: it has letters that no token has.";
  const chat = addressIn(env, "TWITCH_IRC_URL", chatUrl, "ws");
  const eventSub = addressIn(env, "TWITCH_EVENTSUB_URL", eventSubUrl, "ws");
  const api = addressIn(env, "TWITCH_API_URL", helixUrl, "http");
  if (typeof chat === "string") return chat;
  if (typeof eventSub === "string") return eventSub;
  if (typeof api === "string") return api;
  const addresses = env.TWITCH_API_URL
    ? { helix: new URL("/helix/", api), oauth: new URL("/oauth2/", api) }
    : { helix: api, oauth: new URL(oauthUrl) };
  return { channel, token, chat, eventSub, addresses };
}

/** Opens one line; everything it hears goes to the listener. */
function connect(
  settings: SourceSettings,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory = new Map(),
): Connection {
  return lineTo(wayOf(settings), listener, ({ channel, token, chat, eventSub, addresses }) => {
    const context = createTwitchContext(channel, keptIn(memory));
    const ear = (line: SourceListener) => createTwitchEar(context, line);
    const shared = { channel, listener, clock, ear };
    if (token === "") return openChatLine({ ...shared, url: chat, unjoined: "notLive" });
    return openTokenLine({ ...shared, token, chat, eventSub, addresses, memory, context });
  });
}

/**
 * What outlives a line: gift bombs, or one that breaks in the middle of a bomb would count its rest again; and broadcasts' beginnings
 * and ends, or one delivered again on the next line would end the broadcast that is on.
 */
function keptIn(memory: RunMemory): TwitchKept {
  const kept = (memory.get("kept") as TwitchKept | undefined) ?? createTwitchKept();
  memory.set("kept", kept);
  return kept;
}

function listen(settings: SourceSettings, listener: SourceListener, memory: RunMemory = new Map()): Ear {
  return createTwitchEar(createTwitchContext(channelOf(settings), keptIn(memory)), listener);
}

export default defineSource({
  id: "twitch",
  summary: "Twitch: chat, bits and subscriptions without an account; with TWITCH_TOKEN also follows and channel points",
  platform: "twitch",
  staysOpen: true,
  check(settings) {
    const way = wayOf(settings);
    return typeof way === "string" ? way : undefined;
  },
  target: (settings) => (channelOf(settings) === "" ? "the token's channel" : `@${channelOf(settings)}`),
  notice: (settings) =>
    tokenOf(settings) === ""
      ? "without TWITCH_TOKEN an open chat counts as live, and follows and channel points are not heard"
      : undefined,
  listen,
  connect,
});
