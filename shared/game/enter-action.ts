/** The action by which viewers join, for games that want no more of it than a body: `actions: { enter: enterAction, ... }`. */
import { z } from "zod";
import { type ActionDefinition, actionsFor } from "./define.ts";
import { phaseNames } from "./phases.ts";

/** Enrols the viewer and gives them a body; who must wait for the next round is told so. */
// biome-ignore lint/suspicious/noExplicitAny: it serves games of every type
export const enterAction: ActionDefinition<any, any, any, { returns: z.ZodDefault<z.ZodBoolean> }> = actionsFor<
  unknown,
  unknown
>()({
  title: "Join",
  summary: "Gives the viewer a body; brings it back where the game allows it.",
  params: z.object({
    returns: z
      .boolean()
      .default(true)
      .meta({ description: "Whether it also brings back a body that is out of this round." }),
  }),
  phases: phaseNames,
  apply(_game, { returns }, act, show) {
    show.players.enter(act, { returns });
    // Waiting for the next round is an answer too: nothing is left to do for this act.
    return undefined;
  },
});
