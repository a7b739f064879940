/** What every server with a stage has in common: who is answered at all, the stage's pages, and what is said when something fails. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Application, type ErrorRequestHandler } from "express";
import type { AcceptsCaller } from "../trust.ts";
import { sameOriginOnly } from "./guard.ts";

const clientFolder = fileURLToPath(new URL("../../dist/client/", import.meta.url));

/** Refuses strangers' pages, and tells browsers to take answers for what they are. Comes before everything else. */
export function mountGuards(app: Application, accepts: AcceptsCaller): void {
  app.disable("x-powered-by");
  app.use(sameOriginOnly(accepts));
  app.use((_request, response, next) => {
    response.set({ "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" });
    next();
  });
}

/** The stage's page and all that it loads. */
export function mountStage(app: Application): void {
  app.get("/stage", (_request, response) => {
    response.set("Cache-Control", "no-cache").sendFile("stage/index.html", { root: clientFolder });
  });
  // Only names in assets/ change with their content; pages must be asked for anew.
  app.use("/assets", express.static(join(clientFolder, "assets"), { index: false, immutable: true, maxAge: "1y" }));
}

/** Says in JSON what is wrong with a request; never a stack trace. */
export const errorAnswer: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const status = error.status ?? 500;
  response.status(status).json({ error: status < 500 ? error.message : "Something failed here. The show goes on." });
};
