/** Source tiktool: what every way of closing or refusing a line means. */
import { describe, expect, it } from "vitest";
import { classifyRefusal } from "../../../../server/ingest/refusal.ts";
import { classifyClose } from "../../../../server/sources/tiktool.ts";

describe("why a line is over (16.12)", () => {
  it.each([
    [1000, "", "network"],
    [1001, "going away", "network"],
    [1006, "", "network"],
    [1011, "", "network"],
    [1008, "", "rateLimited"],
    [1008, "Daily Demo Limit Reached: 15 WS sessions / 24h on Community", "quota"],
    [1008, "Invalid API key", "wrongKey"],
    [4000, "", "notLive"],
    [4001, "", "ended"],
    [4002, "", "rateLimited"],
    [4003, "", "wrongKey"],
    [4004, "", "config"],
    [4005, "Stream ended", "ended"],
    [4005, "", "ended"],
    [4005, "Connection limit for your tier", "quota"],
    [4006, "max duration", "refresh"],
    [4007, "", "network"],
    [4401, "jwt expired", "wrongKey"],
    [4404, "Creator is not currently live", "notLive"],
    [4429, "Daily limit reached, upgrade required", "quota"],
    [4429, "Evicted - newer connection arrived (FIFO)", "evicted"],
    [4429, "", "rateLimited"],
    [4999, "", "network"],
  ])("code %i %j is %s", (code, reason, why) => expect(classifyClose(code, reason).class).toBe(why));

  const now = Date.parse("2026-11-22T12:00:00Z");
  it.each([
    [401, {}, "", { class: "wrongKey" }],
    [403, {}, '{"message":"Invalid key"}', { class: "wrongKey", detail: "HTTP 403: Invalid key" }],
    [403, {}, '{"error":"Daily quota used"}', { class: "quota" }],
    [404, {}, "<html>", { class: "notLive" }],
    [429, { "retry-after": "90" }, "", { class: "rateLimited", retryAfterMs: 90_000 }],
    [429, { "retry-after": "Sun, 22 Nov 2026 12:05:00 GMT" }, "", { class: "rateLimited", retryAfterMs: 300_000 }],
    [429, { "x-ratelimit-reset": String(now / 1000 + 60) }, "", { class: "rateLimited", retryAfterMs: 60_000 }],
    [429, { "x-ratelimit-reset": "45" }, "", { class: "rateLimited", retryAfterMs: 45_000 }],
    [429, { "retry-after": "soon" }, '{"message":"daily limit"}', { class: "quota" }],
    [400, {}, "", { class: "config" }],
    [408, {}, "", { class: "network" }],
    [503, { "retry-after": "5" }, "", { class: "network", retryAfterMs: 5000 }],
  ])("HTTP %i %j %s", (status, headers, body, expected) => {
    expect(classifyRefusal(status, headers, body, now)).toMatchObject(expected);
  });
});
