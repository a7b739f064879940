/** Scenario files: the shape of a simulated crowd, in YAML, checked with a clear error for every mistake. */

import { readFileSync } from "node:fs";
import { isMap, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "../user-error.ts";

const weight = z.number().min(0).max(10_000);
const perMinute = z.number().min(0).max(60_000);
const range = (least: number, most: number) =>
  z
    .tuple([z.number().min(least).max(most), z.number().min(least).max(most)])
    .refine(([from, to]) => from <= to, "the first number must not be above the second");

const giftSchema = z.strictObject({
  id: z.number().int().min(1).max(1_000_000_000),
  name: z.string().min(1).max(60),
  /** Price of one unit. */
  diamonds: z.number().int().min(1).max(100_000),
  /** 1 is sent as a combo, others as single messages. */
  type: z.number().int().min(1).max(9).default(1),
  /** How often it is drawn, against the other gifts. */
  weight,
  /** Units of one combo, from and to. */
  combo: range(1, 1000).default([1, 1]),
});

export const scenarioSchema = z.strictObject({
  summary: z.string().min(1).max(200),
  /** Title of the simulated broadcast. */
  title: z.string().min(1).max(120).default("Simulated broadcast"),
  crowd: z.strictObject({
    /** Viewers present when it is full. */
    size: z.number().int().min(1).max(2000),
    /** Time from the start until it is full. */
    fillSeconds: z.number().min(1).max(3600),
    /** How long one stays, from and to. */
    staySeconds: range(1, 86_400),
    /** Share of arrivals who were here before. */
    returning: z.number().min(0).max(1).default(0.25),
  }),
  /** What the whole crowd does per minute when it is full and in its normal mood. */
  perMinute: z.strictObject({
    chats: perMinute,
    likes: perMinute,
    /** Gift sendings: a combo is one. */
    gifts: perMinute,
    follows: perMinute,
    shares: perMinute,
    subscribes: perMinute,
  }),
  /** The mood goes up and down: 1 plus or minus `strength`, once per period. */
  waves: z
    .strictObject({ periodSeconds: z.number().min(1).max(3600), strength: z.number().min(0).max(1) })
    .default({ periodSeconds: 60, strength: 0.3 }),
  /** Once per `everySeconds` everybody calms down to `level` for `forSeconds`. */
  quiet: z
    .strictObject({
      everySeconds: z.number().min(1).max(86_400),
      forSeconds: z.number().min(0).max(3600),
      level: z.number().min(0).max(1),
    })
    .default({ everySeconds: 180, forSeconds: 0, level: 1 }),
  /** Whether the broadcast also has what few have: battles, pins, captions, envelopes, emotes, an introduction. */
  extras: z.boolean().default(false),
  /** Share of chats that are one of `words` or name another viewer; the rest is small talk. */
  playing: z.number().min(0).max(1).default(0.6),
  /** Game words with their weights; `@name` stands for another viewer. */
  words: z
    .record(z.string().min(1).max(60), weight)
    .refine((words) => sum(Object.values(words)) > 0, "no word has a weight"),
  smalltalk: z.array(z.string().min(1).max(300)).min(1).max(500),
  gifts: z
    .array(giftSchema)
    .min(1)
    .max(100)
    .refine((gifts) => sum(gifts.map((gift) => gift.weight)) > 0, "no gift has a weight")
    .refine((gifts) => new Set(gifts.map((gift) => gift.id)).size === gifts.length, "two gifts have the same id"),
});

/** The shape of a crowd. */
export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioGift = Scenario["gifts"][number];

/** Says what is wrong with a scenario file: one line per mistake, `file:line:column message`. */
export class ScenarioError extends UserError {
  override readonly name = "ScenarioError";
  readonly code = "SCENARIO_INVALID";
}

/** Scenarios that come with the program: `demo` (lively, the default), `quiet`, `crowd` (300 viewers), `storm` (gifts without pause, for fault runs). */
export const builtInScenarios = ["demo", "quiet", "crowd", "storm"] as const;

/** Reads a scenario: the name of a built-in one, "" for `demo`, else a file's path. Throws `ScenarioError`. */
export function loadScenario(nameOrPath: string = ""): Scenario {
  const name = nameOrPath === "" ? "demo" : nameOrPath;
  const builtIn = builtInScenarios.find((known) => known === name);
  const path = builtIn ? new URL(`./scenarios/${builtIn}.yaml`, import.meta.url) : name;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    const known = builtInScenarios.join(", ");
    throw new ScenarioError(`Cannot read the scenario file ${name}; give the path of a file or one of ${known}.`);
  }
  return parseScenario(text, name);
}

/** Checks the text of a scenario file; `file` names it in errors. Throws `ScenarioError` with all mistakes at once. */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new ScenarioError(document.errors.map((error) => `${at(error.pos[0])} ${error.message}`).join("\n"));
  }
  const parsed = scenarioSchema.safeParse(document.toJS({ maxAliasCount: 20 }));
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map((issue) => {
    const where = issue.path.join(".");
    return `${at(offsetOf(document.contents, issue.path))} ${where === "" ? "" : `${where}: `}${issue.message}`;
  });
  throw new ScenarioError(mistakes.join("\n"));
}

/** Where the deepest existing part of `path` begins in the file. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = rangeStart(node);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => String(item.key) === String(key));
      if (!pair) break;
      offset = rangeStart(pair.key) || offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = rangeStart(node) || offset;
    } else break;
  }
  return offset;
}

function rangeStart(node: unknown): number {
  const found = (node as { range?: [number, number, number] | null } | null)?.range;
  return found?.[0] ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
