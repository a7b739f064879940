/** Requests to TikTool's REST service (protocols 1.1): asks, and gives the answer's `data` or says why it was refused. */
import type { Clock } from "../../clock.ts";
import { exchange, type HttpAnswer } from "../../ingest/exchange.ts";
import { asFields, asNumber, reasonOf } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import { restUrl, type TiktoolAccess } from "./access.ts";

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
  const headers: Record<string, string> = access.apiKey === "" ? {} : { "x-api-key": access.apiKey };
  const ask = async (method: "GET" | "POST", url: URL, body: string): Promise<unknown> => {
    let answer: HttpAnswer;
    try {
      answer = await exchange({ method, url, headers, body, signal }, clock);
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

/** The `data` of an answer; some refusals come with status 200 and tell their own in `status_code`. */
function dataOf({ status, headers, text }: HttpAnswer, nowMs: number): unknown {
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
