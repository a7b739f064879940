/** Garbage: what no provider should send and some do (protocols 16.13 and 16.14). None of it tells of a gift. */
import type { Random } from "../../shared/world/random.ts";

/** Larger than any client takes, bytes. */
const hugeBytes = 5 * 1024 * 1024;

/** Names and comments that are hard to show: very long, right to left, invisible, markup, a command in full-width letters. */
export const hostileNames: readonly string[] = [
  "long ".repeat(2000),
  "\u202Edlrow olleh\u202C",
  "\u2067שלום\u2069 \u200B\u200D\uFEFFx",
  '<img src=x onerror="alert(1)">',
  "！ｊｕｍｐ",
  "👩‍👩‍👧‍👦".repeat(40),
  "Z͑ͫ̓a̴l̸g̷o".repeat(30),
  "\u0000\u0007\ud800",
];

/** Frames that are no message in any protocol. */
const shapeless: readonly string[] = [
  "not json at all",
  "{",
  "",
  "null",
  "[]",
  "[1,[2,[3]]]",
  '"text"',
  "NaN",
  "{}",
  '{"event":null,"type":null,"data":[]}',
  '{"event":{"toString":1},"type":[],"data":"x"}',
  '{"__proto__":{"event":"chat"},"constructor":{"prototype":{"x":1}}}',
  '{"event":"__proto__","type":"__proto__","data":{"__proto__":{"user":{"userId":"1"}}}}',
  '{"event":"constructor","type":"constructor","data":{}}',
  '{"event":"somethingNew","type":"WebcastSomethingNewMessage","data":{"a":[null,{"b":1e400}]}}',
  '{"event":"hasOwnProperty","type":"toString","data":null}',
];

/** One frame of garbage: one of a protocol's own as often as one of no protocol. */
export function pickGarbage(random: Random, own: readonly string[]): string {
  return random.pick(random.next() < 0.5 ? own : shapeless);
}

/** A frame that breaks the line of any client with a limit. */
export function hugeFrame(): string {
  return JSON.stringify({ event: "huge", type: "huge", data: { padding: "x".repeat(hugeBytes) } });
}
