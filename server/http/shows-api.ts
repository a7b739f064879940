/** /api/shows: the shows of this data folder, and each as one file that replays it anywhere. Mounted behind the operator's token. */
import { createGzip } from "node:zlib";
import { Router } from "express";
import { z } from "zod";
import { ShowFileError } from "../../shared/replay/show-file.ts";
import { storedShow } from "../recorded-show.ts";
import { linesOf } from "../show-export.ts";
import type { ShowRecord, Store } from "../store/store.ts";
import { checked } from "./checked.ts";
import { sendAsMade } from "./sending.ts";

const defaultShows = 50;
/** Each is read with its rule files. */
const maxShows = 200;
/** Exports at once: to make one takes time from the running show. */
const maxExports = 1;

const listQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(maxShows).default(defaultShows) });

export interface ShowsApiParts {
  /** The running show. */
  show: { readonly id: string };
  store: Pick<Store, "shows" | "show" | "journal" | "traces">;
  /** Resolves when all that has happened so far can be read, or cannot be written now. Never rejects. */
  settle(): Promise<void>;
}

/** Creates the router for `/api/shows`. */
export function createShowsApi({ show, store, settle }: ShowsApiParts): Router {
  const api = Router();
  let exports = 0;

  api.get("/", async (request, response) => {
    const error = "These shows cannot be listed.";
    const query = checked(listQuery, request.query, { response, whole: "address", error });
    if (!query) return;
    await settle();
    const records = await store.shows(query.limit);
    response.json({ shows: records.map((record) => summaryOf(record, show.id)) });
  });

  api.get("/:id/export", async (request, response) => {
    const { id } = request.params;
    await settle();
    const record = await store.show(id);
    if (!record) {
      response.status(404).json({ error: `There is no show "${id}"; /api/shows lists those there are.` });
    } else if (!record.hasJournal) {
      const error = `The journal of show ${id} was removed to save room; only its ledger and boards are kept.`;
      response.status(410).json({ error });
    } else if (exports >= maxExports) {
      response
        .status(429)
        .set("Retry-After", "10")
        .json({ error: "Another show is being exported. Try again when it is done." });
    } else {
      exports++;
      try {
        const texts = linesOf(storedShow(store, record));
        const name = `uproar-show-${id.replace(/[^\w.-]/g, "_")}.jsonl.gz`;
        await sendAsMade(texts, { response, begin: () => response.attachment(name), through: createGzip() });
      } catch (error) {
        if (!(error instanceof ShowFileError)) throw error;
        response.status(500).json({ error: `Show ${id} cannot be exported: ${error.message}.` });
      } finally {
        exports--;
      }
    }
  });
  return api;
}

/** A show as people see it: without what it began with, which is long. */
function summaryOf({ body, lastSeq, tick, endedAt, ...record }: ShowRecord, running: string) {
  const state = record.id === running ? "running" : endedAt === undefined ? "interrupted" : "ended";
  return { ...record, state, ticks: tick, endedAt: endedAt ?? null };
}
