/** The shape of `tests`: what happens, and which actions follow. */
import { z } from "zod";
import { maxGiftCount } from "../../events/live-event.ts";
import type { AnyGame } from "../../game/define.ts";
import { durationSchema } from "../duration.ts";
import {
  battleState,
  giftName,
  help,
  maxListed,
  maxTextLength,
  phase,
  text,
  viewerCondition,
  wholeFrom,
  word,
} from "./parts.ts";
import { actionsOf } from "./steps.ts";

/** Units of one gift event (events/live-event.ts has the same bound). */
const units = z.int().min(1).max(maxGiftCount);
const happens = (what: string) => help(z.literal(true).optional(), `true: ${what}.`);
const toldText = (what: string) => help(z.string().max(maxTextLength).optional(), what);

/** An event or pause in a test. */
const testStep = z
  .strictObject({
    chat: toldText("A comment."),
    gift: help(giftName.optional(), "Name or id of a gift that is sent."),
    "combo.end": help(giftName.optional(), "Name or id of the gift whose combo ends."),
    likes: help(wholeFrom(1).optional(), "Likes of this viewer; the room's total grows by as many."),
    join: happens("a viewer comes in"),
    follow: happens("a viewer follows"),
    share: happens("a viewer shares the stream"),
    subscribe: happens("a viewer subscribes"),
    emote: help(word.optional(), "Id of an emote that is sent."),
    raid: help(wholeFrom(0).optional(), "So many people are brought over."),
    redeem: help(z.string().min(1).max(120).optional(), "Title of a reward that is redeemed."),
    envelope: happens("a treasure chest appears"),
    pin: toldText("Text of a comment that is pinned."),
    intro: toldText("The room's introduction."),
    caption: toldText("What the host says."),
    battle: help(battleState.optional(), "State a battle comes into."),
    battleScores: help(z.array(z.int()).max(16).optional(), "New scores of a battle."),
    viewers: help(wholeFrom(0).optional(), "So many people watch now."),
    streamStart: happens("the stream is live"),
    streamEnd: happens("the stream has ended"),
    error: help(z.string().max(200).optional(), "A source is in trouble, in these words."),
    wait: help(durationSchema.optional(), "Time passes."),
    phase: help(phase.optional(), "This phase begins."),
    by: help(word.optional(), "Handle of who does it; ana when missing."),
    viewer: help(viewerCondition.optional(), "What the viewer is."),
    source: help(word.optional(), "Source the event comes from."),
    count: help(units.optional(), "Units of a gift; subscriptions given."),
    value: help(z.number().min(0).optional(), "Price of one unit in diamonds; 1 when missing."),
    combo: help(units.optional(), "Running total of the combo this gift is a step of."),
    months: help(wholeFrom(0).optional(), "Months of a subscription."),
  })
  .meta({ id: "testStep" });

/** One test. `actionName` as of `actionNames`. */
export const testOf = (game: AnyGame, actionName: z.ZodType) => {
  const expectedParams = z.record(z.string(), z.unknown()).nullable().meta({ id: "expectedParams" });
  const call = z
    .strictObject({
      ...Object.fromEntries(
        actionsOf(game).map(([action, { summary }]) => [action, help(expectedParams.optional(), summary)]),
      ),
      by: help(word.optional(), "Handle of whose body moves."),
      rule: help(word.optional(), "Id of the rule that calls it."),
      times: help(z.int().min(1).max(100).optional(), "So often in a row."),
    })
    .meta({ id: "expectedCall" });
  return z.strictObject({
    name: help(text, "What it shows, as a sentence."),
    in: help(phase.optional(), "Phase it begins in; play when missing."),
    given: help(z.union([testStep, z.array(testStep).min(1).max(maxListed)]), "What happens: one event, or a list."),
    expect: help(
      z.union([z.literal("nothing"), actionName, call, z.array(z.union([actionName, call])).max(maxListed)]),
      "Exactly these actions, in this order; `nothing` for none.",
    ),
  });
};
