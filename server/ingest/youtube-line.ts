/**
 * One line to a YouTube chat: asks for page after page at the pace that pageWaitMs gives, and once a minute for the number of viewers.
 * Trouble that may pass is waited out with the place in the chat kept, so that nothing is lost or told twice; what lasts ends the line.
 * A new line begins with the chat's history, where ids tell what was heard before.
 */
import type { Clock } from "../clock.ts";
import type { Ending } from "./socket-line.ts";
import type { SourceListener } from "./source.ts";
import type { Answer, Ask } from "./youtube-ask.ts";
import { lookupUnits, pageUnits, pageWaitMs } from "./youtube-pace.ts";

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
  /** Units of a day. */
  dailyUnits: number;
}

/** Follows the chat until it is over, for a reason that it gives, or is stopped: then undefined. Never throws. */
export async function followChat(options: LineOptions): Promise<Ending | undefined> {
  return new ChatLine(options).follow();
}

class ChatLine {
  readonly #options: LineOptions;
  readonly #openedAtMs: number;
  #token = "";
  #unitsLeft: number;
  #viewersAtMs: number;
  #askedMs = Number.NaN;
  #failures = 0;
  #unreadable = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#openedAtMs = options.clock.now();
    this.#viewersAtMs = this.#openedAtMs + viewersEveryMs;
    this.#unitsLeft = options.dailyUnits;
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
    return pageWaitMs({ askedMs: this.#askedMs, unitsLeft: this.#unitsLeft, openForMs });
  }

  /** Asks how many watch, when it is time; of no answer only what ends the line matters. */
  async #lookAtVideo(): Promise<Ending | undefined> {
    const { ask, clock, videoId } = this.#options;
    if (clock.now() < this.#viewersAtMs) return undefined;
    this.#viewersAtMs = clock.now() + viewersEveryMs;
    this.#unitsLeft -= lookupUnits;
    const answer = await ask("/videos", { part: "liveStreamingDetails", id: videoId });
    if (answer.kind === "refused") return answer.ending.class === "network" ? undefined : answer.ending;
    this.#take(answer);
    return undefined;
  }

  async #nextPage(): Promise<Ending | undefined> {
    const { ask, chatId, stopping } = this.#options;
    if (stopping.aborted) return undefined;
    this.#unitsLeft -= pageUnits;
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
    if (this.#unreadable >= maxUnreadable)
      return { class: "network", detail: "YouTube's answers cannot be understood" };
    if (heard.nextPageToken !== "") this.#token = heard.nextPageToken;
    this.#askedMs = heard.askedMs;
    return undefined;
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
    const mayPass = ending.class === "network" && ending.retryAfterMs === undefined;
    if (!mayPass || this.#failures >= againMs.length) return ending;
    this.#failures++;
    return undefined;
  }
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
