/** Compiles the tests of a rule file: what happens, and which actions are expected. */
import type { z } from "zod";
import type { PhaseName } from "../../game/phases.ts";
import type { CompiledTest, ExpectedCall, TestEvent, TestStep } from "../compiled.ts";
import { fold } from "../fold.ts";
import { type Context, listed, unknownName } from "./context.ts";
import { ticksAt } from "./limits.ts";
import { quoted, type Spot } from "./spot.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a test wrote beside its event. */
interface Extra {
  readonly count?: number;
  readonly value?: number;
  readonly combo?: number;
  readonly months?: number;
}

interface EventWord {
  /** LiveEvent type. */
  readonly type: string;
  /** Words that may stand beside it, apart from by, viewer and source. */
  readonly extras: readonly (keyof Extra)[];
  fields(written: unknown, extra: Extra): Fields;
}

const word = (type: string, fields: EventWord["fields"] = () => ({}), extras: EventWord["extras"] = []): EventWord => ({
  type,
  extras,
  fields,
});
const giftOf = (written: unknown, { value = 1 }: Extra) => ({
  id: String(written).slice(0, 64),
  name: String(written),
  unitValue: value,
  currency: "diamond",
});
const testCombo = "test";

/** Every word that names an event. */
const eventWords: Readonly<Record<string, EventWord>> = {
  chat: word("chat", (text) => ({ text })),
  gift: word(
    "gift",
    (name, extra) => {
      const { count = 1, combo } = extra;
      return { gift: giftOf(name, extra), count, streakKey: combo ? testCombo : "", streakTotal: combo ?? count };
    },
    ["count", "value", "combo"],
  ),
  "combo.end": word(
    "giftStreakEnd",
    (name, extra) => ({
      gift: giftOf(name, extra),
      streakKey: testCombo,
      streakTotal: extra.combo ?? extra.count ?? 1,
      inferred: false,
    }),
    ["count", "value", "combo"],
  ),
  likes: word("like", (count) => ({ count, roomDelta: count, roomTotal: 0 })),
  join: word("join"),
  follow: word("follow"),
  share: word("share"),
  subscribe: word("subscribe", (_, { months = 1, count = 0 }) => ({ months, tier: "", giftCount: count }), [
    "count",
    "months",
  ]),
  emote: word("emote", (emoteId) => ({ emoteId, url: "" })),
  raid: word("raid", (viewers) => ({ viewers })),
  redeem: word("redeem", (title, { value = 0 }) => ({ rewardId: title, title, cost: Math.round(value), text: "" }), [
    "value",
  ]),
  envelope: word("envelope", (_, { value = 0 }) => ({ value: Math.round(value), people: 0 }), ["value"]),
  pin: word("pin", (text) => ({ text, pinned: true })),
  intro: word("intro", (text) => ({ text })),
  caption: word("caption", (text) => ({ text, final: true, language: "" })),
  battle: word("battle", (phase) => ({ battleId: "test", phase, scores: [] })),
  battleScores: word("battleScores", (scores) => ({ battleId: "test", scores })),
  viewers: word("viewers", (count) => ({ count, total: 0 })),
  streamStart: word("streamStart"),
  streamEnd: word("streamEnd", () => ({ reason: "" })),
  error: word("error", (reason) => ({ reason })),
};
const stepKinds = [...Object.keys(eventWords), "wait", "phase"];
const extraWords = ["count", "value", "combo", "months"] as const satisfies readonly (keyof Extra)[];

/** Compiles one test; undefined, and told, when it cannot be run. `ruleIds` are those of all rules. */
export function testAt(context: Context, spot: Spot, ruleIds: ReadonlySet<string>): CompiledTest | undefined {
  const given = spot.at("given").items.flatMap((item) => stepAt(context, item) ?? []);
  const expected = spot.at("expect");
  const expect = expected.value === "nothing" ? [] : expected.items.flatMap((item) => callsAt(context, item, ruleIds));
  if (!spot.isSound) return undefined;
  const { name, in: phase = "play" } = spot.value as { name: string; in?: PhaseName };
  return { name, place: spot.place, phase, given, expect };
}

function stepAt(context: Context, spot: Spot): TestStep | undefined {
  if (!spot.isSound) return undefined;
  const kinds = spot.entries.map(([key]) => key).filter((key) => stepKinds.includes(key));
  const [kind, second] = kinds;
  if (kind === undefined || second !== undefined) {
    const many = second === undefined ? "no event" : `both ${quoted(kind)} and ${quoted(second)}`;
    const message = `This step has ${many}. Write one event (such as chat or gift), "wait" or "phase" in each step.`;
    context.problems.add("RULES_TEST", spot, message);
    return undefined;
  }
  const { place } = spot;
  if (kind === "wait") return { kind, ticks: ticksAt(spot.at(kind)), place };
  if (kind === "phase") return { kind, phase: spot.at(kind).value as PhaseName, place };
  refuseStrayWords(context, spot, kind);
  warnOfTeams(context, spot.at("viewer", "team"));
  return { kind: "event", event: eventAt(context, spot, kind), place };
}

function refuseStrayWords(context: Context, spot: Spot, kind: string): void {
  const { extras } = eventWords[kind]!;
  for (const key of extraWords) {
    if (extras.includes(key) || !spot.at(key).exists) continue;
    context.problems.addAtKey("RULES_TEST", spot.at(key), `"${key}" says nothing about "${kind}". Take it out.`);
  }
}

/** A test with a viewer of a team that is not there shows nothing of a rule for one that is. */
function warnOfTeams({ problems, declarations: { teamNames } }: Context, spot: Spot): void {
  for (const item of spot.items) {
    const name = String(item.value);
    if (!teamNames.some((team) => fold(team) === fold(name)))
      problems.warn("RULES_UNKNOWN_NAME", item, unknownName("team", name, teamNames));
  }
}

function eventAt(context: Context, spot: Spot, kind: string): TestEvent {
  const { type, fields } = eventWords[kind]!;
  const written = spot.value as Extra & { by?: string; viewer?: Fields; source?: string };
  const isGift = kind === "gift" || kind === "combo.end";
  const { value } = spot.at(kind);
  const alias = isGift ? context.declarations.gifts.get(fold(String(value)))?.[0] : undefined;
  const source = written.source === undefined ? {} : { source: written.source };
  return {
    type,
    by: (written.by ?? "ana").replace(/^@/, ""),
    viewer: written.viewer ?? {},
    fields: { ...fields(alias ?? value, written), ...source },
  };
}

function callsAt(context: Context, spot: Spot, ruleIds: ReadonlySet<string>): ExpectedCall[] {
  if (!spot.isSound) return [];
  const { place, value } = spot;
  if (typeof value === "string") return [{ action: value, params: {}, by: "", rule: "", place }];
  const actions = spot.entries.filter(([key]) => Object.hasOwn(context.game.actions, key));
  const [first, second] = actions;
  if (!first || second) {
    const message = `An expected call names one action${second ? `, not ${quoted(first![0])} and ${quoted(second[0])}` : ""}. Write each on a line of its own.`;
    context.problems.add("RULES_TEST", spot, message);
    return [];
  }
  const { by = "", rule = "", times = 1 } = value as { by?: string; rule?: string; times?: number };
  if (rule !== "" && !ruleIds.has(rule)) {
    context.problems.add("RULES_UNKNOWN_NAME", spot.at("rule"), unknownName("rule", rule, [...ruleIds]));
  }
  const [action, at] = first;
  checkExpected(context, at, action);
  const params = (at.value ?? {}) as Fields;
  return Array.from({ length: times }, () => ({ action, params, by: by.replace(/^@/, ""), rule, place }));
}

/** Tells params that the action does not have, and values that they can never have. */
function checkExpected(context: Context, spot: Spot, action: string): void {
  const shape = context.game.actions[action]!.params.shape as Record<string, z.ZodType>;
  for (const [name, at] of spot.entries) {
    if (!Object.hasOwn(shape, name)) {
      const message = `"${action}" has no param ${quoted(name)}.${listed(Object.keys(shape), " It has none.")}`;
      context.problems.addAtKey("RULES_UNKNOWN_KEY", at, message);
    } else if (!shape[name]!.safeParse(at.value).success) {
      context.problems.add(
        "RULES_TEST",
        at,
        `"${name}" of "${action}" can never be ${quoted(at.value)}. Write a value that it allows.`,
      );
    }
  }
}
