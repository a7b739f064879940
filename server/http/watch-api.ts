/** /api of a recorded show that is watched: where it is, its timeline, and the controls. Every address needs the operator token. */
import express, { Router } from "express";
import { z } from "zod";
import { maxSpeed, minSpeed } from "../watch/speeds.ts";
import type { Timeline } from "../watch/timeline.ts";
import type { WatchedShow } from "../watch/watched-show.ts";
import { checked } from "./checked.ts";
import { bearer } from "./guard.ts";

/** Largest body taken. */
const maxBody = "4kb";

const bodySchema = z.discriminatedUnion("act", [
  z.strictObject({ act: z.enum(["pause", "resume"]) }),
  z.strictObject({ act: z.literal("speed"), speed: z.number().min(minSpeed).max(maxSpeed) }),
  /** To a tick of the show, 60 a second; beyond the end means the end. */
  z.strictObject({ act: z.literal("seek"), tick: z.number().min(0).max(Number.MAX_SAFE_INTEGER) }),
]);

export interface WatchApiParts {
  readonly show: Pick<WatchedShow, "pause" | "resume" | "setSpeed" | "seek" | "status">;
  readonly timeline: Timeline;
  readonly operatorToken: string;
}

/** Creates the router for `/api`. */
export function createWatchApi({ show, timeline, operatorToken }: WatchApiParts): Router {
  const api = Router();
  api.use(bearer(operatorToken, "operator"));
  api.use(express.json({ limit: maxBody }));
  api.get("/watch", (_request, response) => {
    response.set("Cache-Control", "no-store").json(show.status());
  });
  api.get("/timeline", (_request, response) => {
    response.json(timeline);
  });
  api.post("/control", (request, response) => {
    const error = "This is nothing that a watched show can be told.";
    const body = checked(bodySchema, request.body, { response, whole: "body", error });
    if (!body) return;
    if (body.act === "speed") show.setSpeed(body.speed);
    else if (body.act === "seek") show.seek(body.tick);
    else if (body.act === "pause") show.pause();
    else show.resume();
    response.status(202).json(show.status());
  });
  api.use((_request, response) => {
    response.status(404).json({ error: "There is no such address under /api." });
  });
  return api;
}
