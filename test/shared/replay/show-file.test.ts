/** The show file: what is written is read again as it was, and whatever is wrong with one is said with its line. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import {
  createShowReader,
  entryLine,
  headLine,
  readBeginning,
  readInputs,
  readTrace,
  type ShowEntry,
  ShowFileError,
  type ShowHead,
} from "../../../shared/replay/show-file.ts";
import { anEvent } from "../../support/events.ts";
import { aHead, anyEvent } from "./a-show.ts";

const head = headLine(aHead());
const inputs = entryLine({ tick: 3, inputs: [{ type: "event", event: anEvent("chat") }] });
const trace = entryLine({
  tick: 60,
  trace: { prints: [1, 2], outline: [[1, "ball", "tiktok:ana", 1, 2, 3, 0, 0, 30]] },
});
const end = entryLine({ end: 100 });

/** Reads the lines as a file; the error's words, or the entries. */
function read(lines: readonly string[]): string | { head: ShowHead; entries: ShowEntry[] } {
  const reader = createShowReader();
  try {
    const [first, ...rest] = lines;
    const result = { head: first === undefined ? aHead() : reader.head(first), entries: rest.map(reader.entry) };
    reader.finish();
    return result;
  } catch (error) {
    expect(error).toBeInstanceOf(ShowFileError);
    return (error as Error).message;
  }
}

test("what is written is read again, whatever the events are", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 5 }), (events) => {
      // In an order of keys that nothing else has.
      const turned = events.map((event) => Object.fromEntries(Object.entries(event).reverse()) as LiveEvent);
      const entry: ShowEntry = { tick: 7, inputs: turned.map((event) => ({ type: "event", event })) };
      const found = read([head, entryLine(entry), end]);
      expect(found).toEqual({ head: aHead(), entries: [JSON.parse(JSON.stringify(entry)), { end: 100 }] });
      // Hashes know the order.
      expect(JSON.stringify((found as { entries: ShowEntry[] }).entries[0])).toBe(entryLine(entry));
    }),
  );
});

test("all kinds of entries", () => {
  const files = { main: "rules.yaml", texts: [["rules.yaml", "game: last-ball"]] as [string, string][] };
  const entries: ShowEntry[] = [
    {
      tick: 60,
      trace: {
        prints: [0xffff_ffff],
        outline: [],
        hash: "a",
        hashes: { bodies: "b" },
        phases: [{ tick: 59, phase: "play", round: 1, random: [1, -2, 3, 4] }],
      },
    },
    {
      tick: 60,
      inputs: [
        { type: "rules", files },
        { type: "act", act: "endRound" },
      ],
    },
    { end: 60 },
  ];
  expect(read([head, ...entries.map(entryLine)])).toEqual({ head: aHead(), entries });
});

describe.each<[what: string, lines: string[], says: string]>([
  ["nothing", [], "the file is empty"],
  ["another JSON", ['{"game":"last-ball"}'], "line 1: this is no show file"],
  ["JSON that is no object", ["null"], "line 1: this is no show file"],
  ["no JSON", ["hello"], "line 1: it is no JSON"],
  [
    "a newer format",
    [head.replace(/"format":\d+/, '"format":99')],
    "line 1: the file is of format 99, made by a newer Uproar",
  ],
  ["a seed that is none", [head.replace('"seed":7', '"seed":-1')], "line 1: seed: "],
  ["no rules", [head.replace(/"rules":\[.*\]\],?\}\]/, '"rules":[]')], "line 1: beginning.rules: "],
  ["a cut line", [head, inputs.slice(0, -20)], "line 2: it is no JSON, so the record is damaged or was cut short"],
  ["no end", [head, inputs], "after line 2 the end is missing: the file was cut short"],
  ["something after the end", [head, end, end], "line 3: something stands after the end"],
  ["ticks in disorder", [head, trace, inputs, end], "line 3: it stands behind"],
  [
    "a trace behind inputs of its tick",
    [head, inputs.replace('"tick":3', '"tick":60'), trace, end],
    "line 3: it stands behind",
  ],
  ["an event that is none", [head, inputs.replace('"text":"hi"', '"text":5'), end], "line 2: inputs.0.event.text: "],
  ["an unknown kind of input", [head, inputs.replace('"event"', '"wish"'), end], "line 2: inputs.0.type: "],
  ["a print that is no number", [head, trace.replace("[1,2]", '[1,"2"]'), end], "line 2: trace.prints.1: "],
  ["a tick that is none", [head, inputs.replace('"tick":3', '"tick":-3'), end], "line 2: "],
])("%s", (_, lines, says) => {
  test("is said with its line", () => {
    expect(read(lines)).toEqual(expect.stringContaining(says));
  });
});

test("a line that is too long", () => {
  expect(read([head, " ".repeat(64 * 1024 * 1024 + 1)])).toMatch(/^line 2: it is longer than \d+ characters$/);
});

test("texts of a journal are read alike, and what is damaged names its tick", () => {
  expect(readBeginning(JSON.stringify(aHead().beginning))).toEqual(aHead().beginning);
  expect(readInputs('[{"type":"act","act":"endPhase"}]', 9)).toEqual([{ type: "act", act: "endPhase" }]);
  expect(() => readInputs('[{"type":"act","act":"jump"}]', 9)).toThrow(/^what entered at tick 9: 0\.act: /);
  expect(() => readTrace("{", 60)).toThrow(/^the trace of tick 60: it is no JSON/);
  expect(() => readBeginning("{}")).toThrow(/^what the show began with: rules: /);
});
