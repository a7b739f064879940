/**
 * The rule file's shape, derived from a game: what may stand where, said once. `check` refuses what it refuses, and the JSON Schema
 * that editors complete from is made of it. What only makes sense together (names that must be declared, expressions) is compile.ts.
 */
import { z } from "zod";
import type { AnyGame } from "../game/define.ts";
import { tierNames } from "../game/tiers.ts";
import { durationSchema } from "./duration.ts";
import {
  battleState,
  enumOf,
  expression,
  flag,
  giftName,
  help,
  maxTextLength,
  name,
  oneOrMore,
  phase,
  text,
  viewerCondition,
  wholeFrom,
  word,
  wordOrWords,
  words,
} from "./rule-file/parts.ts";
import { playlistSchema } from "./rule-file/playlist.ts";
import { actionNames, stepsOf } from "./rule-file/steps.ts";
import { testOf } from "./rule-file/tests.ts";
import { type TriggerName, triggers } from "./triggers.ts";

/** Most rules in one show (included ones among them), and tests. */
export const maxRules = 1000;
export const maxTests = 300;

const tier = z.enum(tierNames);
const compliance = z.array(z.string().min(1).max(60)).max(20);
/** A key of many kinds of rules, written once in the JSON Schema. */
const shared = <T extends z.ZodType>(id: string, schema: T, description: string) =>
  help(schema.optional(), description, id);

const cooldowns = z.strictObject({
  viewer: help(durationSchema.optional(), "At most once in this time for each viewer."),
  team: help(durationSchema.optional(), "At most once in this time for each team."),
  everyone: help(durationSchema.optional(), "At most once in this time, whoever does it."),
});
const quotaPer = z
  .strictObject({
    round: help(wholeFrom(1).optional(), "At most so often in a round."),
    show: help(wholeFrom(1).optional(), "At most so often in the whole show."),
    day: help(wholeFrom(1).optional(), "At most so often in a day (of UTC)."),
  })
  .meta({ id: "quotaPer" });
const quotas = z.strictObject({
  viewer: help(quotaPer.optional(), "Each viewer."),
  team: help(quotaPer.optional(), "Each team."),
  everyone: help(quotaPer.optional(), "All together."),
});
const limits = {
  cooldown: shared("cooldown", cooldowns, "How much time must pass. A gift is never lost to it: it waits."),
  quota: shared("quota", quotas, "How often at most, per round, show or day."),
};

/** Keys of every rule but `do`, which depends on the game. */
const common = {
  id: shared(
    "id",
    z.string().regex(/^[\w-]{1,60}$/, { error: "an id has letters, digits, - and _ only" }),
    "Names the rule in the ledger and in explanations. A rule with the id of an included one takes its place.",
  ),
  off: shared("off", flag, "Switches the rule off."),
  phase: shared(
    "phases",
    oneOrMore(phase),
    "Only in this phase of the round. A gift that comes in another one waits for it.",
  ),
  source: shared("source", wordOrWords, "Only from this source or platform."),
  viewer: shared("viewer", viewerCondition, "Only for such viewers."),
  if: shared("if", expression, 'Only when this is true: "diamonds > 99 && viewer.follower".'),
  ...limits,
  group: shared("group", name, "Group whose limits it shares."),
  whenLimited: shared(
    "whenLimited",
    enumOf({
      drop: "It is lost. Never for gifts.",
      merge: "It joins the one of the same viewer that waits.",
      queue: "It acts at the next free moment.",
      extend: "It makes the effect that runs last longer.",
      bank: "It waits for the next round.",
    }),
    "What happens to an act that meets a limit. When missing, gifts queue and free acts drop.",
  ),
  queue: shared("queue", name, "Queue it goes through."),
  priority: shared("priority", z.int().min(-1000).max(1000), "Higher ones are asked first; 0 when missing."),
  stop: shared("stop", flag, "When it fires, later rules are not asked about this event."),
  allow: shared("allow", compliance, "Compliance findings you allow knowingly for this rule."),
} as const;

const giftFilter = {
  gift: shared(
    "gift",
    oneOrMore(giftName),
    "Name(s), id(s) or declared alias(es). A rule that names the gift goes before rules by tier or value.",
  ),
  tier: shared("tier", oneOrMore(tier), "By what one unit is worth, T1 to T6."),
  value: shared(
    "value",
    z.strictObject({
      from: help(z.number().min(0).optional(), "Least price; 0 when missing."),
      to: help(z.number().min(0).optional(), "Highest price; any when missing."),
    }),
    "Price of one unit in diamonds, both ends included.",
  ),
  also: shared("also", flag, "Of a rule by tier or value: fires also for gifts that another rule names."),
};
const contains = shared("contains", words, "Word(s), one of which stands anywhere in the text.");
const crossing = {
  reaches: help(wholeFrom(1).optional(), "When the number reaches this from below."),
  falls: help(wholeFrom(1).optional(), "When the number falls below this."),
};

/** Keys that say what an event must be, by trigger; a trigger without a line here has none. */
const filters = {
  chat: {
    command: help(
      words.optional(),
      'Word(s) the comment starts with, with or without "!"; case, width and accents do not matter. "@" for a comment that names somebody. Any comment when missing.',
    ),
    contains,
  },
  gift: giftFilter,
  "combo.end": giftFilter,
  likes: { every: help(wholeFrom(1), "Likes of the whole room that fill the meter once.") },
  like: {
    every: help(wholeFrom(1).optional(), "Likes of the viewer's own that it takes; each like message when missing."),
  },
  subscribe: { months: help(wholeFrom(1).optional(), "Least months.") },
  emote: { emote: help(wordOrWords.optional(), "Id(s) of the emote.") },
  raid: { viewers: help(wholeFrom(1).optional(), "Least people brought along.") },
  redeem: { reward: help(oneOrMore(z.string().min(1).max(120)).optional(), "Title(s) or id(s) of the reward.") },
  pin: { contains },
  caption: { contains },
  battle: {
    state: help(oneOrMore(battleState).optional(), "State it comes into."),
  },
  viewers: crossing,
  timer: {
    every: help(durationSchema.optional(), "Again and again after this time."),
    after: help(durationSchema.optional(), "Once, this long after the beginning of what `of` says."),
    of: help(z.enum(["show", "round", "phase"]).optional(), "phase when missing."),
  },
  meter: { meter: help(name, "Declared meter that is full.") },
} as const satisfies Partial<Record<TriggerName, Readonly<Record<string, z.ZodType>>>>;

const filterOf = (on: TriggerName): Readonly<Record<string, z.ZodType>> =>
  Object.hasOwn(filters, on) ? filters[on as keyof typeof filters] : {};

const eventTriggers = (Object.keys(triggers) as TriggerName[]).filter((on) => triggers[on].event !== "");

/** What N viewers must do: a trigger with its own keys. */
const crowdOf = () =>
  z.discriminatedUnion(
    "on",
    eventTriggers
      .filter((on) => (triggers[on].names as readonly string[]).includes("viewer"))
      .map((on) =>
        z.strictObject({ on: help(z.literal(on), `So many times ${triggers[on].summary}.`), ...filterOf(on) }),
      ) as unknown as [z.ZodObject],
  );

/** One kind of rule per trigger, told apart by `on`. */
function ruleKinds(steps: z.ZodType) {
  const happens = help(steps, "What happens: an action, an action with params, or a list of steps.", "do");
  return (Object.keys(triggers) as TriggerName[]).map((on) =>
    z
      .strictObject({
        on: help(z.literal(on), `Fires when ${triggers[on].summary}.`),
        ...filterOf(on),
        ...(on === "crowd" && {
          viewers: help(z.int().min(2).max(5000), "So many different viewers."),
          within: help(durationSchema, "Within this time."),
          of: help(crowdOf(), "Do this."),
        }),
        ...common,
        do: happens,
      })
      .meta({ title: `on: ${on}` }),
  );
}

const tiersSchema = z
  .strictObject(
    Object.fromEntries(
      tierNames.map((tierName) => [
        tierName,
        help(z.number().min(0).max(10_000_000), `A gift of so many diamonds or more is ${tierName}.`),
      ]),
    ),
  )
  .partial();

const variable = z.strictObject({
  type: help(z.enum(["number", "text", "flag"]).optional(), "number when missing."),
  start: help(
    z.union([z.number(), flag, z.string().max(maxTextLength)]).optional(),
    "What it begins with; 0, an empty text or false when missing.",
  ),
  min: help(z.number().optional(), "Least, of a number."),
  max: help(z.number().optional(), "Most, of a number."),
  of: help(
    z.enum(["viewer", "team", "everyone"]).optional(),
    "Whose: one of each viewer or team, or one for everyone (when missing).",
  ),
  per: help(z.enum(["round", "show"]).optional(), "Back to its start each round, or kept for the show (when missing)."),
});

/** The whole file, for a game. `rules` may be missing in a file that includes others. */
export function ruleFileSchema(game: AnyGame) {
  const actionName = actionNames(game);
  const steps = stepsOf(game, actionName);
  return z.strictObject({
    game: help(z.literal(game.id), `The game these rules are for: ${game.title}.`),
    include: help(oneOrMore(text).optional(), "Rule file(s) in the same folder or below that this one builds on."),
    without: help(oneOrMore(word).optional(), "Ids of rules of included files that are left out."),
    playlist: help(
      playlistSchema.optional(),
      "Games that take turns in one show, this one among them. Takes effect with the next start.",
    ),
    options: help(game.options.optional(), "What you can tune in the game. Changes take effect with the next round."),
    tiers: help(tiersSchema.optional(), "Smallest price of one unit for each tier, in diamonds."),
    gifts: help(z.record(name, oneOrMore(giftName)).optional(), "Aliases: one word for several gifts, by name or id."),
    words: help(z.record(name, words).optional(), "Word lists, used as words.NAME."),
    teams: help(z.record(word, words).optional(), "Teams by name, each with the words that join it."),
    meters: help(
      z
        .record(
          name,
          z.strictObject({
            full: help(z.number().min(1).max(100_000_000), "Amount at which it is full."),
            title: help(z.string().min(1).max(40).optional(), "On the stage; the name when missing."),
            drain: help(z.number().min(0).optional(), "Lost per second."),
            per: help(z.enum(["round", "show"]).optional(), "Emptied each round, or kept for the show (when missing)."),
          }),
        )
        .optional(),
      "Meters that rules fill and `on: meter` waits for.",
    ),
    counters: help(
      z
        .record(name, z.union([z.null(), z.strictObject({ of: variable.shape.of, per: variable.shape.per })]))
        .optional(),
      "Whole numbers that begin at 0 and are added to.",
    ),
    variables: help(z.record(name, variable).optional(), "Values that rules set and expressions read as vars.NAME."),
    groups: help(z.record(name, z.strictObject(limits)).optional(), "Limits that several rules share."),
    limits: help(z.strictObject(limits).optional(), "Limits that all rules share. Gifts wait for them too."),
    queues: help(
      z
        .record(
          name,
          z.strictObject({
            gap: help(durationSchema.optional(), "Between two starts."),
            atOnce: help(
              z.int().min(1).max(100).optional(),
              "Lasting effects that run at once; no bound when missing.",
            ),
            most: help(
              z.int().min(1).max(1000).optional(),
              "Free calls that may wait, 50 when missing. Gifts always find a place.",
            ),
          }),
        )
        .optional(),
      "Queues for rules whose effects must not pile up.",
    ),
    firstMatch: help(
      z.union([flag, oneOrMore(z.enum(Object.keys(triggers) as [TriggerName, ...TriggerName[]]))]).optional(),
      "Only the first rule that fires counts: for all events, or for these triggers.",
    ),
    allow: help(compliance.optional(), "Compliance findings you allow knowingly for the whole file."),
    rules: help(
      z
        .array(z.discriminatedUnion("on", ruleKinds(steps) as unknown as [z.ZodObject]))
        .max(maxRules)
        .optional(),
      "What happens when. All rules that fit an event fire, from top to bottom.",
    ),
    tests: help(
      z.array(testOf(game, actionName)).max(maxTests).optional(),
      "What these rules should do; `check` runs them.",
    ),
  });
}

/** Keys of a rule with this trigger, for hints. */
export function keysOfRule(on: TriggerName): string[] {
  return [
    "on",
    ...Object.keys(filterOf(on)),
    ...(on === "crowd" ? ["viewers", "within", "of"] : []),
    ...Object.keys(common),
    "do",
  ];
}
