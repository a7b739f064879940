/** Why a provider refuses: an upgrade or a request answered by HTTP, with the wait it asks for, and the words that reasons are told in. */
import { asFields, asNumber, asText, milliseconds, reasonOf } from "./fields.ts";
import type { Ending } from "./socket-line.ts";
import type { CloseClass } from "./source.ts";

const reasonClasses: readonly (readonly [RegExp, CloseClass])[] = [
  [/evict|newer connection|fifo/i, "evicted"],
  [/daily|quota|limit reached|upgrade|per day/i, "quota"],
  [/(invalid|expired|missing|bad|unknown|wrong)\b.*\b(key|token|jwt)|unauthori[sz]ed/i, "wrongKey"],
  [/not (currently )?live|offline/i, "notLive"],
  [/stream (has )?ended|live (has )?ended/i, "ended"],
  [/rate.?limit|too many/i, "rateLimited"],
];

/** Class that a reason's words tell of; undefined when they tell of none. */
export function classOfReason(reason: string): CloseClass | undefined {
  return reasonClasses.find(([pattern]) => pattern.test(reason))?.[1];
}

/** Statuses of requests that no further attempt can mend: made wrongly, not paid for, or for what is gone. Others may pass. */
const wrongForGood: ReadonlySet<number> = new Set([400, 402, 405, 410, 414]);

/**
 * Class of an upgrade or request that HTTP status `status` refuses, with the wait that its headers ask for. `headers` have names in
 * lower case; `body` is the answer's beginning, from which a JSON `message` or `error` is read; `nowMs` is ms since 1970.
 */
export function classifyRefusal(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): Ending {
  const reason = bodyReason(body);
  const detail = `HTTP ${status}${reason === "" ? "" : `: ${reason}`}`;
  const byReason = classOfReason(reason);
  const retryAfterMs = retryAfter(headers, nowMs);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status === 401) return { class: "wrongKey", detail };
  if (status === 403) return { class: byReason ?? "wrongKey", detail, ...wait };
  if (status === 404) return { class: "notLive", detail };
  if (status === 429) return { class: byReason === "quota" ? "quota" : "rateLimited", detail, ...wait };
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  const otherwise = wrongForGood.has(status) ? "config" : "network";
  return { class: (isRefusal && byReason) || otherwise, detail, ...wait };
}

function bodyReason(body: string): string {
  try {
    const fields = asFields(JSON.parse(body));
    return reasonOf(fields?.message ?? fields?.error);
  } catch {
    return "";
  }
}

/** Wait asked for by `Retry-After` (seconds or date) or `X-RateLimit-Reset` (seconds, from now or since 1970), ms. */
function retryAfter(headers: Readonly<Record<string, unknown>>, nowMs: number): number | undefined {
  const after = asText(headers["retry-after"]);
  if (after !== "") {
    const waitMs = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - nowMs;
    if (Number.isFinite(waitMs)) return Math.max(0, waitMs);
  }
  const reset = asNumber(headers["x-ratelimit-reset"]);
  if (!Number.isFinite(reset) || reset <= 0) return undefined;
  return Math.max(0, reset > 1_000_000_000 ? milliseconds(reset) - nowMs : reset * 1000);
}
