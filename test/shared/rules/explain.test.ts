/** Why a rule did or did not fire: one sentence for each rule of the event's trigger. */
import { expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { explain } from "../../../shared/rules/explain.ts";
import { triggers } from "../../../shared/rules/triggers.ts";
import { aChat, aGift, aLike, anEvent, aViewer } from "../../support/events.ts";
import {
  aCall,
  anExpression,
  aViewerCondition,
  passTicks,
  type RuleWords,
  someFacts,
  someRules,
} from "../../support/rules.ts";

const rose = aGift(5, "ana", 1, { gift: { id: "5655", name: "Rose", unitValue: 5, currency: "diamond" } });
const who = (fields: Parameters<typeof aViewerCondition>[0]) => ({ viewer: aViewerCondition(fields) });
const watching = (count: number) => ({ ...anEvent("viewers"), count }) as LiveEvent;
const day = { cooldownTicks: 0, quota: 1, per: "day" } as const;
const limited = (more: Partial<RuleWords>, on: "chat" | "gift" = "chat"): RuleWords => ({ on, ...more });
const viewerCooldown = [{ scope: "viewer", cooldownTicks: 201 }] as const;
const twoPerRound = [{ scope: "everyone", quota: 1, per: "round" }] as const;

/** The rule, what happens to it (the last event is explained; each is ten ticks after the one before), and what is said. */
const said: readonly (readonly [RuleWords, readonly LiveEvent[], string])[] = [
  [{ on: "chat" }, [aChat("x")], "fired: jump"],
  [{ on: "chat", steps: [aCall("a"), aCall("b")] }, [aChat("x")], "fired: a, b"],
  [{ on: "chat", steps: [{ kind: "add", name: "n", value: 1, delayTicks: 0 }] }, [aChat("x")], "fired"],
  [
    { on: "chat" },
    [aChat("x", "ana", { replay: true })],
    "the event is from before this connection, so it fires nothing",
  ],
  [
    { on: "chat", filter: { commands: ["dash", "go"] } },
    [aChat("Hello you")],
    'the comment begins with "hello", not with dash, go',
  ],
  [{ on: "chat", filter: { commands: ["dash"] } }, [aChat("!")], "the comment has no word, not with dash"],
  [
    { on: "chat", filter: { commands: [..."abcdefgh"] } },
    [aChat("x".repeat(99))],
    `the comment begins with "${"x".repeat(40)}…", not with a, b, c, d, e, f and 2 more`,
  ],
  [{ on: "chat", filter: { contains: ["up", "left"] } }, [aChat("go")], "the text has no up or left in it"],
  [{ on: "gift", filter: { gifts: ["galaxy"] } }, [rose], "the gift is Rose, not galaxy"],
  [{ on: "gift", filter: { tiers: ["T1"] } }, [rose], "one unit is worth 5, which is tier T2, not T1"],
  [{ on: "gift", filter: { valueFrom: 6 } }, [rose], "one unit is worth 5, not 6 or more"],
  [{ on: "gift", filter: { valueTo: 4 } }, [rose], "one unit is worth 5, not 4 or less"],
  [{ on: "pin" }, [{ ...anEvent("pin"), pinned: false } as LiveEvent], "the comment is not pinned any more"],
  [{ on: "subscribe", filter: { from: 6 } }, [anEvent("subscribe")], "it is for 3 months, not 6"],
  [{ on: "raid", filter: { from: 60 } }, [anEvent("raid")], "30 people came along, not 60"],
  [{ on: "emote", filter: { names: ["e2", "e3"] } }, [anEvent("emote")], 'the emote is "e1", not e2 or e3'],
  [{ on: "redeem", filter: { names: ["sing"] } }, [anEvent("redeem")], 'the reward is "Hydrate", not sing'],
  [{ on: "battle", filter: { names: ["ended"] } }, [anEvent("battle")], "the battle is active, not ended"],
  [
    { on: "chat", conditions: { phases: ["lobby", "results"] } },
    [aChat("x")],
    "not now: only in phase lobby or results",
  ],
  [{ on: "gift", conditions: { phases: ["lobby"] } }, [rose], "waits for phase lobby"],
  [{ on: "chat", conditions: { sources: ["twitch"] } }, [aChat("x")], "it is from test-source, not from twitch"],
  [
    { on: "gift", conditions: { if: anExpression(() => false, "diamonds > 99") } },
    [rose],
    "the condition `diamonds > 99` is false",
  ],
  [
    { on: "viewers", conditions: who({ follower: true }) },
    [watching(5)],
    "it asks for a viewer, and nobody is behind this",
  ],
  [{ on: "chat", conditions: who({ follower: true }) }, [aChat("x")], "the viewer is not a follower"],
  [
    { on: "chat", conditions: who({ owner: false }) },
    [
      aChat("x", "ana", {
        viewer: aViewer("ana", { roles: { owner: true, follower: false, moderator: false, subscriber: false } }),
      }),
    ],
    "the viewer is the owner, and it is for others",
  ],
  [{ on: "chat", conditions: who({ gifterLevel: 3 }) }, [aChat("x")], "the gifter level is 0, not 3 or more"],
  [{ on: "chat", conditions: who({ teamLevel: 3 }) }, [aChat("x")], "the fan club level is 0, not 3 or more"],
  [{ on: "chat", conditions: who({ platforms: ["twitch"] }) }, [aChat("x")], "the viewer is on tiktok, not on twitch"],
  [{ on: "chat", conditions: who({ handles: ["ben"] }) }, [aChat("x")], "the viewer is @ana, not @ben"],
  [{ on: "chat", conditions: who({ teams: ["red"] }) }, [aChat("x")], "the viewer is not in team red"],
  [limited({ limits: viewerCooldown }), [aChat("x"), aChat("x")], "dropped: cooldown for each viewer, 3.2 s left"],
  [
    limited({ limits: viewerCooldown, whenLimited: "queue" }),
    [aChat("x"), aChat("x")],
    "waits 3.2 s: cooldown for each viewer",
  ],
  [
    limited({ limits: [{ owner: "group:heavy", cooldownTicks: 70 }] }, "gift"),
    [rose, rose],
    "waits 1.0 s: cooldown of group heavy for everyone",
  ],
  [
    limited({ limits: [{ owner: "all", ...twoPerRound[0] }] }),
    [aChat("x"), aChat("x")],
    "dropped: quota of all rules for everyone, 1 per round, used up",
  ],
  [limited({ limits: twoPerRound }, "gift"), [rose, rose], "waits for a later round: quota for everyone, 1 per round"],
  [limited({ limits: [day] }, "gift"), [rose, rose], "waits for another show: quota for everyone, 1 per day"],
  [
    limited({ limits: [day], whenLimited: "queue" }),
    [aChat("x"), aChat("x")],
    "dropped: quota for everyone, 1 per day, used up",
  ],
  [
    limited({ limits: [{ cooldownTicks: 600 }], whenLimited: "bank" }, "gift"),
    [rose, rose],
    "waits for a later round: cooldown for everyone",
  ],
  [
    limited({ limits: viewerCooldown, whenLimited: "merge" }),
    [aChat("x"), aChat("x"), aChat("x")],
    "waits 3.0 s with what came before it",
  ],
  [
    limited({ limits: [{ cooldownTicks: 60 }], whenLimited: "queue" }),
    Array(70)
      .fill(0)
      .map((_, nr) => aChat("x", `v${nr}`)),
    "dropped, because too many wait already: cooldown for everyone",
  ],
  [{ on: "likes", filter: { every: 100 } }, [aLike(40)], "60 likes are still missing"],
  [{ on: "likes", filter: { every: 100 } }, [aLike(99)], "1 like is still missing"],
  [{ on: "viewers", filter: { reaches: 50 } }, [watching(20)], "20 people watch: 30 from where they reach 50"],
  [
    { on: "viewers", filter: { reaches: 50 } },
    [watching(60), watching(61)],
    "61 people watch: they did not reach 50 just now",
  ],
  [{ on: "viewers", filter: { falls: 50 } }, [watching(60)], "60 people watch: 11 from where they fall below 50"],
  [{ on: "viewers" }, [watching(60), watching(60)], "60 people watch, as before"],
];

test.each(said)("%j", (rule, events, sentence) => {
  const rules = someRules([rule]);
  const facts = someFacts();
  const engine = createRuleEngine(rules, facts);
  let explained: unknown;
  events.forEach((event, index) => {
    if (event.type === "viewers") facts.watching = event.count;
    explained = explain(event, engine.evaluate(event, index * 10).traces, rules);
  });
  expect(explained).toMatchObject([{ rule: "rule-1", file: "rules.yaml", line: 1, sentence }]);
});

test("all rules of the event's trigger are explained, in their order, and no others", () => {
  const rules = someRules(
    [
      { on: "gift", filter: { tiers: ["T2"] } },
      { on: "chat" },
      { on: "gift", filter: { gifts: ["rose"] }, stop: true },
      { on: "gift", filter: { gifts: ["galaxy"] } },
      { on: "gift" },
      { on: "like" },
      { on: "likes", filter: { every: 1 } },
      { on: "like" },
    ],
    { firstMatch: new Set(["like"]) },
  );
  const engine = createRuleEngine(rules, someFacts());
  const explained = (event: LiveEvent) =>
    explain(event, engine.evaluate(event, 0).traces, rules).map(({ rule, verdict, sentence }) => [
      rule,
      verdict,
      sentence,
    ]);
  expect(explained(rose)).toEqual([
    ["rule-1", "named", "stands back, because a rule that names this gift goes first"],
    ["rule-3", "fired", "fired: jump"],
    ["rule-4", "misfit", "the gift is Rose, not galaxy"],
    ["rule-5", "stopped", "not asked, because rule rule-3 fired and stops"],
  ]);
  expect(explained(aLike(1))).toEqual([
    ["rule-6", "fired", "fired: jump"],
    ["rule-7", "fired", "fired: jump"],
    ["rule-8", "stopped", "not asked, because rule rule-6 was the first to fire"],
  ]);
});

test("a moment of the show is explained by the rules that it asked", () => {
  const rules = someRules([{ on: "timer", filter: { every: 60 }, conditions: { phases: ["lobby"] } }, { on: "chat" }]);
  const engine = createRuleEngine(rules, someFacts());
  passTicks(engine, 0, 59);
  expect(explain(undefined, engine.passTick(60).traces, rules)).toEqual([
    { rule: "rule-1", file: "rules.yaml", line: 1, verdict: "condition", sentence: "not now: only in phase lobby" },
  ]);
});

test.each([
  ["group:powers", "dropped: cooldown of group powers for each viewer, 50.0 s left"],
  ["all", "dropped: cooldown of all rules for each viewer, 50.0 s left"],
  ["rule:b", "dropped: cooldown for each viewer, 50.0 s left"],
])("of several limits of one kind, the one that holds is named: %s", (owner, sentence) => {
  const limits = ["group:powers", "all", "rule:b"].map((each) => ({
    owner: each,
    scope: "viewer" as const,
    cooldownTicks: each === owner ? 3010 : 2,
  }));
  const rules = someRules([{ on: "chat", id: "b", limits }]);
  const engine = createRuleEngine(rules, someFacts());
  engine.evaluate(aChat("x"), 0);
  expect(explain(aChat("x"), engine.evaluate(aChat("x"), 10).traces, rules)[0]!.sentence).toBe(sentence);
});

test("a rule that was asked several times in one moment has a sentence for each", () => {
  const rules = someRules(
    [
      { on: "chat", steps: [{ kind: "fill", name: "m", value: 3, delayTicks: 0 }] },
      { on: "meter", filter: { meter: "m" }, limits: [{ quota: 2, per: "show" }] },
    ],
    { meters: [{ name: "m", title: "M", full: 1, drainPerSecond: 0, perRound: false }] },
  );
  const engine = createRuleEngine(rules, someFacts());
  engine.evaluate(aChat("x"), 0);
  const said = explain(undefined, engine.passTick(1).traces, rules).map(({ verdict, sentence }) => [verdict, sentence]);
  expect(said).toEqual([
    ["fired", "fired: jump"],
    ["fired", "fired: jump"],
    ["waits", "waits for another show: quota for everyone, 2 per show"],
  ]);
});

test("whatever the event, every rule of its trigger without a trace is told why it does not fit", () => {
  for (const type of [
    "chat",
    "gift",
    "giftStreakEnd",
    "pin",
    "subscribe",
    "raid",
    "emote",
    "redeem",
    "battle",
    "caption",
  ] as const) {
    const event = anEvent(type);
    const on = (Object.keys(triggers) as (keyof typeof triggers)[]).find((name) => triggers[name].event === type)!;
    const filter = { commands: ["?"], contains: ["?"], gifts: ["?"], names: ["?"], from: 1000 };
    const rules = someRules([{ on, filter }]);
    const { traces } = createRuleEngine(rules, someFacts()).evaluate(event, 0);
    expect([traces.length, explain(event, traces, rules)[0]!.sentence]).not.toEqual([0, "it was not asked"]);
    expect(traces).toEqual([]);
  }
});
