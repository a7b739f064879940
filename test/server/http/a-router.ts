/** A router on a real port of its own, as the operator's API mounts it: bodies parsed, failures answered in JSON. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express";

interface Call {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Starts it; `call` sends a request and gives status, headers and the answer's text (and JSON, when it is some). */
export async function aRouter(router: Router) {
  const failed: unknown[] = [];
  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    failed.push(error);
    if (!response.headersSent) response.status(500).json({ error: "failed" });
    else response.destroy();
  };
  let received = 0;
  let closed = 0;
  const count: RequestHandler = (_request, response, next) => {
    received++;
    response.once("close", () => closed++);
    next();
  };
  const http = createServer(express().use(count, express.json()).use(router).use(onError));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url,
    /** Errors that a handler left to the app. */
    failed,
    /** Requests that have come, and those that are over. */
    received: () => received,
    closed: () => closed,
    async call(path: string, { method = "GET", body, headers = {} }: Call = {}) {
      const isJson = body !== undefined;
      const response = await fetch(url + path, {
        method,
        ...(isJson ? { body: JSON.stringify(body) } : {}),
        headers: isJson ? { "content-type": "application/json", ...headers } : headers,
      });
      const text = Buffer.from(await response.arrayBuffer()).toString("utf8");
      const told = response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : undefined;
      return { status: response.status, headers: response.headers, text, body: told };
    },
    async stop(): Promise<void> {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export type RunningRouter = Awaited<ReturnType<typeof aRouter>>;
