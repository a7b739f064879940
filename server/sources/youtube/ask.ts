/** Questions to YouTube's Data API: one GET request each, bounded in time and size; the key never shows in what is told of it. */
import type { Clock } from "../../clock.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import { classifyYoutubeRefusal } from "./refusal.ts";

/** Time for a whole answer, ms. */
const answerWithinMs = 30_000;
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
    const giveUp = new AbortController();
    const stop = (): void => giveUp.abort();
    let late = false;
    stopping.addEventListener("abort", stop, { once: true });
    const cancel = clock.after(answerWithinMs, () => {
      late = true;
      giveUp.abort();
    });
    try {
      return await exchange(url, giveUp, clock);
    } catch (error) {
      if (stopping.aborted) return { kind: "stopped" };
      const detail = late ? `no answer within ${answerWithinMs / 1000} s` : causeOf(error);
      return { kind: "refused", ending: { class: "network", detail: `${url.host}: ${detail}` } };
    } finally {
      cancel();
      stopping.removeEventListener("abort", stop);
    }
  };
}

/** Sends the request and reads its answer. An idle connection stays with Node for some seconds and keeps no process alive. */
async function exchange(url: URL, giveUp: AbortController, clock: Clock): Promise<Answer> {
  const response = await fetch(url, {
    signal: giveUp.signal,
    redirect: "error",
    headers: { accept: "application/json" },
  });
  const text = await readText(response);
  if (text === undefined) {
    giveUp.abort();
    return { kind: "tooLarge" };
  }
  if (response.ok) return { kind: "text", text, sentAtMs: Date.parse(response.headers.get("date") ?? "") || 0 };
  const headers = Object.fromEntries(response.headers);
  return { kind: "refused", ending: classifyYoutubeRefusal(response.status, headers, text, clock.now()) };
}

/** The answer's text; undefined as soon as it is longer than can be. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxAnswerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Why there was no answer, without the address, in which the key is. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return "the connection broke";
}
