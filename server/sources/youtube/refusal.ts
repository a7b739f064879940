/** Why YouTube refuses a question: from the status and reason of its answer to what it means for the line (protocols 8). Pure. */
import { asFields, asList, asText, reasonOf } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import type { CloseClass } from "../../ingest/source.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Classes by the reason that the service names; those of one class are spelt differently over its versions. */
const classes: ReadonlyMap<string, readonly [CloseClass, sentence?: string]> = new Map([
  ["quotaExceeded", ["quota", "the key's units of today are used up; they come back at midnight in California"]],
  ["dailyLimitExceeded", ["quota", "the key's units of today are used up; they come back at midnight in California"]],
  ["rateLimitExceeded", ["rateLimited"]],
  ["userRateLimitExceeded", ["rateLimited"]],
  ["liveChatEnded", ["ended", "the live chat is over"]],
  ["liveChatNotFound", ["ended", "the live chat is gone"]],
  ["liveChatDisabled", ["config", "the live chat of this broadcast is switched off; switch it on in YouTube Studio"]],
  ["pageTokenInvalid", ["refresh", "the place in the chat is no longer known"]],
  ["invalidPageToken", ["refresh", "the place in the chat is no longer known"]],
  ["videoNotFound", ["config", "there is no such video, or it is private"]],
  // A channel that never uploaded anything.
  ["playlistNotFound", ["notLive"]],
  ["accessNotConfigured", ["wrongKey", "the key's project has not enabled the YouTube Data API v3"]],
  // The question itself is wrong, and asked again it would be so again.
  ["invalidParameter", ["config"]],
  ["invalidValue", ["config"]],
  ["missingRequiredParameter", ["config"]],
  ["channelNotFound", ["config", "there is no such channel"]],
  ["notFound", ["config"]],
  ["SERVICE_DISABLED", ["wrongKey", "the key's project has not enabled the YouTube Data API v3"]],
]);

/**
 * What a refused question means. `headers` have names in lower case; `body` is the answer's text; `nowMs` is ms since 1970. A used-up
 * quota asks to wait until it is given anew. Class "network" stands for trouble that may pass by itself.
 */
export function classifyYoutubeRefusal(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): Ending {
  const { reasons, message } = toldBy(body);
  const known = reasons.map((reason) => classes.get(reason)).find((found) => found !== undefined);
  const detail = reasonOf(known?.[1] ?? `HTTP ${status}${message === "" ? "" : `: ${message}`}`);
  const why = known?.[0] ?? classOfStatus(status, reasons, message);
  if (why === "quota") return { class: why, detail, retryAfterMs: untilPacificMidnightMs(nowMs) };
  const { retryAfterMs } = classifyRefusal(status, headers, "", nowMs);
  return retryAfterMs === undefined ? { class: why, detail } : { class: why, detail, retryAfterMs };
}

/** Only what the service itself calls wrong for good is so (`classes`): a status alone, also one that nobody expects, may pass. */
function classOfStatus(status: number, reasons: readonly string[], message: string): CloseClass {
  if (status === 429) return "rateLimited";
  if (status === 401 || status === 403) return "wrongKey";
  const aboutKey = reasons.some((reason) => /key/i.test(reason)) || /api key/i.test(message);
  return status === 400 && aboutKey ? "wrongKey" : "network";
}

/** The reasons and the message of an error; the reasons stand in two places, of which each can be missing. */
function toldBy(body: string): { reasons: string[]; message: string } {
  const error = asFields(asFields(parsed(body))?.error);
  const told = [...asList(error?.errors, 8), ...asList(error?.details, 8)];
  const reasons = told.map((one) => asText(asFields(one)?.reason)).filter((reason) => reason !== "");
  // Some messages are pieces of HTML.
  return {
    reasons,
    message: asText(error?.message)
      .slice(0, 1000)
      .replace(/<[^<>]*>/g, ""),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Time until the quota's next day, which begins at midnight in California, ms; right also on days of 23 and 25 hours. */
export function untilPacificMidnightMs(nowMs: number): number {
  const roughMs = nowMs + dayMs - timeOfPacificDayMs(nowMs);
  const pastMs = timeOfPacificDayMs(roughMs);
  // Where the clocks were changed on the way, the rough time is an hour past midnight or before it.
  return roughMs - nowMs - (pastMs > dayMs / 2 ? pastMs - dayMs : pastMs);
}

/** What the clocks in California show, ms since their midnight. */
function timeOfPacificDayMs(atMs: number): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    hourCycle: "h23",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const seconds = (parts.get("hour")! * 60 + parts.get("minute")!) * 60 + parts.get("second")!;
  return seconds * 1000 + (((atMs % 1000) + 1000) % 1000);
}
