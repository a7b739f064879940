/** The rule file's shape: triggers, limits and calls, checked against the game it belongs to. */
import { z } from "zod";
import { tierNames } from "../game/tiers.ts";
import { durationSchema } from "./duration.ts";

/** Most rules in one file, most calls in one rule. */
export const maxRules = 500;
export const maxCalls = 10;

const words = z.union([z.string().min(1).max(60), z.array(z.string().min(1).max(60)).min(1).max(100)]);
const giftNames = z.union([
  z.string().min(1).max(120),
  z.number().int(),
  z.array(z.union([z.string().min(1), z.number().int()])).min(1),
]);
const tier = z.enum(tierNames);

const common = {
  /** Names the rule in the ledger and in traces; `rule-N` when missing. */
  id: z
    .string()
    .regex(/^[\w-]{1,60}$/, { error: "an id has letters, digits, - and _ only" })
    .optional(),
  /** At most once in this time, per viewer or for everyone. A gift is never lost to it: it waits. */
  cooldown: z.strictObject({ viewer: durationSchema.optional(), everyone: durationSchema.optional() }).optional(),
  /** An action, `{action: {param: value}}`, or a list of them; checked apart, against the game's declarations. */
  do: z.unknown().optional(),
};

const plain = <const T extends string>(on: T) => z.strictObject({ on: z.literal(on), ...common });

/** One rule, told apart by its trigger. */
export const ruleSchema = z.discriminatedUnion("on", [
  z.strictObject({
    on: z.literal("chat"),
    ...common,
    /** Word(s) the comment starts with, with or without "!"; "@" for a comment that names somebody. Any comment when missing. */
    command: words.optional(),
  }),
  z.strictObject({
    on: z.literal("gift"),
    ...common,
    /** Name(s) or id(s). A rule that names the gift goes before rules by tier. */
    gift: giftNames.optional(),
    tier: z.union([tier, z.array(tier).min(1)]).optional(),
  }),
  z.strictObject({
    on: z.literal("combo.end"),
    ...common,
    gift: giftNames.optional(),
    tier: z.union([tier, z.array(tier).min(1)]).optional(),
  }),
  z.strictObject({
    on: z.literal("likes"),
    ...common,
    /** Likes of the whole room that fill the meter once. */
    every: z.number().int().min(1).max(10_000_000),
  }),
  plain("like"),
  plain("join"),
  plain("follow"),
  plain("share"),
  plain("subscribe"),
  plain("emote"),
  plain("envelope"),
  plain("pin"),
  plain("intro"),
  plain("caption"),
  plain("battle"),
  plain("battleScores"),
  plain("streamStart"),
  plain("streamEnd"),
  plain("raid"),
  plain("redeem"),
  plain("error"),
  z.strictObject({
    on: z.literal("viewers"),
    ...common,
    /** Fires when the number of people watching reaches this from below. */
    reaches: z.number().int().min(1),
  }),
]);
export type Rule = z.infer<typeof ruleSchema>;
export type TriggerName = Rule["on"];

/** Triggers a rule may name after `on:`. */
export const triggerNames = ruleSchema.options.map((option) => option.shape.on.value) as TriggerName[];

const tierValue = z.number().min(0).max(10_000_000);

/** The file without its rules, which are checked one by one so that each error finds its place. */
export const ruleFileSchema = z.strictObject({
  game: z.string().min(1),
  options: z.unknown().optional(),
  /** Smallest unit value of each tier, in diamonds. */
  tiers: z
    .strictObject({ T1: tierValue, T2: tierValue, T3: tierValue, T4: tierValue, T5: tierValue, T6: tierValue })
    .partial()
    .optional(),
  rules: z.array(z.unknown()).min(1, { error: "a rule file needs at least one rule" }).max(maxRules),
});
