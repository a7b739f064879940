/** Why an attempt of the package tiktok-live-connector led to no line: from what the sign server answered, or from the package's error. */

import { asFields, cut } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import type { ConnectorPackage } from "./package.ts";

/** Least wait after an attempt that cost a signature or a round of look-ups and led nowhere, ms: both are rationed (protocols 12). */
export const costlyWaitMs = 60_000;

/** What the sign server answered. */
export interface SignAnswer {
  status: number;
  /** By names in lower case. */
  headers: Readonly<Record<string, unknown>>;
  /** Its beginning; "" where it is a signature. */
  body: string;
}

/** Class of a failed attempt. `signed` is what the sign server answered to it, undefined when it was not asked; `nowMs` is ms since 1970. */
export function endingOf(
  library: ConnectorPackage,
  error: unknown,
  signed: SignAnswer | undefined,
  nowMs: number,
): Ending {
  if (signed && signed.status !== 200) return classifySignAnswer(signed, nowMs);
  const ending = classifyError(library, error);
  return signed && ending.class === "network" ? { ...ending, retryAfterMs: costlyWaitMs } : ending;
}

/** Class of a request that the sign server refused; its day's limit names itself in the body. */
function classifySignAnswer({ status, headers, body }: SignAnswer, nowMs: number): Ending {
  const ending = classifyRefusal(status, headers, body, nowMs);
  const isDaily = status === 429 && /"limit_label"\s*:\s*"\w*_day"/.test(body);
  return { ...ending, ...(isDaily && { class: "quota" }), detail: `the sign server answers ${ending.detail}` };
}

/** Class of an attempt that failed by `error`, when no answer of the sign server tells more (protocols 2.1). */
function classifyError(library: ConnectorPackage, error: unknown): Ending {
  const detail = firstLine(error);
  if (error instanceof library.UserOfflineError) return { class: "notLive", detail };
  if (error instanceof library.InvalidUniqueIdError) return { class: "config", detail };
  if (error instanceof library.SignatureRateLimitError) {
    return { class: "rateLimited", detail, ...(error.retryAfter > 0 && { retryAfterMs: error.retryAfter }) };
  }
  // Two bugs of the package that come in place of that error.
  if (error instanceof RangeError || (error instanceof TypeError && error.message.includes("retry-after"))) {
    return { class: "rateLimited", detail: "the sign server has had too many requests" };
  }
  if (error instanceof library.PremiumFeatureError || error instanceof library.AuthenticatedWebSocketConnectionError) {
    return { class: "config", detail };
  }
  if (error instanceof library.InvalidResponseCompositeError) return classifyLookup(error.config);
  return { class: "network", detail: inPlainWords(detail) };
}

/** What the package's commonest sentences mean: a signing outage or limit, and TikTok taking the line for a robot's (protocols 12). */
function inPlainWords(detail: string): string {
  if (/Missing cursor|No cookies received/.test(detail))
    return cut(`the sign server gives no signature: ${detail}`, 200);
  const isRefusal = /^(Unexpected server response|Error connecting to WebSocket)/.test(detail);
  return isRefusal ? cut(`TikTok refuses the line: ${detail}`, 200) : detail;
}

/**
 * Class of a room that could not be looked up anywhere. What TikTok says of a user who does not exist it also says of some who are
 * live (protocols 12), so it is no reason to give up.
 */
function classifyLookup(config: unknown): Ending {
  const errors = asFields(config)?.requestErrs;
  const reasons = Array.isArray(errors) ? errors.map(firstLine) : [];
  const isAbsent = /user_not_found|19881007|Invalid response from API|Failed to extract Room ID/;
  const absent = reasons.find((reason) => isAbsent.test(reason));
  if (absent !== undefined) return { class: "notLive", detail: absent };
  const detail = cut(`the room cannot be looked up: ${reasons.join("; ")}`, 200);
  return { class: "network", detail, retryAfterMs: costlyWaitMs };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return cut(text.trim().split("\n")[0] ?? "", 200);
}
