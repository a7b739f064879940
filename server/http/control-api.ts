/** /api/control: the operator holds the show, lets it go on, or ends a phase or a round. Mounted behind the operator's token. */
import { Router } from "express";
import { z } from "zod";
import type { PhaseView } from "../../shared/game/phases.ts";
import { type OperatorAct, operatorActs } from "../../shared/sim/input.ts";
import { checked } from "./checked.ts";

/** What an operator can do. "pause" and "resume" hold the beat; the others enter the show like an event. */
const controlActs = ["pause", "resume", ...operatorActs] as const;

const bodySchema = z.strictObject({ act: z.enum(controlActs) });

/** The show, as far as it takes orders. */
export interface ControlledShow {
  readonly simulation: {
    readonly phase: Pick<PhaseView, "name" | "round">;
    readonly world: { readonly tick: number };
  };
  /** While true no tick runs. */
  isPaused: boolean;
  /** Enters with a following tick; while the show is paused, with the first after it. */
  act(act: OperatorAct): void;
}

/** Creates the router for `/api/control`. Needs the body parsed. */
export function createControlApi(show: ControlledShow): Router {
  const api = Router();
  api.post("/", (request, response) => {
    const error = "This is nothing that the show can be told.";
    const body = checked(bodySchema, request.body, { response, whole: "body", error });
    if (!body) return;
    const { act } = body;
    if (act === "pause" || act === "resume") show.isPaused = act === "pause";
    else show.act(act);
    const { phase, world } = show.simulation;
    // Where the show is now: what ends a phase or a round is seen some ticks later.
    response.status(202).json({ paused: show.isPaused, phase: phase.name, round: phase.round, tick: world.tick });
  });
  return api;
}
