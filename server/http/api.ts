/** The operator's addresses under /api. Every one needs the operator token; every answer is JSON (the ledger: a row a line). */
import { randomUUID } from "node:crypto";
import express, { type Request, type Response, Router } from "express";
import type { Clock } from "../clock.ts";
import type { LiveRules } from "../live-rules.ts";
import type { Show } from "../room/show.ts";
import type { Store } from "../store/store.ts";
import type { EventsApi } from "./events-api.ts";
import { bearer } from "./guard.ts";
import { createRulesApi } from "./rules-api.ts";
import { liveEventOf, testEventSchema } from "./test-event.ts";

/** Largest body taken. */
const maxBody = "64kb";

export interface ApiParts {
  show: Show;
  store: Store;
  rules: LiveRules;
  eventsApi: EventsApi;
  operatorToken: string;
  clock: Clock;
}

/** Creates the router for `/api`. */
export function createApi({ show, store, rules, eventsApi, operatorToken, clock }: ApiParts): Router {
  const api = Router();
  api.use(bearer(operatorToken, "operator"));
  // Before the small limit of the others: a rule file may be larger.
  api.use("/rules", createRulesApi(rules));
  api.use("/events", eventsApi.router);
  api.use(express.json({ limit: maxBody }));

  api.get("/snapshot", (_request, response) => {
    response.json(show.snapshot());
  });

  api.get("/ledger", async (request, response) => {
    response.type("application/x-ndjson");
    await writeLedger(store, String(request.query.show ?? ""), response);
    response.end();
  });

  api.post("/test-event", (request: Request, response: Response) => {
    const body = testEventSchema.safeParse(request.body);
    if (!body.success) {
      const problems = body.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
      response.status(400).json({ error: "This is no test event.", problems });
      return;
    }
    const event = liveEventOf(body.data, randomUUID(), clock.now());
    show.offer(event);
    response.status(202).json({ id: event.id });
  });

  api.use((_request, response) => {
    response.status(404).json({ error: "There is no such address under /api." });
  });
  return api;
}

async function writeLedger(store: Store, show: string, response: Response): Promise<void> {
  let after = "";
  do {
    const page = await store.ledger({ ...(show ? { show } : {}), after });
    let lines = "";
    for (const row of page.rows) lines += `${JSON.stringify(row)}\n`;
    // A slow reader holds back the next page instead of filling memory.
    if (lines && !response.write(lines))
      await new Promise((resume) => response.once("drain", resume).once("close", resume));
    after = response.destroyed ? "" : page.next;
  } while (after);
}
