/** Questions to YouTube's Data API: one GET request each, bounded in time and size; the key never shows in what is told of it. */
import type { Clock } from "../../clock.ts";
import { AnswerTooLargeError, exchange, type HttpAnswer } from "../../ingest/exchange.ts";
import { reasonOf } from "../../ingest/fields.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import { classifyYoutubeRefusal } from "./refusal.ts";

/** Largest answer that is read, bytes: a page of 500 messages is below 1 MB. */
const maxAnswerBytes = 4 * 1024 * 1024;

/** What came of a question. "stopped" when nobody waits for it any more. */
export type Answer =
  /** `sentAtMs` is the service's own time, ms since 1970; 0 when it is not told. */
  | { kind: "text"; text: string; sentAtMs: number }
  | { kind: "tooLarge" }
  | { kind: "refused"; ending: Ending }
  | { kind: "stopped" };

/** Asks for `path` ("/videos") with `query`. Never throws. */
export type Ask = (path: string, query: Readonly<Record<string, string>>) => Promise<Answer>;

export interface AskOptions {
  /** Address of the service, up to and with its version. */
  base: URL;
  /** "" where a local server needs none. */
  apiKey: string;
  clock: Clock;
  /** Ends the question under way, and lets no other begin. */
  stopping: AbortSignal;
}

/** Creates the way to ask. */
export function createAsk({ base, apiKey, clock, stopping }: AskOptions): Ask {
  return async (path, query) => {
    if (stopping.aborted) return { kind: "stopped" };
    const url = new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base);
    url.search = new URLSearchParams(apiKey === "" ? query : { ...query, key: apiKey }).toString();
    const headers = { accept: "application/json" };
    try {
      return answerOf(
        await exchange({ method: "GET", url, headers, signal: stopping, maxAnswerBytes }, clock),
        clock.now(),
      );
    } catch (error) {
      if (stopping.aborted) return { kind: "stopped" };
      if (error instanceof AnswerTooLargeError) return { kind: "tooLarge" };
      const detail = reasonOf(error instanceof Error ? error.message : "the connection broke");
      return { kind: "refused", ending: { class: "network", detail: `${url.host}: ${detail}` } };
    }
  };
}

function answerOf({ status, headers, text }: HttpAnswer, nowMs: number): Answer {
  if (status >= 200 && status < 300) return { kind: "text", text, sentAtMs: Date.parse(headers.date ?? "") || 0 };
  return { kind: "refused", ending: classifyYoutubeRefusal(status, headers, text, nowMs) };
}
