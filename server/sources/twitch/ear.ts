/** Hears Twitch's frames, those of the chat and those of EventSub, and reports what they mean; the same for lines and recordings. */

import { textOf } from "../../ingest/socket-line.ts";
import type { Ear, Frame, SourceEvent, SourceListener } from "../../ingest/source.ts";
import type { Translation } from "../../ingest/translation.ts";
import { readChatMessage } from "./chat.ts";
import { parseEventSub, readEventSub, type SessionSignal } from "./events.ts";
import type { TwitchContext } from "./fields.ts";
import { linesOf, parseIrcLine } from "./irc.ts";

export interface TwitchEar extends Ear {
  /** A frame of the chat. `send` answers what the server asks. Tells whether the chat was joined with it. */
  hearChat(frame: Frame, send: (message: string) => void): boolean;
  /** A frame of EventSub; gives what it asks of the line. */
  hearEventSub(frame: Frame): SessionSignal | undefined;
}

/** Makes an ear. Once it hears EventSub, that tells of broadcasts; before, the open chat counts as one. */
export function createTwitchEar(context: TwitchContext, listener: SourceListener): TwitchEar {
  return new Hearing(context, listener);
}

class Hearing implements TwitchEar {
  readonly #context: TwitchContext;
  readonly #listener: SourceListener;
  #chatIsLive = true;
  #live = false;

  constructor(context: TwitchContext, listener: SourceListener) {
    this.#context = context;
    this.#listener = listener;
  }

  /** A recorded frame: EventSub's are JSON objects, which no line of the chat begins like. */
  hear(frame: Frame): void {
    if (textOf(frame)?.startsWith("{")) this.hearEventSub(frame);
    else this.hearChat(frame, () => undefined);
  }

  hearChat(frame: Frame, send: (message: string) => void): boolean {
    const lines = linesOf(textOf(frame) ?? "");
    if (lines.length === 0) this.#listener.ignored("broken");
    let joined = false;
    for (const line of lines) {
      const message = parseIrcLine(line);
      if (!message) {
        this.#listener.ignored("broken");
        continue;
      }
      if (message.command === "PING") send(`PONG :${message.params[0] ?? ""}`);
      joined ||= message.command === "ROOMSTATE";
      const said = readChatMessage(message, this.#context);
      if (said.kind === "room" && (!this.#chatIsLive || this.#live)) this.#listener.ignored("control");
      else this.#tell(said);
    }
    return joined;
  }

  hearEventSub(frame: Frame): SessionSignal | undefined {
    const said = this.#read(textOf(frame));
    if (said.kind === "signal") {
      this.#chatIsLive = false;
      this.#listener.ignored("control");
      return said.signal;
    }
    if (said.kind === "counts") {
      this.#context.subscribed = new Set(said.subscribed);
      this.#context.partial = new Set(said.partial);
      if (said.streamId !== "") this.#goLive(said.streamId);
    } else this.#tell(said);
    return undefined;
  }

  #read(text: string | undefined): ReturnType<typeof readEventSub> {
    try {
      return readEventSub(text === undefined ? undefined : parseEventSub(text), this.#context);
    } catch {
      return { kind: "ignored", reason: "broken" };
    }
  }

  #tell(said: Translation): void {
    if (said.kind === "ignored") this.#listener.ignored(said.reason);
    else if (said.kind === "room") this.#goLive(said.roomId);
    else if (said.kind === "ending") this.#listener.closed(said.ending);
    else if (said.kind === "events") {
      for (const event of said.events) this.#hand(event);
    }
  }

  /** Without EventSub whoever writes tells of the open chat, too. With it, what is done between broadcasts counts and tells of none. */
  #hand(event: SourceEvent): void {
    if (this.#chatIsLive && !this.#live) this.#goLive(event.roomId);
    if (event.type === "streamEnd") this.#live = false;
    this.#listener.event(event);
  }

  #goLive(roomId: string): void {
    this.#context.roomId = roomId || this.#context.roomId;
    this.#live = true;
    this.#listener.live(this.#context.roomId);
  }
}
