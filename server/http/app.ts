/** All HTTP addresses on one port, in one place: pages, health, metrics, pictures and the operator's API. */
import type { Application, Router } from "express";
import type { Bans } from "../bans.ts";
import type { Clock } from "../clock.ts";
import type { Ingest } from "../ingest/ingest.ts";
import { maxToldProblems } from "../live-rules.ts";
import type { Show } from "../room/show.ts";
import type { RoomCounters } from "../room/show-room.ts";
import type { ShowRules } from "../show-rules.ts";
import type { Store } from "../store/store.ts";
import type { AcceptsCaller } from "../trust.ts";
import { createApi } from "./api.ts";
import type { Avatars } from "./avatars.ts";
import type { EventsApi } from "./events-api.ts";
import { type IngestApi, ingestPath } from "./ingest-api.ts";
import { createMetrics } from "./metrics.ts";
import { createRuleSchemas } from "./rule-schemas.ts";
import { errorAnswer, mountGuards, mountStage } from "./stage-pages.ts";

export interface AppParts {
  show: Show;
  store: Store;
  ingest: Pick<Ingest, "counters">;
  room: RoomCounters;
  avatars: Pick<Avatars, "router" | "counters">;
  ingestApi: Pick<IngestApi, "router" | "counters">;
  rules: ShowRules;
  eventsApi: EventsApi;
  bans: Bans;
  /** Views of games that do not come with Uproar. */
  views: Router;
  /** Season that the running show counts for. */
  season: string;
  /** Resolves when all that has happened so far can be read from the store, or cannot be written now. Never rejects. */
  settle(): Promise<void>;
  /** HTML of the page at `/`, for a request's token and host. */
  startPage(token: string, host: string): string;
  operatorToken: string;
  version: string;
  clock: Clock;
  accepts: AcceptsCaller;
  /** False until the show runs, and while it stops. */
  isReady(): boolean;
}

/** Mounts everything on the transport's Express app. */
export function mountApp(app: Application, parts: AppParts): void {
  const { show, clock } = parts;
  const startedAt = clock.now();
  const metrics = createMetrics({
    show,
    room: parts.room,
    ingest: parts.ingest,
    avatars: parts.avatars,
    ingestApi: parts.ingestApi,
    rules: parts.rules,
    eventsApi: parts.eventsApi,
  });
  mountGuards(app, parts.accepts);

  app.get("/health", (_request, response) => {
    const { simulation, id, tickRateHz } = show;
    const isReady = parts.isReady();
    const { file, loadedAt, problems, trouble: rulesTrouble } = parts.rules.status();
    const trouble = [show.trouble, rulesTrouble].filter((text) => text !== "").join(" ");
    response.status(isReady ? 200 : 503).json({
      status: isReady ? (trouble ? "degraded" : "ok") : "starting",
      ...(trouble ? { trouble } : {}),
      version: parts.version,
      uptimeSeconds: Math.round((clock.now() - startedAt) / 1000),
      shows: [
        {
          id,
          game: simulation.game.id,
          playlist: simulation.playlist.map(({ game, rounds }) => ({ game: game.id, rounds })),
          turn: simulation.turn,
          paused: show.isPaused,
          phase: simulation.phase.name,
          round: simulation.phase.round,
          tick: simulation.world.tick,
          tickRateHz,
          sources: show.sources(),
          store: { trouble: show.trouble, heldGifts: show.intake.heldGifts },
          rules: {
            file,
            loadedAt,
            ...(rulesTrouble ? { trouble: rulesTrouble } : {}),
            problems: problems.slice(0, maxToldProblems),
          },
        },
      ],
    });
  });

  app.get("/metrics", async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });

  app.use(ingestPath, parts.ingestApi.router);
  app.use("/api", createApi(parts));
  app.use("/rules", createRuleSchemas());
  app.use(parts.avatars.router);
  app.get("/", (request, response) => {
    response.type("html").send(parts.startPage(String(request.query.token ?? ""), request.headers.host ?? ""));
  });
  app.use("/views", parts.views);
  mountStage(app);
  app.use(errorAnswer);
}
