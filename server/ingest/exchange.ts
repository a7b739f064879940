/** One HTTP request of a source: bounded in time and size, driven by the clock, ended by a signal, leaving no socket open. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../clock.ts";

/** Time for a whole answer, ms: Twitch waits 10 s for what follows one of them. */
const answerWithinMs = 8000;
/** Largest answer that is read unless told otherwise, bytes. */
const usualMaxBytes = 256 * 1024;

export interface Question {
  method: "GET" | "POST" | "DELETE";
  url: URL;
  headers?: Readonly<Record<string, string>>;
  /** JSON, "" for none. Default "". */
  body?: string;
  /** Ends the request while it is under way. */
  signal: AbortSignal;
  /** Default 256 KiB. */
  maxAnswerBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The answer is longer than any real one. */
export class AnswerTooLargeError extends Error {
  override readonly name = "AnswerTooLargeError";
}

/**
 * Sends a request on a connection of its own, so that none stays open, and without following redirects, which would carry a key
 * elsewhere. Rejects when there is no answer in time or none at all; the message never holds the address, in which a key can be.
 */
export async function exchange(question: Question, clock: Clock): Promise<HttpAnswer> {
  const late = new AbortController();
  const cancel = clock.after(answerWithinMs, () => late.abort());
  try {
    return await send(question, AbortSignal.any([question.signal, late.signal]));
  } catch (error) {
    throw late.signal.aborted ? new Error(`no answer within ${answerWithinMs / 1000} s`) : error;
  } finally {
    cancel();
  }
}

function send({ method, url, headers, body = "", maxAnswerBytes }: Question, signal: AbortSignal): Promise<HttpAnswer> {
  const sized = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
    method,
    headers: { ...headers, ...(body === "" ? {} : sized) },
    agent: false,
    signal,
  });
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      readAll(response, maxAnswerBytes ?? usualMaxBytes).then(
        (text) => resolve({ status, headers: answered, text }),
        reject,
      );
    });
    request.end(body);
  });
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxBytes) throw new AnswerTooLargeError("an answer that is too large");
  }
  return Buffer.concat(chunks).toString("utf8");
}
