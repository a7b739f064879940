/**
 * Requests to Twitch's Helix API and token check (protocols 7). Own requests instead of @twurple/api (8.1.4): its address can be set
 * by one variable of the whole process only, it waits out a 429 and repeats what failed on timers of its own, and it cannot be stopped.
 */
import type { Clock } from "../../clock.ts";
import { exchange, type HttpAnswer } from "../../ingest/exchange.ts";
import { asFields, asId, asList, asText, type Fields, reasonOf } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import type { Ending } from "../../ingest/socket-line.ts";

/** Time in which requests are forgiven, ms. */
const maxWaitMs = 60_000;

/** Every scope that something is heard by (protocols 7). */
const allScopes = [
  "user:read:chat",
  "bits:read",
  "channel:read:subscriptions",
  "moderator:read:followers",
  "channel:read:redemptions",
] as const;

/** Thrown by requests that bring no answer; `ending` is what it means for the line that waits for it. */
class TwitchRefusal extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.detail);
    this.ending = ending;
  }
}

/** What an error means for the line that waits. */
export function endingOf(error: unknown): Ending {
  if (error instanceof TwitchRefusal) return error.ending;
  return { class: "network", detail: reasonOf(error instanceof Error ? error.message : String(error)) };
}

/** Where Twitch's services are. Paths end with "/". */
export interface TwitchAddresses {
  helix: URL;
  /** The token check's. */
  oauth: URL;
}

/** Whose token it is and what it may do. */
export interface TokenInfo {
  clientId: string;
  userId: string;
  login: string;
  scopes: ReadonlySet<string>;
}

/** A subscription to ask for. */
export interface SubscriptionRequest {
  type: string;
  version: string;
  condition: Readonly<Record<string, string>>;
}

/** All of them throw a refusal, see `endingOf`, when the token is not taken, Twitch is not there, or too much was asked. */
export interface TwitchApi {
  /** Checks the token; to be called before all others, which need the client that the token is for. */
  validate(): Promise<TokenInfo>;
  /** Id of the account with this login, "" when there is none. */
  userIdOf(login: string): Promise<string>;
  /** Id of the broadcast that is on, "" when none is. */
  streamIdOf(userId: string): Promise<string>;
  /** Subscribes a session. "granted", or the status by which Twitch says that this token may not or that there is no such type. */
  subscribe(request: SubscriptionRequest, sessionId: string): Promise<"granted" | number>;
}

/** Requests with a user's token; `signal` ends those under way. */
export function createTwitchApi(
  token: string,
  addresses: TwitchAddresses,
  clock: Clock,
  signal: AbortSignal,
): TwitchApi {
  let clientId = "";
  const ask = async (method: "GET" | "POST", url: URL, body: string = ""): Promise<HttpAnswer> => {
    const authorization = `${clientId === "" ? "OAuth" : "Bearer"} ${token}`;
    const headers = { authorization, ...(clientId === "" ? {} : { "client-id": clientId }) };
    const answer = await exchange({ method, url, body, headers, signal }, clock);
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) throw refusal(answer, clock.now());
    return answer;
  };
  const first = async (path: string, query: Readonly<Record<string, string>>): Promise<Fields | undefined> => {
    const url = new URL(path, addresses.helix);
    url.search = new URLSearchParams(query).toString();
    const answer = await ask("GET", url);
    if (answer.status !== 200) throw refusal(answer, clock.now());
    return asFields(asList(parsed(answer.text).data, 1)[0]);
  };
  return {
    async validate() {
      const answer = await ask("GET", new URL("validate", addresses.oauth));
      const fields = parsed(answer.text);
      clientId = asText(fields.client_id);
      const userId = asId(fields.user_id);
      if (answer.status !== 200 || clientId === "") throw refusal(answer, clock.now());
      // A token of an application belongs to nobody, and EventSub's sockets take only users' (protocols 7).
      if (userId === "")
        throw new TwitchRefusal({ class: "wrongKey", detail: `TWITCH_TOKEN is no user's token; ${advice}` });
      return { clientId, userId, login: asText(fields.login), scopes: new Set(asList(fields.scopes, 200).map(asText)) };
    },
    userIdOf: async (login) => asId((await first("users", { login }))?.id),
    streamIdOf: async (userId) => asId((await first("streams", { user_id: userId }))?.id),
    async subscribe(request, sessionId) {
      const transport = { method: "websocket", session_id: sessionId };
      const body = JSON.stringify({ ...request, transport });
      const { status } = await ask("POST", new URL("eventsub/subscriptions", addresses.helix), body);
      // 409: it was granted before.
      return (status >= 200 && status < 300) || status === 409 ? "granted" : status;
    },
  };
}

const advice = `make a user token with the scopes ${allScopes.join(" ")} (https://dev.twitch.tv/docs/cli/token-command)`;

function refusal({ status, headers, text }: HttpAnswer, nowMs: number): TwitchRefusal {
  const asked = { ...headers, "x-ratelimit-reset": headers["ratelimit-reset"] };
  const ending = classifyRefusal(status, asked, text, nowMs);
  if (status === 401) return new TwitchRefusal({ class: "wrongKey", detail: `TWITCH_TOKEN is not valid; ${advice}` });
  if (status === 429) return new TwitchRefusal(tooMuch(ending));
  return new TwitchRefusal({ class: "network", detail: `Twitch's API: ${ending.detail}` });
}

/** Too many requests are forgiven within a minute; too many lines of one token only when another one ends. */
function tooMuch({ detail, retryAfterMs }: Ending): Ending {
  if (/transports? limit/i.test(detail)) {
    return { class: "rateLimited", detail: "too many programs listen to Twitch with this token; stop one of them" };
  }
  // The date of the reset is Twitch's, and the local clock may be wrong.
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(retryAfterMs, maxWaitMs) };
  return { class: "rateLimited", detail, ...wait };
}

function parsed(text: string): Fields {
  try {
    return asFields(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}
