/** TikTool's whole service played by a test: requests, and sockets on all its paths; what is asked is written down. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** One request as it came. */
export interface Asked {
  path: string;
  query: Record<string, string>;
  key: string | undefined;
  body: unknown;
}

export interface TiktoolService {
  url: string;
  /** Requests so far. */
  asked: Asked[];
  /** Paths and queries of all sockets opened so far. */
  dialled: string[];
  /** Sockets open now on a path. */
  on(path: string): WebSocket[];
  stop(): Promise<void>;
}

export interface ServiceScript {
  /** Answers requests by path: a status and a body, or never. 404 for others. */
  answers?: Record<string, (asked: Asked) => [status: number, body: object] | "never">;
  /** Told of each socket by path. */
  sockets?: Record<string, (socket: WebSocket, request: IncomingMessage) => void>;
}

/** Starts the service. */
export async function startTiktoolService({ answers = {}, sockets = {} }: ServiceScript): Promise<TiktoolService> {
  const asked: Asked[] = [];
  const dialled: string[] = [];
  const open = new Map<WebSocket, string>();
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { pathname: path, searchParams } = new URL(request.url ?? "", "http://localhost");
    const key = request.headers["x-api-key"] as string | undefined;
    const question = { path, query: Object.fromEntries(searchParams), key, body: text && JSON.parse(text) };
    asked.push(question);
    const answer = answers[path]?.(question) ?? [404, { message: "no such address" }];
    if (answer === "never") return;
    const [status, body] = answer;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  const upgrades = new WebSocketServer({ server });
  upgrades.on("connection", (socket, request) => {
    const path = new URL(request.url ?? "", "http://localhost").pathname;
    dialled.push(request.url ?? "");
    open.set(socket, path);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    sockets[path]?.(socket, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    dialled,
    on: (path) => [...open].filter(([, itsPath]) => itsPath === path).map(([socket]) => socket),
    async stop() {
      for (const socket of upgrades.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A JWT that ends at `endMs`, ms since 1970; its signature means nothing. */
export function aJwt(endMs: number, serial: number = 0): string {
  const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part({ serial, exp: Math.floor(endMs / 1000) })}.c2ln`;
}
