/** The rule engine: which rules an event meets, in which order, and which of them fire. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { RuleDecision, RuleEngine } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, aLike, anEvent } from "../../support/events.ts";
import { anExpression, firedIn, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

const firedBy = (rules: readonly RuleWords[], event: LiveEvent) =>
  firedIn(createRuleEngine(someRules(rules), someFacts()).evaluate(event, 0));

describe("commands", () => {
  const rules: RuleWords[] = [{ on: "chat", filter: { commands: ["dash", "@", "große", "big dash"] } }];
  test.each([
    "dash",
    "DASH",
    "!dash now",
    "/dash",
    "ｄａｓｈ",
    "dash!",
    "  dash  ",
    "@ana",
    "große",
    "GROßE",
    "big dash",
    "!Big  Dash!",
    "big dash now",
  ])("%s meets it", (text) => expect(firedBy(rules, aChat(text))).toEqual(["rule-1"]));
  test.each(["dashing", "no dash", "", "a@b", "big", "big dashing", "big! dash"])("%s does not", (text) =>
    expect(firedBy(rules, aChat(text))).toEqual([]),
  );
});

describe("words anywhere", () => {
  const rules: RuleWords[] = [{ on: "chat", filter: { contains: ["left", "go up", "🔥"] } }];
  test.each(["LEFT", "turn left!", "please, go  up now", "nice🔥", "(left)"])("%s has one", (text) =>
    expect(firedBy(rules, aChat(text))).toEqual(["rule-1"]),
  );
  test.each(["leftover", "up go", "go, not up", ""])("%s has none", (text) =>
    expect(firedBy(rules, aChat(text))).toEqual([]),
  );
});

test("rules of a comment are asked in their order, however they were found", () => {
  const rules: RuleWords[] = [
    { on: "chat", filter: { contains: ["ana"] } },
    { on: "chat" },
    { on: "chat", filter: { commands: ["@"] } },
    { on: "chat", filter: { commands: ["@ana"] } },
    { on: "chat", filter: { commands: ["@ben"] } },
    { on: "chat", filter: { contains: ["hi"], commands: ["@"] } },
    { on: "chat", filter: { contains: ["go"], commands: ["@"] } },
  ];
  expect(firedBy(rules, aChat("@ana go"))).toEqual(["rule-1", "rule-2", "rule-3", "rule-4", "rule-7"]);
});

describe("gifts", () => {
  const rules: RuleWords[] = [
    { on: "gift", filter: { gifts: ["rose", "7"] } },
    { on: "gift", filter: { tiers: ["T1"] } },
    { on: "gift", filter: { tiers: ["T2"] } },
    { on: "gift", filter: { tiers: ["T1", "T2"] }, also: true },
    { on: "gift", filter: { valueFrom: 20, valueTo: 50 } },
    { on: "gift", filter: { tiers: ["T6"] }, conditions: { phases: ["play"] } },
  ];
  const gift = (id: string, name: string, unitValue: number) =>
    aGift(unitValue, "ana", 1, { gift: { id, name, unitValue, currency: "diamond" } });
  test.each([
    ["by name, whatever its case", gift("1", "ROSE", 1), ["rule-1", "rule-4"]],
    ["by id, and rules by worth stand back unless they say `also`", gift("7", "Other", 25), ["rule-1", "rule-4"]],
    ["by tier and by value", gift("1", "New", 29), ["rule-3", "rule-4", "rule-5"]],
    ["by value, both ends included", gift("1", "New", 50), ["rule-5"]],
    ["by the lowest tier when worth nothing", gift("1", "Free", 0), ["rule-2", "rule-4"]],
    ["not at all when nothing fits", gift("1", "Big", 400), []],
  ])("%s", (_name, event, expected) => expect(firedBy(rules, event)).toEqual(expected));

  test("one id can be sold under two names and prices", () => {
    const engine = createRuleEngine(someRules(rules), someFacts());
    const fired = [gift("1", "Rose", 1), gift("1", "New", 7), gift("1", "Rose", 1)].map((event) =>
      firedIn(engine.evaluate(event, 0)),
    );
    expect(fired).toEqual([
      ["rule-1", "rule-4"],
      ["rule-3", "rule-4"],
      ["rule-1", "rule-4"],
    ]);
  });
});

describe("other events", () => {
  const events = {
    pin: anEvent("pin"),
    unpin: { ...anEvent("pin"), pinned: false } as LiveEvent,
    subscribe: anEvent("subscribe"),
    raid: anEvent("raid"),
    redeem: anEvent("redeem"),
    emote: anEvent("emote"),
    battle: anEvent("battle"),
    caption: anEvent("caption"),
    "combo.end": anEvent("giftStreakEnd"),
  };
  test.each<[keyof typeof events, RuleWords, boolean]>([
    ["pin", { on: "pin" }, true],
    ["unpin", { on: "pin" }, false],
    ["pin", { on: "pin", filter: { contains: ["read"] } }, true],
    ["pin", { on: "pin", filter: { contains: ["reading"] } }, false],
    ["subscribe", { on: "subscribe", filter: { from: 3 } }, true],
    ["subscribe", { on: "subscribe", filter: { from: 4 } }, false],
    ["raid", { on: "raid", filter: { from: 30 } }, true],
    ["raid", { on: "raid", filter: { from: 31 } }, false],
    ["redeem", { on: "redeem", filter: { names: ["hydrate"] } }, true],
    ["redeem", { on: "redeem", filter: { names: ["r"] } }, true],
    ["redeem", { on: "redeem", filter: { names: ["hydra"] } }, false],
    ["emote", { on: "emote", filter: { names: ["e1"] } }, true],
    ["emote", { on: "emote", filter: { names: ["e2"] } }, false],
    ["battle", { on: "battle", filter: { names: ["active"] } }, true],
    ["battle", { on: "battle", filter: { names: ["ended"] } }, false],
    ["caption", { on: "caption", filter: { contains: ["said"] } }, true],
    ["combo.end", { on: "combo.end", filter: { gifts: ["rose"] } }, true],
    ["combo.end", { on: "gift" }, false],
  ])("%s with %j: %j", (name, rule, fires) => {
    expect(firedBy([rule], events[name])).toEqual(fires ? ["rule-1"] : []);
  });
});

/** So many people watch, of whom one source tells five. */
function watch(engine: RuleEngine, facts: ReturnType<typeof someFacts>, count: number): RuleDecision {
  facts.watching = count;
  return engine.evaluate({ ...anEvent("viewers"), count: 5 } as LiveEvent, 0);
}

test("a number of watchers fires when it is crossed, and each change when there is none", () => {
  const rules = someRules([
    { on: "viewers", filter: { reaches: 100 } },
    { on: "viewers", filter: { falls: 100 } },
    { on: "viewers" },
  ]);
  const facts = someFacts();
  const engine = createRuleEngine(rules, facts);
  const fired = [50, 100, 120, 120, 90, 150].map((count) => firedIn(watch(engine, facts, count)).join(" "));
  expect(fired).toEqual(["rule-3", "rule-1 rule-3", "rule-3", "", "rule-2 rule-3", "rule-1 rule-3"]);
});

test("a crossing that nobody is asked about is over", () => {
  const rules = someRules([
    { on: "viewers", stop: true, conditions: { phases: ["lobby"] } },
    { on: "viewers", filter: { reaches: 10 } },
  ]);
  const facts = someFacts();
  const engine = createRuleEngine(rules, facts);
  const fired = (["play", "lobby", "play", "play"] as const).map((phase, index) => {
    facts.phase.name = phase;
    return firedIn(watch(engine, facts, 8 + index)).join();
  });
  // The third event, the tenth person, is heard by all; before it and after it nothing is crossed.
  expect(fired).toEqual(["", "rule-1", "rule-2", ""]);
  facts.phase.name = "lobby";
  watch(engine, facts, 5);
  watch(engine, facts, 12);
  facts.phase.name = "play";
  expect(firedIn(watch(engine, facts, 13))).toEqual([]);
});

test("a test of a number of watchers fires when it could, and says itself how many there are", () => {
  const rules = someRules([
    { on: "viewers", filter: { reaches: 100 } },
    { on: "viewers", filter: { falls: 100 } },
    { on: "viewers", conditions: { if: anExpression(({ count }) => count >= 100) } },
  ]);
  const engine = createRuleEngine(rules, someFacts({ watching: 99 }));
  const fired = [100, 100, 99].map((count) =>
    firedIn(engine.evaluate({ ...anEvent("viewers"), count, test: true } as LiveEvent, 0)).join(),
  );
  expect(fired).toEqual(["rule-1,rule-3", "rule-1,rule-3", "rule-2"]);
});

test("a replayed event fires nothing and fills nothing", () => {
  const engine = createRuleEngine(someRules([{ on: "chat" }, { on: "likes", filter: { every: 10 } }]), someFacts());
  expect(firedIn(engine.evaluate(aChat("hi", "ana", { replay: true }), 0))).toEqual([]);
  expect(firedIn(engine.evaluate({ ...aLike(10), replay: true } as LiveEvent, 0))).toEqual([]);
  expect(engine.meters).toEqual([{ filledBy: "likes", title: "jump", value: 0, max: 10 }]);
});
