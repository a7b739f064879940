/** /api/game: what the games of the show declare, so that a dashboard can draw buttons and forms for them. Mounted behind the operator's token. */
import { Router } from "express";
import { z } from "zod";
import { type AnyGame, actingPhases } from "../../shared/game/define.ts";
import { phaseNames, phaseSeconds } from "../../shared/game/phases.ts";
import type { Simulation } from "../../shared/sim/simulation.ts";

/** What a game declares, as plain JSON. */
export interface DeclaredGame {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Of a round under the rules that hold, in their order; those of no length are skipped. */
  readonly phases: readonly { readonly name: string; readonly seconds: number }[];
  readonly actions: readonly {
    readonly name: string;
    readonly title: string;
    readonly summary: string;
    /** In which it can act. */
    readonly phases: readonly string[];
    /** JSON Schema. */
    readonly params: object;
  }[];
  /** JSON Schema, and what the rules set. */
  readonly options: object;
  readonly set: unknown;
  /** What counts on each board. */
  readonly boards: AnyGame["boards"];
}

/** A game's declaration; `set` are the options that its rules set. */
export function declaredGame(game: AnyGame, set: unknown): DeclaredGame {
  const { id, title, summary, boards } = game;
  const seconds = phaseSeconds(game.phases, set);
  return {
    ...{ id, title, summary },
    phases: phaseNames.filter((name) => seconds[name] > 0).map((name) => ({ name, seconds: seconds[name] })),
    actions: Object.entries(game.actions).map(([name, action]) => ({
      name,
      title: action.title,
      summary: action.summary,
      phases: actingPhases(action),
      params: z.toJSONSchema(action.params, { io: "input" }),
    })),
    options: z.toJSONSchema(game.options, { io: "input" }),
    set,
    boards,
  };
}

/** The show, as far as its games go. */
export interface PlayingShow {
  readonly simulation: Pick<Simulation, "game" | "playlist" | "turn" | "rulesOf">;
}

/** Creates the router for `/api/game`. */
export function createGameApi(show: PlayingShow): Router {
  const api = Router();
  api.get("/", (_request, response) => {
    const { game, playlist, turn, rulesOf } = show.simulation;
    const games = [...new Map(playlist.map((entry) => [entry.game.id, entry.game])).values()];
    response.json({
      playing: game.id,
      turn,
      playlist: playlist.map((entry) => ({ game: entry.game.id, rounds: entry.rounds })),
      games: games.map((each) => declaredGame(each, rulesOf.call(show.simulation, each.id)?.rules.options)),
    });
  });
  return api;
}
