/** What YouTube's refusals mean, and when a used-up quota comes back. */
import { describe, expect, it } from "vitest";
import { classifyYoutubeRefusal, untilPacificMidnightMs } from "../../../../server/sources/youtube/refusal.ts";

const nowMs = Date.parse("2026-11-22T20:00:00Z");
const classify = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  classifyYoutubeRefusal(status, headers, typeof body === "string" ? body : JSON.stringify(body), nowMs);
const error = (reason: string, message: string = "told") => ({ error: { message, errors: [{ reason }] } });

describe("classifyYoutubeRefusal", () => {
  it.each([
    ["the newer place of the reason", 400, { error: { details: [{ reason: "API_KEY_INVALID" }] } }, "wrongKey"],
    [
      "a key named in words only",
      400,
      { error: { message: "API key not valid. Please pass a valid API key." } },
      "wrongKey",
    ],
    ["a request that is wrong otherwise", 400, error("invalidParameter"), "config"],
    ["no credentials", 401, error("required"), "wrongKey"],
    ["too many requests without a reason", 429, {}, "rateLimited"],
    ["too many requests of one user", 403, error("userRateLimitExceeded"), "rateLimited"],
    ["a quota under another status", 429, error("quotaExceeded"), "quota"],
    ["something missing", 404, error("notFound"), "config"],
    ["something missing, which not the service says", 404, "<html>no such page", "network"],
    ["a request that is wrong by nobody's word", 400, "", "network"],
    ["what does not work just now", 400, error("failedPrecondition"), "network"],
    ["a status that nobody expects", 418, error("teapot"), "network"],
    ["a gateway's own status", 425, {}, "network"],
    ["a redirect", 302, "", "network"],
    ["trouble of the service", 500, "<html>oops", "network"],
    ["a request that took too long", 408, "", "network"],
    ["an error that is no object", 503, "[1]", "network"],
  ])("knows %s", (_name, status, body, expected) => {
    expect(classify(status, body).class).toBe(expected);
  });

  it("waits as long as it is asked to", () => {
    expect(classify(429, {}, { "retry-after": "90" })).toMatchObject({ class: "rateLimited", retryAfterMs: 90_000 });
    expect(classify(503, {}, { "retry-after": "7" })).toMatchObject({ class: "network", retryAfterMs: 7000 });
  });

  it("waits for California's midnight when the quota is used up, and says so", () => {
    const ending = classify(403, error("quotaExceeded", "long words"));
    expect(ending).toMatchObject({ class: "quota", retryAfterMs: 12 * 3_600_000 });
    expect(ending.detail).toContain("midnight in California");
  });

  it("tells the service's words without their HTML, and not too many of them", () => {
    const { detail } = classify(403, error("forbidden", `<a href="x">No</a>${"!".repeat(5000)}`));
    expect(detail).toMatch(/^HTTP 403: No!+$/);
    expect(detail.length).toBeLessThanOrEqual(200);
  });
});

describe("untilPacificMidnightMs", () => {
  it.each([
    ["winter", "2026-11-22T20:00:00.500Z", "2026-11-23T08:00:00Z"],
    ["summer", "2026-07-04T06:59:59Z", "2026-07-04T07:00:00Z"],
    ["midnight itself", "2026-07-04T07:00:00Z", "2026-07-05T07:00:00Z"],
    ["the day of 23 hours", "2026-03-08T08:30:00Z", "2026-03-09T07:00:00Z"],
    ["the day of 25 hours", "2026-11-01T07:30:00Z", "2026-11-02T08:00:00Z"],
  ])("is right in %s", (_name, now, midnight) => {
    expect(untilPacificMidnightMs(Date.parse(now))).toBe(Date.parse(midnight) - Date.parse(now));
  });
});
