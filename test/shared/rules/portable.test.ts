/** Portable rules: what comes out of another thread plays like what went in, for all rule files there are and any events. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { createRuleCompiler, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { RuleDecision } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { packRules, unpackByRule, unpackRules } from "../../../shared/rules/portable.ts";
import { asFile, compileBlock, yamlBlocks } from "../../docs/rule-blocks.ts";
import { aChat, aGift, aLike, anAct, anEvent } from "../../support/events.ts";
import { someFacts } from "../../support/rules.ts";

const textOf = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const shipped = textOf("shared/games/last-ball/rules.yaml");
const compile = createRuleCompiler(lastBall);

function compiled(text: string): CompiledRules {
  const result = compile(oneFile(text));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.rules;
}

const cookbook = yamlBlocks(textOf("docs/cookbook.md")).flatMap(({ heading, text }) => {
  const result = compileBlock(asFile(text, "my-rules.yaml"), { "my-rules.yaml": shipped });
  return result.ok ? [[heading, result.rules] as const] : [];
});

/** An expression wherever one can stand, and every name that a file can declare in one. */
const everywhere = compiled(
  `game: last-ball
words: { cheers: { en: [yay], de: [hurra] } }
meters: { rage: { full: 9 } }
counters: { hits: { of: viewer } }
variables: { mood: { type: text }, ready: { type: flag, start: true } }
rules:
  - on: chat
    if: hasWord(viewer.name, words.cheers) || vars.hits < 3 && vars.ready
    do:
      - { grow: { percent: 1 + length(text) / 10 } }
      - { spikes: {}, lasts: { for: 1 + number, again: extend } }
      - say: "{viewer.name} has {vars.hits} and {meters.rage}, {vars.mood}"
      - add: { hits: number }
      - fill: { rage: number * 2 }
      - set: { mood: "='is ' + argument", ready: "!vars.ready" }
      - oneOf: [{ weight: 2, do: { grow: { percent: 2 * number } } }, { do: [{ say: "{number}" }, { set: { mood: plain } }] }]
`,
);

const files: [string, CompiledRules][] = [
  ["the shipped rules", compiled(shipped)],
  ["the rules that a golden show changes to", compiled(textOf("test/golden/other-rules.yaml"))],
  ["expressions everywhere", everywhere],
  ...cookbook.map(([heading, rules]): [string, CompiledRules] => [heading, rules]),
];

/** Events that these rules wait for, and some that they do not. */
function eventsFor({ rules }: CompiledRules): fc.Arbitrary<LiveEvent> {
  const words = ["hello", ...rules.flatMap(({ filter }) => [...filter.commands, ...filter.contains])];
  const names = ["Nothing", ...rules.flatMap(({ filter }) => filter.gifts)];
  const who = fc.constantFrom("ana", "ben", "yay");
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(...words), fc.constantFrom("", " 7", " ben up"), who)
      .map(([word, more, by]) => aChat(word + more, by)),
    fc
      .record({ name: fc.constantFrom(...names), price: fc.constantFrom(1, 30, 500, 5000), count: fc.nat(9), by: who })
      .map(({ name, price, count, by }) => {
        const gift = { id: name, name, unitValue: price, currency: "diamond" };
        return aGift(price, by, count, { gift, count: count + 1, streakTotal: count + 1 });
      }),
    fc.tuple(fc.constantFrom(1, 50, 900), who).map(([likes, by]) => aLike(likes, by)),
    fc
      .constantFrom("follow" as const, "share" as const, "join" as const)
      .chain((type) => who.map((by) => anAct(type, by))),
    fc.constantFrom(anEvent("subscribe"), anEvent("raid"), anEvent("viewers"), anEvent("pin"), anEvent("redeem")),
  );
}

/** All that rules decide about events, a tick each, with the params that their calls would act with. */
function played(rules: CompiledRules, events: readonly LiveEvent[]): unknown[] {
  let drawn = 0;
  const facts = someFacts({ random: () => (drawn++ % 7) / 7 });
  const engine = createRuleEngine(rules, facts);
  const wordsOf = ({ calls, lines, traces, joinsTeam }: RuleDecision, tick: number) => [
    joinsTeam,
    calls.map((call) => [call, engine.paramsOf(call, call.count, 1, call.viewer, tick)]),
    lines,
    traces,
  ];
  const log = events.map((event, tick) => {
    const passed = JSON.stringify(wordsOf(engine.passTick(tick * 30), tick * 30));
    return [passed, JSON.stringify(wordsOf(engine.evaluate(event, tick * 30), tick * 30))];
  });
  return [...log, JSON.stringify(engine.save()), JSON.stringify(engine.meters)];
}

describe.each(files)("%s", (_name, rules) => {
  const carried = unpackRules(structuredClone(packRules(rules)));

  test("say the same", () => {
    expect(JSON.stringify(carried)).toBe(JSON.stringify(rules));
    const withMaps = ({ files: { main, texts }, firstMatch, words }: CompiledRules) => [main, texts, firstMatch, words];
    expect(withMaps(carried)).toEqual(withMaps(rules));
  });

  test("decide the same about any events", () => {
    fc.assert(
      fc.property(fc.array(eventsFor(rules), { minLength: 1, maxLength: 40 }), (events) => {
        expect(played(carried, events)).toEqual(played(rules, events));
      }),
      { numRuns: 15 },
    );
  });
});

test("there are as many as the cookbook has ideas", () => expect(cookbook.length).toBeGreaterThan(20));

test("packed rules hold no place for what runs", () => {
  expect(() => structuredClone(everywhere)).toThrow();
  expect(structuredClone(packRules(everywhere))).toEqual(packRules(everywhere));
});

test("unpacking pauses after each rule", () => {
  const rules = compiled(shipped);
  expect([...unpackByRule(packRules(rules))].length).toBe(rules.rules.length);
});

test("what is no expression any more is told with its place", () => {
  const packed = packRules(everywhere);
  expect(() => unpackRules({ ...packed, words: new Map() })).toThrow(
    /rules\.yaml:8:9: no word list is called "cheers"/,
  );
});
