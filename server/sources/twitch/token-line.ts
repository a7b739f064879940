/**
 * The line to a channel with a user's token (protocols 7). In order: 1. ask whose token it is, and the channel's id; 2. open EventSub's
 * socket; 3. once welcomed, subscribe to what the token allows; 4. ask whether a broadcast is on; 5. read from the chat what EventSub
 * was not granted. All of it ends together.
 *
 * Own sockets instead of @twurple/eventsub-ws (8.1.4), seen with the real one: a frame that is no JSON ends the whole program; every
 * notification leaves a timer of 10 minutes that `stop` does not clear; and a server that closes at once is called again without a pause.
 * Nor ingest/socket-line.ts: it pings, and Twitch closes a line on which the client says anything but pong (4001).
 */

import { WebSocket } from "ws";
import type { Clock } from "../../clock.ts";
import { cut } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import { closeSocket, type Ending } from "../../ingest/socket-line.ts";
import type { Connection, RunMemory, SourceListener } from "../../ingest/source.ts";
import { createTwitchApi, endingOf, type TokenInfo, type TwitchAddresses, type TwitchApi } from "./api.ts";
import { openChatLine } from "./chat-line.ts";
import type { TwitchEar } from "./ear.ts";
import { countsFrame, type SessionSignal } from "./events.ts";
import type { TwitchContext } from "./fields.ts";
import { type Counts, subscribeAll } from "./topics.ts";

/** Largest message accepted, bytes; see socket-line.ts. */
const maxMessageBytes = 4 * 1024 * 1024;
const handshakeMs = 15_000;
/** What Twitch is asked to say something in, seconds; well below the supervisor's patience with silence. */
const keepaliveSeconds = 30;

export interface TokenLineOptions {
  token: string;
  /** Login of the channel, "" for the token's own. */
  channel: string;
  eventSub: URL;
  chat: URL;
  addresses: TwitchAddresses;
  listener: SourceListener;
  clock: Clock;
  memory: RunMemory;
  context: TwitchContext;
  /** Makes what hears all of the line's frames. */
  ear(listener: SourceListener): TwitchEar;
}

/** Opens the line. */
export function openTokenLine(options: TokenLineOptions): Connection {
  const line = new TokenLine(options);
  void line.begin();
  return { stop: () => line.stop() };
}

class TokenLine {
  readonly #options: TokenLineOptions;
  readonly #ear: TwitchEar;
  readonly #api: TwitchApi;
  readonly #asking = new AbortController();
  readonly #closing: Promise<unknown>[] = [];
  #token: TokenInfo | undefined;
  #channelId = "";
  /** The socket that is subscribed, or about to be. */
  #socket: WebSocket | undefined;
  /** The one that takes over from it, until Twitch welcomes it. */
  #next: WebSocket | undefined;
  #chat: Connection | undefined;
  #welcomed = false;
  #over = false;

  constructor(options: TokenLineOptions) {
    this.#options = options;
    this.#ear = options.ear({ ...options.listener, closed: (ending) => this.#end(ending) });
    this.#api = createTwitchApi(options.token, options.addresses, options.clock, this.#asking.signal);
  }

  /** Finds out who listens to whom, and opens the first socket. */
  begin(): Promise<void> {
    return this.#orEnd(async () => {
      const { channel, context, eventSub } = this.#options;
      const token = await this.#api.validate();
      const login = channel || token.login;
      this.#channelId = login === token.login ? token.userId : await this.#api.userIdOf(login);
      if (this.#over) return;
      if (this.#channelId === "") {
        this.#end({ class: "config", detail: `Twitch knows nobody called ${login}` });
        return;
      }
      this.#token = token;
      context.channel = login;
      const url = new URL(eventSub);
      url.searchParams.set("keepalive_timeout_seconds", String(keepaliveSeconds));
      this.#socket = this.#open(url);
    });
  }

  async stop(): Promise<void> {
    this.#close();
    await Promise.all(this.#closing);
  }

  /** Runs one step; what it throws ends the line. */
  async #orEnd(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#end(endingOf(error));
    }
  }

  #open(url: URL): WebSocket {
    const { listener, clock } = this.#options;
    const socket = new WebSocket(url, {
      maxPayload: maxMessageBytes,
      handshakeTimeout: handshakeMs,
      perMessageDeflate: false,
      followRedirects: false,
    });
    socket.on("open", () => {
      if (!this.#over && socket === this.#socket) listener.opened();
    });
    socket.on("message", (data, isBinary) => {
      // Also of a socket that was left and is closing: what was on its way is heard, or it would be lost.
      if (this.#over) return;
      listener.alive();
      this.#hear(socket, isBinary ? new Uint8Array(data as Buffer) : data.toString());
    });
    socket.on("unexpected-response", (_request, response) => {
      response.destroy();
      this.#lost(socket, classifyRefusal(response.statusCode ?? 0, response.headers, "", clock.now()));
      socket.terminate();
    });
    socket.on("error", (error) => {
      if (this.#over) return;
      if ("code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") listener.ignored("broken");
      this.#lost(socket, { class: "network", detail: error.message });
    });
    socket.on("close", (code, reason) => this.#lost(socket, classifyEventSubClose(code, reason.toString())));
    return socket;
  }

  #hear(socket: WebSocket, frame: string | Uint8Array): void {
    this.#options.listener.frame(frame);
    const signal = this.#ear.hearEventSub(frame);
    if (signal && !this.#over) this.#obey(socket, signal);
  }

  #obey(socket: WebSocket, signal: SessionSignal): void {
    if (signal.type === "reconnect") {
      if (socket === this.#socket || socket === this.#next) this.#moveTo(signal.url);
    } else if (socket === this.#next) {
      // Subscriptions have moved with the session.
      const left = this.#socket;
      this.#socket = socket;
      this.#next = undefined;
      if (left) this.#leave(left);
    } else if (socket === this.#socket && !this.#welcomed) {
      this.#welcomed = true;
      void this.#orEnd(() => this.#subscribe(signal.sessionId));
    }
  }

  /** Opens the socket that takes over; the one before is heard until the new one is welcomed. */
  #moveTo(address: string): void {
    if (this.#next) this.#leave(this.#next);
    try {
      this.#next = this.#open(new URL(address));
    } catch {
      this.#end({ class: "refresh", detail: "Twitch asks for it, and does not say where" });
    }
  }

  async #subscribe(sessionId: string): Promise<void> {
    const token = this.#token!;
    const note = (counts: Counts, streamId: string): void => {
      if (this.#over) return;
      const frame = countsFrame(counts, streamId);
      this.#options.listener.frame(frame);
      this.#ear.hearEventSub(frame);
    };
    const grants = await subscribeAll(this.#api, token, this.#channelId, sessionId, (counts) => note(counts, ""));
    const streamId = await this.#api.streamIdOf(this.#channelId);
    if (this.#over) return;
    note(grants, streamId);
    this.#tellOnce(grants.missing);
    // Bits need no chat of their own: whoever tells of chat tells of them.
    const inChat = (["chat", "subscriptions", "raids"] as const).some((kind) => !grants.subscribed.has(kind));
    if (inChat) this.#openChat();
  }

  /** Reads the chat beside EventSub: it opens nothing and keeps nothing alive, but its end is the line's. */
  #openChat(): void {
    const { listener, clock, chat, context } = this.#options;
    this.#chat = openChatLine({
      url: chat,
      channel: context.channel,
      listener: { ...listener, opened: () => undefined, alive: () => undefined, closed: (ending) => this.#end(ending) },
      clock,
      unjoined: "network",
      ear: () => this.#ear,
    });
  }

  /** What is missing is told once in a run, not for every line. */
  #tellOnce(missing: string): void {
    const { memory, listener } = this.#options;
    if (missing === "" || memory.get("missing") === missing) return;
    memory.set("missing", missing);
    listener.trouble(missing);
  }

  /** A socket is gone, which is no loss while another takes over from it. */
  #lost(socket: WebSocket, ending: Ending): void {
    if (socket === this.#socket && this.#next) this.#socket = undefined;
    else if (socket === this.#socket || socket === this.#next) this.#end(ending);
  }

  #end(ending: Ending): void {
    if (this.#over) return;
    this.#close();
    this.#options.listener.closed(ending);
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#asking.abort();
    if (this.#socket) this.#leave(this.#socket);
    if (this.#next) this.#leave(this.#next);
    if (this.#chat) this.#closing.push(this.#chat.stop());
  }

  #leave(socket: WebSocket): void {
    this.#closing.push(closeSocket(socket));
  }
}

/** What each close code means (protocols 7); others are network trouble. */
const codes: ReadonlyMap<number, Ending> = new Map<number, Ending>([
  [4000, { class: "network", detail: "trouble inside Twitch" }],
  [4001, { class: "network", detail: "Twitch says that we spoke where only it may" }],
  [4002, { class: "network", detail: "Twitch missed an answer to its ping" }],
  [4003, { class: "network", detail: "Twitch saw no subscription in time" }],
  [4004, { class: "refresh", detail: "the time to move to another line was over" }],
  [4005, { class: "network", detail: "the network was too slow for Twitch" }],
  [4006, { class: "network", detail: "trouble in Twitch's network" }],
  [4007, { class: "refresh", detail: "Twitch does not know the line to move to" }],
]);

/** Class of a closed EventSub socket. */
export function classifyEventSubClose(code: number, reason: string): Ending {
  const known = codes.get(code) ?? { class: "network", detail: `code ${code}` };
  const said = cut(reason, 200);
  return said === "" ? known : { ...known, detail: `${known.detail} (${said})` };
}
