/** Requests to TikTool's REST service (protocols 1.1): asks, and gives the answer's `data` or says why it was refused. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../../clock.ts";
import { asFields, asNumber } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import { reasonOf } from "../../ingest/tiktok-fields.ts";
import { restUrl, type TiktoolAccess } from "./access.ts";

/** Time for a whole answer, ms; well within the supervisor's patience with a line that does not open. */
const answerWithinMs = 10_000;
/** Largest answer that is read, bytes; real ones are below 10 kB. */
const maxAnswerBytes = 256 * 1024;

/** Thrown by requests that bring no answer; `ending` is what it means for the line that waits for it. */
export class TiktoolRefusal extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.detail);
    this.ending = ending;
  }
}

/** What an error means for the line that waits. */
export function endingOf(error: unknown): Ending {
  if (error instanceof TiktoolRefusal) return error.ending;
  return { class: "network", detail: error instanceof Error ? error.message : String(error) };
}

export interface TiktoolRest {
  /** Both give the answer's `data`, whatever it is, and throw a TiktoolRefusal. Paths begin with "/". */
  get(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
  post(path: string, body: object): Promise<unknown>;
}

/** Requests with the API key of `access`; `signal` ends those under way. */
export function createTiktoolRest(access: TiktoolAccess, clock: Clock, signal: AbortSignal): TiktoolRest {
  const ask = async (method: string, url: URL, body: string): Promise<unknown> => {
    let answer: Answer;
    try {
      answer = await exchange({ method, url, body, apiKey: access.apiKey, signal }, clock);
    } catch (error) {
      const { detail } = endingOf(error);
      throw new TiktoolRefusal({ class: "network", detail: reasonOf(`${url.pathname}: ${detail}`) });
    }
    return dataOf(answer, clock.now());
  };
  return {
    get(path, query) {
      const url = restUrl(access, path);
      url.search = new URLSearchParams(query).toString();
      return ask("GET", url, "");
    },
    post: (path, body) => ask("POST", restUrl(access, path), JSON.stringify(body)),
  };
}

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

/** The `data` of an answer; some refusals come with status 200 and tell their own in `status_code`. */
function dataOf({ status, headers, text }: Answer, nowMs: number): unknown {
  const fields = parsed(text);
  const told = asNumber(fields?.status_code ?? 0);
  const refused = status < 200 || status > 299 ? status : told >= 400 && told < 600 ? told : 0;
  if (refused !== 0) throw new TiktoolRefusal(classifyRefusal(refused, headers, text, nowMs));
  if (!fields || told !== 0) {
    const detail = reasonOf(fields?.message ?? fields?.error) || "an answer that cannot be understood";
    throw new TiktoolRefusal({ class: "network", detail });
  }
  return fields.data;
}

function parsed(text: string): ReturnType<typeof asFields> {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

interface Question {
  method: string;
  url: URL;
  /** JSON, "" for none. */
  body: string;
  apiKey: string;
  signal: AbortSignal;
}

/** Sends one request on a connection of its own, so that none stays open, and without following redirects, which would carry the key. */
async function exchange({ method, url, body, apiKey, signal }: Question, clock: Clock): Promise<Answer> {
  const late = new AbortController();
  const cancel = clock.after(answerWithinMs, () => late.abort());
  try {
    return await new Promise((resolve, reject) => {
      const send = url.protocol === "https:" ? httpsRequest : httpRequest;
      const headers = {
        ...(apiKey === "" ? {} : { "x-api-key": apiKey }),
        ...(body === "" ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      };
      const request = send(url, { method, headers, agent: false, signal: AbortSignal.any([signal, late.signal]) });
      request.on("error", reject);
      request.on("response", (response) => {
        readAll(response).then((text) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        }, reject);
      });
      request.end(body);
    });
  } catch (error) {
    throw late.signal.aborted ? new Error("no answer in time") : error;
  } finally {
    cancel();
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > maxAnswerBytes) throw new Error("an answer that is too large");
  }
  return Buffer.concat(chunks).toString("utf8");
}
