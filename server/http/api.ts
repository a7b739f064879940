/** The operator's addresses under /api. Every one needs the operator token; every answer is JSON but tables and lines that are asked for. */
import { randomUUID } from "node:crypto";
import express, { type ErrorRequestHandler, type Response, Router } from "express";
import { didYouMean } from "../../shared/rules/problem.ts";
import type { ActionTrial } from "../../shared/sim/input.ts";
import type { Bans } from "../bans.ts";
import type { Clock } from "../clock.ts";
import type { Show } from "../room/show.ts";
import type { ShowRules } from "../show-rules.ts";
import { type Store, StoreError } from "../store/store.ts";
import { createBansApi } from "./bans-api.ts";
import { type BoardsApiParts, createBoardsApi } from "./boards-api.ts";
import { checked } from "./checked.ts";
import { type ControlledShow, createControlApi } from "./control-api.ts";
import type { EventsApi } from "./events-api.ts";
import { createGameApi, type PlayingShow } from "./game-api.ts";
import { bearer } from "./guard.ts";
import { createLedgerApi } from "./ledger-api.ts";
import { createRulesApi } from "./rules-api.ts";
import { createSeasonsApi } from "./seasons-api.ts";
import { createShowsApi } from "./shows-api.ts";
import { actionTrialOf, liveEventOf, testActionSchema, testEventSchema } from "./test-event.ts";

/** Largest body taken. */
const maxBody = "64kb";

export interface ApiParts {
  show: Pick<Show, "id" | "snapshot" | "offer"> & BoardsApiParts["show"] & ControlledShow & PlayingShow;
  store: Store;
  rules: ShowRules;
  eventsApi: EventsApi;
  bans: Bans;
  /** Season that the running show counts for. */
  season: string;
  /** Resolves when all that has happened so far can be read from the store, or cannot be written now. Never rejects. */
  settle(): Promise<void>;
  operatorToken: string;
  clock: Clock;
}

/** Creates the router for `/api`. */
export function createApi(parts: ApiParts): Router {
  const { show, clock } = parts;
  const api = Router();
  api.use(bearer(parts.operatorToken, "operator"));
  // Before the small limit of the others: a rule file may be larger.
  api.use("/rules", createRulesApi(parts.rules));
  api.use("/events", parts.eventsApi.router);
  api.use(express.json({ limit: maxBody }));

  api.get("/snapshot", (_request, response) => {
    response.json(show.snapshot());
  });

  api.use("/ledger", createLedgerApi(parts));
  api.use("/boards", createBoardsApi(parts));
  api.use("/shows", createShowsApi(parts));
  api.use("/seasons", createSeasonsApi(parts));
  api.use("/bans", createBansApi(parts.bans, clock));
  api.use("/control", createControlApi(show));
  api.use("/game", createGameApi(show));

  api.post("/test-event", (request, response) => {
    const error = "This is no test event.";
    const isAction = typeof request.body === "object" && request.body !== null && "action" in request.body;
    if (isAction) {
      const body = checked(testActionSchema, request.body, { response, whole: "body", error });
      if (body) tryAction(actionTrialOf(body), show, response);
      return;
    }
    const body = checked(testEventSchema, request.body, { response, whole: "body", error });
    if (!body) return;
    const event = liveEventOf(body, randomUUID(), clock.now());
    show.offer(event);
    response.status(202).json({ id: event.id });
  });

  api.use((_request, response) => {
    response.status(404).json({ error: "There is no such address under /api." });
  });
  api.use(storeAnswer);
  return api;
}

/** Has the game that plays try an action; what it does not know is told at once. */
function tryAction(trial: ActionTrial, show: ApiParts["show"], response: Response): void {
  const { game, phase, world } = show.simulation;
  const action = Object.hasOwn(game.actions, trial.action) ? game.actions[trial.action] : undefined;
  const params = action?.params.safeParse(trial.params);
  if (!params) {
    const names = Object.keys(game.actions);
    const error = `${game.title} has no action "${trial.action}".${didYouMean(trial.action, names)}`;
    response.status(400).json({ error, actions: names });
  } else if (!params.success) {
    const problems = params.error.issues.map(({ path, message }) => `${["params", ...path].join(".")}: ${message}`);
    response.status(400).json({ error: `The action "${trial.action}" does not take this.`, problems });
  } else {
    show.act(trial);
    response.status(202).json({ game: game.id, phase: phase.name, tick: world.tick });
  }
}

/** A store that refuses says itself what to do. */
const storeAnswer: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof StoreError && !response.headersSent) response.status(503).json({ error: error.message });
  else next(error);
};
