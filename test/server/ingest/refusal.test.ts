/** Refusals: which end for good, and which may pass. What providers are known to send is tested with their sources. */
import { expect, it } from "vitest";
import { classifyRefusal } from "../../../server/ingest/refusal.ts";

const classOf = (status: number, body: string = "") => classifyRefusal(status, {}, body, 0).class;

it("only a request that can never work ends for good", () => {
  const every = Array.from({ length: 200 }, (_, i) => 400 + i);
  expect(every.filter((status) => classOf(status) === "config")).toEqual([400, 402, 405, 410, 414]);
});

it.each([
  [408, "network"],
  [409, "network"],
  [421, "network"],
  [425, "network"],
  [499, "network"],
  [500, "network"],
] as const)("HTTP %i is %s", (status, why) => expect(classOf(status)).toBe(why));

it.each([
  [400, "invalid api key", "wrongKey"],
  [402, "rate limit", "rateLimited"],
  [409, "Evicted - newer connection arrived", "evicted"],
  [500, "invalid api key", "network"],
] as const)("HTTP %i that says %j is %s", (status, message, why) => {
  expect(classOf(status, JSON.stringify({ message }))).toBe(why);
});
