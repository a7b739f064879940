/** What every server with a stage has in common: who is answered at all, the stage's pages, and what is said when something fails. */
import { join } from "node:path";
import express, { type Application, type ErrorRequestHandler } from "express";
import { projectFolder } from "../project.ts";
import type { AcceptsCaller } from "../trust.ts";
import { sameOriginOnly } from "./guard.ts";

const clientFolder = join(projectFolder, "dist", "client");

/** Refuses strangers' pages, and tells browsers to take answers for what they are. Comes before everything else. */
export function mountGuards(app: Application, accepts: AcceptsCaller): void {
  app.disable("x-powered-by");
  app.use(sameOriginOnly(accepts));
  app.use((_request, response, next) => {
    response.set({ "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" });
    next();
  });
}

/** The stage's page and all that it loads, but for views of games that do not come with Uproar. */
export function mountStage(app: Application): void {
  app.get("/stage", (_request, response) => {
    response.set("Cache-Control", "no-cache").sendFile("stage/index.html", { root: clientFolder });
  });
  // A view keeps its name when its content changes.
  app.use(
    "/views",
    express.static(join(clientFolder, "views"), {
      index: false,
      setHeaders: (response) => void response.setHeader("Cache-Control", "no-cache"),
    }),
  );
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
