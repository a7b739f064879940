/** Simulator: a simulated audience behind a real WebSocket server that speaks a provider's protocol (protocols 1, 4.2, 5 and 14.4). */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { type Clock, systemClock } from "../clock.ts";
import type { FaultName } from "./faults.ts";
import { type ProtocolId, protocols } from "./protocols.ts";
import { addressOf, createRest } from "./rest.ts";
import type { Scenario } from "./scenario.ts";
import { type Broadcast, createStage } from "./stage.ts";

const maxConnections = 100;

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
  /**
   * For clients whose process may be killed: with faults, what is paid goes out again on each new line until one has lasted for so long
   * after it arrived, ms (resend.ts). Longer than a client needs from hearing to keeping. Default: it is sent until it has arrived.
   */
  resendMs?: number;
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
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  await listen(server, port, host);
  const actualPort = (server.address() as AddressInfo).port;
  const base = `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
  const stage = createStage({ ...options, protocol: protocols[protocol], clock, base });
  server.on("request", createRest(stage, clock.now));

  server.on("upgrade", (request, socket, head) => {
    const { pathname, searchParams } = addressOf(request);
    const side = protocols[protocol].captions;
    const isCaptions = side !== undefined && pathname === side.path;
    if (sockets.clients.size >= maxConnections) socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    else if (pathname !== "/" && !isCaptions) socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    else {
      sockets.handleUpgrade(request, socket, head, (client) => {
        if (isCaptions) stage.admitToCaptions(client, searchParams, side);
        else stage.admit(client, searchParams);
      });
    }
  });

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

function listen(server: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
