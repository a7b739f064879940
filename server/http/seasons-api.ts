/**
 * /api/seasons: spans of shows whose scores are ranked together. A show counts for the season it began with: a new season holds from
 * the next show on, and the one that runs ends in its own. Mounted behind the operator's token.
 */
import { Router } from "express";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/store.ts";
import { checked } from "./checked.ts";

const setting = "seasons";
/** What all shows count for until a first season is begun. */
const firstSeason = { name: "Season 1", begunAt: undefined };
/** Longest list kept; a season a week for 19 years. */
const maxSeasons = 1000;

const storedSchema = z.array(z.strictObject({ name: z.string(), begunAt: z.number() }));
const bodySchema = z.strictObject({
  name: z.string().trim().min(1, "Give the season a name.").max(60),
});

export interface Season {
  readonly name: string;
  /** ms since 1970; undefined for the one that was there from the beginning. */
  readonly begunAt: number | undefined;
}

type Settings = Pick<Store, "setting" | "saveSetting">;

/** All seasons, oldest first; shows that begin now count for the last. */
async function seasonsOf(store: Pick<Store, "setting">): Promise<Season[]> {
  const stored = storedSchema.safeParse((await store.setting(setting)) ?? []);
  return [firstSeason, ...(stored.data ?? [])];
}

/** Name of the season that a show counts for when it begins now. */
export async function seasonOfNextShow(store: Pick<Store, "setting">): Promise<string> {
  return (await seasonsOf(store)).at(-1)!.name;
}

export interface SeasonsApiParts {
  store: Settings;
  /** Season of the running show. */
  season: string;
  clock: Clock;
}

/** Creates the router for `/api/seasons`. Needs the body parsed. */
export function createSeasonsApi({ store, season, clock }: SeasonsApiParts): Router {
  const api = Router();
  /** Two that are begun at the same time are begun one after the other. */
  let queue: Promise<unknown> = Promise.resolve();

  /** Begins one; what stands against it, "" for nothing. */
  const begin = async (name: string): Promise<string> => {
    const known = await seasonsOf(store);
    if (known.some((other) => other.name === name))
      return `There is a season "${name}" already. Give the new one another name.`;
    if (known.length >= maxSeasons) return `There are ${known.length} seasons; no more can be kept.`;
    await store.saveSetting(setting, [...known.slice(1), { name, begunAt: clock.now() }]);
    return "";
  };

  api.get("/", async (_request, response) => {
    const seasons = await seasonsOf(store);
    response.json({ running: season, next: seasons.at(-1)!.name, seasons });
  });

  api.post("/", async (request, response) => {
    const error = "This begins no season.";
    const body = checked(bodySchema, request.body, { response, whole: "body", error });
    if (!body) return;
    const begun = queue.then(() => begin(body.name));
    queue = begun.catch(() => undefined);
    const reason = await begun;
    if (reason) response.status(409).json({ error: reason });
    else response.status(201).json({ running: season, next: body.name });
  });
  return api;
}
