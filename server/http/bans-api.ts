/** /api/bans: who may not play, by stable id, at once and for all shows to come. Mounted behind the operator's token. */
import { Router } from "express";
import { z } from "zod";
import type { Bans } from "../bans.ts";
import type { Clock } from "../clock.ts";
import { checked } from "./checked.ts";

const example = "tiktok:6892636847263982501";
/** A viewer's key. What stands before the first colon is the platform; ids may hold colons of their own. */
const viewer = z
  .string()
  .max(161)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a key
  .regex(/^[^\s:\x00-\x1f]{1,32}:[^\x00-\x1f]{1,128}$/, {
    error: `Give the platform and the viewer's stable id with a colon between, such as ${example}. /api/ledger/viewers lists them as "key"; handles change and do not do.`,
  });
const banSchema = z.strictObject({ viewer, reason: z.string().trim().max(200).default("") });
const unbanSchema = z.strictObject({ viewer });

/** Creates the router for `/api/bans`. Needs the body parsed. */
export function createBansApi(bans: Bans, clock: Clock): Router {
  const api = Router();
  const error = "This names no viewer that can be banned.";

  api.get("/", (_request, response) => {
    response.json({ bans: [...bans.list()].sort((a, b) => b.at - a.at) });
  });

  api.post("/", async (request, response) => {
    const body = checked(banSchema, request.body, { response, whole: "body", error });
    if (!body) return;
    const isNew = !bans.has(body.viewer);
    const ban = { ...body, at: clock.now() };
    await bans.add(ban);
    response.status(isNew ? 201 : 200).json(ban);
  });

  api.delete("/", async (request, response) => {
    const body = checked(unbanSchema, request.body, { response, whole: "body", error });
    if (!body) return;
    const wasBanned = bans.has(body.viewer);
    // Also when it seems to be done: the store may have refused to keep it the last time.
    await bans.remove(body.viewer);
    if (wasBanned) response.status(204).end();
    else response.status(404).json({ error: `${body.viewer} is not banned.` });
  });
  return api;
}
