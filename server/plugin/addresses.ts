/** Addresses of a room's live events, for the room's own HTTP server: ledger, events, rules, bans, and where programs push events to. */
import { randomUUID } from "node:crypto";
import express, { Router } from "express";
import type { Bans } from "../bans.ts";
import type { Clock } from "../clock.ts";
import { createBansApi } from "../http/bans-api.ts";
import { checked } from "../http/checked.ts";
import { createEventsApi } from "../http/events-api.ts";
import { bearer } from "../http/guard.ts";
import { createIngestApi } from "../http/ingest-api.ts";
import { createLedgerApi } from "../http/ledger-api.ts";
import { createRulesApi } from "../http/rules-api.ts";
import { errorAnswer } from "../http/stage-pages.ts";
import { liveEventOf, testEventSchema } from "../http/test-event.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { LiveRules } from "../live-rules.ts";
import type { Show } from "../room/show.ts";
import type { Tokens } from "../store/data-folder.ts";
import type { Store } from "../store/store.ts";

/** Largest body taken. */
const maxBody = "64kb";

export interface AddressParts {
  readonly show: Show;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly rules: LiveRules;
  readonly bans: Bans;
  readonly tokens: Tokens;
  readonly clock: Clock;
  /** Starts the source that takes what programs push. */
  startPushed(): void;
  /** False while the room stops. */
  isReady(): boolean;
}

export interface Addresses {
  /** For `app.use("/live", ...)`: /live/api/ledger and so on. */
  readonly router: Router;
  stop(): Promise<void>;
}

/** Creates them. Every one needs a token: that of programs for /api/ingest, that of the operator for the others. */
export function createAddresses(parts: AddressParts): Addresses {
  const { show, store, ingest, rules, bans, tokens, clock, isReady } = parts;
  const events = createEventsApi({ log: show.log, rules, clock });
  const pushed = createIngestApi({
    ...{ ingest, clock, isReady, startSource: parts.startPushed, token: tokens.ingest },
    // Asked of WebSockets alone, which the room's own server takes.
    accepts: () => false,
    whenSafe: () => show.whenSafe(),
  });
  const api = Router();
  api.use(bearer(tokens.operator, "operator"));
  api.use("/rules", createRulesApi({ of: () => rules }));
  api.use("/events", events.router);
  api.use("/ledger", createLedgerApi({ show, store, settle: async () => void (await show.whenSafe()) }));
  api.use(express.json({ limit: maxBody }));
  api.use("/bans", createBansApi(bans, clock));
  api.post("/test-event", (request, response) => {
    const error = "This is no test event.";
    const body = checked(testEventSchema, request.body, { response, whole: "body", error });
    if (!body) return;
    const event = liveEventOf(body, randomUUID(), clock.now());
    show.offer(event);
    response.status(202).json({ id: event.id });
  });
  api.use((_request, response) => {
    response.status(404).json({ error: "There is no such address of these live events." });
  });
  const router = Router();
  router.use("/api/ingest", pushed.router);
  router.use("/api", api);
  router.use(errorAnswer);
  return {
    router,
    async stop() {
      events.stop();
      await pushed.stop();
    },
  };
}
