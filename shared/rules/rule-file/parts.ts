/** The small parts of the rule file's shape: words, names, expressions, amounts. Parts with an `id` are written once in the JSON Schema. */
import { z } from "zod";
import { phaseNames } from "../../game/phases.ts";

/** Most entries of a list. */
export const maxListed = 200;
/** Longest expression or text. */
export const maxTextLength = 500;

/**
 * Says what a key is for, in the editor's help. With an `id` it is written once in the JSON Schema, under that name. What only stands
 * below keys has an id alone: its sentence would hide the key's.
 */
export const help = <T extends z.ZodType>(schema: T, description: string, id?: string): T =>
  schema.meta(id === undefined ? { description } : { id, description }) as T;
/** One word, or a short name. */
export const word = z.string().min(1).max(60);
/** A line, or an expression. */
export const text = z.string().min(1).max(maxTextLength);
/** One, or a list of them. */
export const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1).max(maxListed)]);
/** One word, or a list of them. */
export const wordOrWords = oneOrMore(word).meta({ id: "wordOrWords" });
/** Words, or `words.NAME` for a declared list; by language where wished: `{ en: [go], es: [corre] }`. */
export const words = z
  .union([word, z.array(word).min(1).max(maxListed), z.record(z.string(), wordOrWords)])
  .meta({ id: "words" });
/** A name that the file declares: of a word list, meter, variable, group, queue, gift alias. */
export const name = z
  .string()
  .regex(/^[A-Za-z]\w{0,39}$/, { error: "a name has letters, digits and _ only and begins with a letter" });
/** An expression where a number or flag is expected. */
export const expression = text.meta({ id: "expression", title: "expression" });
/** An expression where a text is expected. */
export const textExpression = z
  .string()
  .regex(/^=/)
  .max(maxTextLength)
  .meta({ id: "textExpression", title: "expression" });
/** How much to set, add or fill. */
export const amount = z.union([z.number(), expression]).meta({ id: "amount" });
/** A whole number of `least` or more. */
export const wholeFrom = (least: number) => z.int().min(least).max(100_000_000);
/** A gift by its name, id or declared alias. */
export const giftName = z.union([z.string().min(1).max(120), z.int()]).meta({ id: "giftName" });
/** A phase of the round. */
export const phase = z.enum(phaseNames).meta({ id: "phase" });
/** One of these words, each with its own help in the editor. */
export const enumOf = <Word extends string>(meanings: Readonly<Record<Word, string>>) =>
  z.enum(Object.keys(meanings) as [Word, ...Word[]]).meta({ enumDescriptions: Object.values(meanings) });
/** A state of a battle between streamers. */
export const battleState = z.enum(["preparing", "starting", "active", "ended"]);
/** true or false. */
export const flag = z.boolean();

/** What a viewer must be; of a test, what one is. */
export const viewerCondition = z
  .strictObject({
    follower: help(flag.optional(), "Follows the streamer, or does not."),
    subscriber: help(flag.optional(), "Is a subscriber, or is none."),
    moderator: help(flag.optional(), "Is a moderator, or is none."),
    owner: help(flag.optional(), "Is the streamer, or is somebody else."),
    team: help(wordOrWords.optional(), "Team or teams of the viewer."),
    platform: help(wordOrWords.optional(), "Platform or platforms: tiktok, twitch, youtube."),
    handle: help(wordOrWords.optional(), "The viewer's @name or names."),
    gifterLevel: help(wholeFrom(1).optional(), "Least gifter level."),
    teamLevel: help(wholeFrom(1).optional(), "Least level in the fan club."),
  })
  .meta({ id: "viewerCondition" });
