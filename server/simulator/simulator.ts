/** Simulator: a simulated audience behind a real WebSocket server that speaks a provider's protocol (protocols 1, 4.2, 5 and 14.4). */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { type Clock, systemClock } from "../clock.ts";
import { drawAvatar } from "./avatar.ts";
import type { FaultName } from "./faults.ts";
import { type ProtocolId, protocols } from "./protocols.ts";
import type { Scenario } from "./scenario.ts";
import { type Broadcast, createStage } from "./stage.ts";

const maxConnections = 100;
const maxAvatars = 500;

export interface SimulatorOptions {
  /** Whose protocol it speaks. Default tiktool. */
  protocol?: ProtocolId;
  scenario: Scenario;
  /** 32-bit whole number: the same scenario and seed make the same audience. */
  seed: number;
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  clock?: Clock;
  /** Handles that are not live. Default "offline". */
  offline?: readonly string[];
  /** Keys that are let in. Default: every key, and none. */
  keys?: readonly string[];
  /**
   * What goes wrong (faults.ts). With it, even when empty, the broadcast goes on while nobody listens, what happens meanwhile is kept,
   * and `sent` tells what has arrived. Default: nothing, and the audience rests while nobody listens.
   */
  faults?: ReadonlySet<FaultName>;
  /** How long a line lives on average until a fault ends it, ms. Default 8000. */
  lineMs?: number;
  /** Wait for `begin` before anything happens. Default false. */
  waits?: boolean;
}

export interface Simulator extends Broadcast {
  /** Address for clients: `ws://host:port`. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the server. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = "127.0.0.1", port = 0, protocol = "tiktool", clock = systemClock } = options;
  const avatars = new Map<string, Buffer>();
  const server = createServer((request, response) => answer(request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  await listen(server, port, host);
  const actualPort = (server.address() as AddressInfo).port;
  const base = `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
  const stage = createStage({ ...options, protocol: protocols[protocol], clock, base });

  server.on("upgrade", (request, socket, head) => {
    if (stage.clients() >= maxConnections) socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    else sockets.handleUpgrade(request, socket, head, (client) => stage.admit(client, addressOf(request).searchParams));
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = addressOf(request);
    const picture = /^\/avatars\/(\d{1,24})\.png$/.exec(pathname)?.[1];
    if (picture !== undefined) {
      response.writeHead(200, { "content-type": "image/png", "cache-control": "max-age=3600" });
      response.end(cached(avatars, picture));
    } else if (pathname === "/webcast/check_alive") {
      const alive = !stage.isOffline(searchParams.get("unique_id") ?? "");
      const { roomId, title } = stage.room;
      const data = [{ room_id: roomId, alive, title, userCount: alive ? stage.viewers() : 0 }];
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ status_code: 0, data }));
    } else {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ status_code: 404, message: "no such address" }));
    }
  }

  return {
    url: base.replace("http", "ws"),
    port: actualPort,
    roomId: stage.roomId,
    sent: () => stage.sent(),
    faults: () => stage.faults(),
    unsure: () => stage.unsure(),
    sendGift: (wish) => stage.sendGift(wish),
    send: (message) => stage.send(message),
    closeClients: (code, reason) => stage.closeClients(code, reason),
    clients: () => stage.clients(),
    begin: () => stage.begin(),
    finish: () => stage.finish(),
    isSettled: () => stage.isSettled(),
    endStream: () => stage.endStream(),
    async stop() {
      stage.stop();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function addressOf(request: IncomingMessage): URL {
  const path = request.url ?? "/";
  const address = `http://localhost${path.startsWith("/") ? path : "/"}`;
  return URL.canParse(address) ? new URL(address) : new URL("http://localhost/");
}

/** The picture of an id; the one drawn longest ago makes place for a new one. */
function cached(avatars: Map<string, Buffer>, id: string): Buffer {
  const known = avatars.get(id);
  if (known) return known;
  if (avatars.size >= maxAvatars) avatars.delete(avatars.keys().next().value!);
  const drawn = drawAvatar(id);
  avatars.set(id, drawn);
  return drawn;
}

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
