/**
 * One line to a YouTube chat: asks for page after page at the pace that pageWaitMs gives, and once a minute for the number of viewers.
 * Trouble that may pass is waited out; what lasts ends the line, and the next one goes on from the same place in the chat, so that
 * nothing is lost or told twice. Where the service no longer knows the place, a line begins with the chat's history, of which ids
 * tell what was heard before.
 */
import type { Clock } from "../../clock.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import type { RunMemory, SourceListener } from "../../ingest/source.ts";
import type { Answer, Ask } from "./ask.ts";
import { pageWaitMs, type UnitMeter } from "./pace.ts";

/** Messages asked for in one page; more come in the next. */
const pageSize = 1000;
const viewersEveryMs = 60_000;
/** Waits before asking again after trouble that may pass, ms; when all were in vain the line is given up. */
const againMs = [1000, 2000, 4000];
/** Answers in a row that cannot be read, after which the line is given up. */
const maxUnreadable = 5;

/** What hearing an answer told the line. */
export interface Heard {
  /** It could be understood. */
  readable: boolean;
  /** Where the next page begins, "" when that is not told. */
  nextPageToken: string;
  /** What the service asks to wait, ms; NaN when it says nothing. */
  askedMs: number;
}

export interface LineOptions {
  ask: Ask;
  listener: SourceListener;
  /** Understands an answer that the service sent at `sentAtMs`, ms since 1970. */
  hear(text: string, sentAtMs: number): Heard;
  clock: Clock;
  stopping: AbortSignal;
  videoId: string;
  chatId: string;
  meter: UnitMeter;
  /** Keeps the place in the chat for the next line. */
  memory: RunMemory;
}

/** Follows the chat until it is over, for a reason that it gives, or is stopped: then undefined. Never throws. */
export async function followChat(options: LineOptions): Promise<Ending | undefined> {
  return new ChatLine(options).follow();
}

class ChatLine {
  readonly #options: LineOptions;
  readonly #openedAtMs: number;
  #token = "";
  #viewersAtMs: number;
  #askedMs = Number.NaN;
  #failures = 0;
  #unreadable = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#openedAtMs = options.clock.now();
    this.#viewersAtMs = this.#openedAtMs + viewersEveryMs;
    this.#token = placeIn(options.memory, options.chatId);
  }

  async follow(): Promise<Ending | undefined> {
    const { clock, stopping } = this.#options;
    while (!stopping.aborted) {
      const ending = (await this.#lookAtVideo()) ?? (await this.#nextPage());
      if (ending) return ending;
      await pause(this.#waitMs(), clock, stopping);
    }
    return undefined;
  }

  #waitMs(): number {
    if (this.#failures > 0) return againMs[this.#failures - 1]!;
    const openForMs = this.#options.clock.now() - this.#openedAtMs;
    return pageWaitMs({ askedMs: this.#askedMs, unitsLeft: this.#options.meter.left(), openForMs });
  }

  /** Asks how many watch, when it is time; of no answer only what ends the line matters. */
  async #lookAtVideo(): Promise<Ending | undefined> {
    const { ask, clock, videoId } = this.#options;
    if (clock.now() < this.#viewersAtMs) return undefined;
    this.#viewersAtMs = clock.now() + viewersEveryMs;
    const answer = await ask("/videos", { part: "liveStreamingDetails", id: videoId });
    if (answer.kind === "refused") return answer.ending.class === "network" ? undefined : answer.ending;
    this.#take(answer);
    return undefined;
  }

  async #nextPage(): Promise<Ending | undefined> {
    const { ask, chatId, stopping } = this.#options;
    if (stopping.aborted) return undefined;
    const answer = await ask("/liveChat/messages", {
      liveChatId: chatId,
      part: "snippet,authorDetails",
      maxResults: String(pageSize),
      ...(this.#token === "" ? {} : { pageToken: this.#token }),
    });
    if (answer.kind === "refused") return this.#refused(answer.ending);
    this.#failures = 0;
    const heard = this.#take(answer);
    if (!heard) return undefined;
    this.#unreadable = heard.readable ? 0 : this.#unreadable + 1;
    if (this.#unreadable >= maxUnreadable) {
      // A page that can never be read must not hold up every line to come.
      this.#goTo("");
      return { class: "network", detail: "YouTube's answers cannot be understood" };
    }
    if (heard.nextPageToken !== "") this.#goTo(heard.nextPageToken);
    this.#askedMs = heard.askedMs;
    return undefined;
  }

  #goTo(token: string): void {
    this.#token = token;
    this.#options.memory.set("place", { chatId: this.#options.chatId, token } satisfies Place);
  }

  /** Hands an answer on; undefined when it brought nothing to hear. */
  #take(answer: Answer): Heard | undefined {
    const { listener, hear } = this.#options;
    if (answer.kind === "text") {
      listener.alive();
      listener.frame(answer.text);
      return hear(answer.text, answer.sentAtMs);
    }
    if (answer.kind !== "tooLarge") return undefined;
    listener.ignored("broken");
    return { readable: false, nextPageToken: "", askedMs: Number.NaN };
  }

  /** What the service gives a time for is left to whoever opens the next line. */
  #refused(ending: Ending): Ending | undefined {
    if (ending.class === "refresh") this.#goTo("");
    const mayPass = ending.class === "network" && ending.retryAfterMs === undefined;
    if (!mayPass || this.#failures >= againMs.length) return ending;
    this.#failures++;
    return undefined;
  }
}

/** Where a line was in a chat. */
interface Place {
  chatId: string;
  token: string;
}

/** Token of the page to go on with in this chat, "" to begin with its history. */
function placeIn(memory: RunMemory, chatId: string): string {
  const place = memory.get("place") as Place | undefined;
  return place?.chatId === chatId ? place.token : "";
}

/** Resolves after `ms`, or as soon as it is stopped. */
function pause(ms: number, clock: Clock, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      stopping.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    stopping.addEventListener("abort", done, { once: true });
  });
}
