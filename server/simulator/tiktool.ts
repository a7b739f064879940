/** TikTool simulator: a simulated audience behind a real WebSocket server that speaks TikTool's protocol (protocols 1 and 14.4). */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { type Clock, systemClock } from "../clock.ts";
import { type Act, createAudience } from "./audience.ts";
import { drawAvatar } from "./avatar.ts";
import type { Person } from "./people.ts";
import type { Scenario } from "./scenario.ts";
import { createTally, type SentTotals } from "./tally.ts";
import { messageOf, type RoomFacts, roomInfoMessage, viewersMessage } from "./wire.ts";

const tickMs = 100;
/** Most time made up for after the process was held, ms. */
const maxCatchUpMs = 1000;
const viewersEveryMs = 4000;
const maxConnections = 100;
const maxAvatars = 500;
/** A client that lets more than this pile up is cut, bytes. */
const maxBacklogBytes = 8 * 1024 * 1024;

export interface SimulatorOptions {
  scenario: Scenario;
  /** 32-bit whole number: the same scenario and seed make the same audience. */
  seed: number;
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  clock?: Clock;
  /** Handles that are not live: closed with 4404. Default "offline". */
  offline?: readonly string[];
  /** Keys that are let in; others are closed with 4401. Default: every key, and none. */
  keys?: readonly string[];
}

/** What a gift sent by hand became. */
export interface SentGift {
  viewer: { id: string; handle: string; name: string };
  gift: { id: number; name: string; diamonds: number };
  count: number;
}

export interface Simulator {
  /** Address for TIKTOOL_URL: `ws://host:port`. */
  readonly url: string;
  readonly port: number;
  readonly roomId: string;
  /** Sums of all that was sent to clients. */
  sent(): SentTotals;
  /**
   * Lets a viewer send a gift now. Without `viewer` (id, handle or name) somebody present does; without `gift` (id or name) one is drawn.
   * Throws when the viewer is not here or the scenario has no such gift.
   */
  sendGift(wish?: { viewer?: string; gift?: number | string; count?: number }): SentGift;
  /** Sends any message to all clients, as it is. */
  send(message: unknown): void;
  /** Closes all clients with a code and reason. */
  closeClients(code: number, reason: string): void;
  clients(): number;
  stop(): Promise<void>;
}

/**
 * Starts the server. The audience lives only while somebody is connected, so nothing it does gets lost.
 * Rejects when the port is taken.
 */
export async function startTiktoolSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = "127.0.0.1", port = 0 } = options;
  const clock = options.clock ?? systemClock;
  const avatars = new Map<string, Buffer>();
  const show = { base: "" };
  const server = createServer((request, response) => answer(request, response));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  await listen(server, port, host);
  const actualPort = (server.address() as AddressInfo).port;
  show.base = `http://${host.includes(":") ? `[${host}]` : host}:${actualPort}`;
  const stage = createStage(options, clock, show.base);

  server.on("upgrade", (request, socket, head) => {
    if (stage.clients() >= maxConnections) socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    else sockets.handleUpgrade(request, socket, head, (client) => stage.admit(client, queryOf(request)));
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = addressOf(request);
    const picture = /^\/avatars\/(\d{1,24})\.png$/.exec(pathname)?.[1];
    if (picture !== undefined) {
      response.writeHead(200, { "content-type": "image/png", "cache-control": "max-age=3600" });
      response.end(cached(avatars, picture));
    } else if (pathname === "/webcast/check_alive") {
      const alive = !stage.isOffline(searchParams.get("unique_id") ?? "");
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ status_code: 0, data: [stage.aliveness(alive)] }));
    } else {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ status_code: 404, message: "no such address" }));
    }
  }

  return {
    url: show.base.replace("http", "ws"),
    port: actualPort,
    roomId: stage.roomId,
    sent: stage.sent,
    sendGift: stage.sendGift,
    send: stage.send,
    closeClients: stage.closeClients,
    clients: stage.clients,
    async stop() {
      stage.stop();
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The broadcast: audience, clients and the tick that carries what one does to the others. */
function createStage({ scenario, seed, offline = ["offline"], keys }: SimulatorOptions, clock: Clock, base: string) {
  const audience = createAudience({ scenario, seed });
  const tally = createTally();
  const clients = new Set<WebSocket>();
  const facts: RoomFacts = {
    roomId: `7${String(clock.now()).slice(-13)}${String(seed >>> 0)
      .slice(-5)
      .padStart(5, "0")}`,
    title: scenario.title,
    base,
    messages: 0,
    everSeen: 0,
  };
  let cancelTick: (() => void) | undefined;
  let lastMs = 0;
  let viewersAtMs = 0;

  const send = (message: unknown): void => {
    const text = typeof message === "string" ? message : JSON.stringify(message);
    for (const client of clients) {
      if (client.readyState !== WebSocket.OPEN) continue;
      if (client.bufferedAmount > maxBacklogBytes) client.terminate();
      else client.send(text);
    }
  };
  const tick = (): void => {
    const nowMs = clock.now();
    const passedMs = Math.min(maxCatchUpMs, Math.max(0, nowMs - lastMs));
    lastMs = nowMs;
    for (const act of audience.advance(passedMs)) perform(act, nowMs);
    if (nowMs - viewersAtMs >= viewersEveryMs) {
      viewersAtMs = nowMs;
      send(viewersMessage(facts, audience.present(), nowMs));
    }
    cancelTick = clients.size > 0 ? clock.after(tickMs, tick) : undefined;
  };
  const perform = (act: Act, nowMs: number): void => {
    if (act.type === "join") facts.everSeen++;
    const message = messageOf(act, facts, nowMs);
    if (!message) return;
    tally.add(act);
    send(message);
  };
  const wake = (): void => {
    if (cancelTick) return;
    lastMs = clock.now();
    cancelTick = clock.after(tickMs, tick);
  };
  const isOffline = (handle: string): boolean => offline.includes(handle.toLowerCase());

  const refusal = (handle: string, key: string): [number, string] | undefined => {
    if (keys && !keys.includes(key)) return [4401, "Invalid API key"];
    if (handle === "") return [4004, "uniqueId is missing"];
    return isOffline(handle) ? [4404, "Creator is not currently live"] : undefined;
  };

  return {
    roomId: facts.roomId,
    send,
    isOffline,
    sent: tally.totals,
    clients: () => clients.size,
    aliveness: (alive: boolean) => ({
      room_id: facts.roomId,
      alive,
      title: facts.title,
      userCount: alive ? audience.present().length : 0,
    }),
    /** Lets a client in, or closes it for the reason the real service would give. */
    admit(client: WebSocket, query: URLSearchParams): void {
      client.on("error", () => client.terminate());
      client.on("message", (_data: RawData) => undefined);
      const handle = query.get("uniqueId") ?? "";
      const refused = refusal(handle, query.get("apiKey") ?? query.get("jwtKey") ?? "");
      if (refused) {
        client.close(...refused);
        return;
      }
      client.on("close", () => clients.delete(client));
      clients.add(client);
      client.send(JSON.stringify(roomInfoMessage(facts, handle, audience.present().length, audience.roomLikes())));
      wake();
    },
    sendGift({ viewer, gift, count = 1 }: { viewer?: string; gift?: number | string; count?: number } = {}): SentGift {
      const person = viewer === undefined ? undefined : findPerson(audience.present(), viewer);
      const kind = gift === undefined ? undefined : scenario.gifts.find(({ id, name }) => id === gift || name === gift);
      if (gift !== undefined && !kind) throw new Error(`The scenario has no gift ${gift}.`);
      const sent = audience.sendGift({ person, gift: kind, count });
      return {
        viewer: { id: sent.person.id, handle: sent.person.handle, name: sent.person.nickname },
        gift: { id: sent.gift.id, name: sent.gift.name, diamonds: sent.gift.diamonds },
        count: Math.max(1, Math.floor(count)),
      };
    },
    closeClients(code: number, reason: string): void {
      for (const client of clients) client.close(code, reason);
    },
    stop(): void {
      cancelTick?.();
      cancelTick = undefined;
      clients.clear();
    },
  };
}

function findPerson(present: readonly Person[], wanted: string): Person {
  const found = present.find(({ id, handle, nickname }) => id === wanted || handle === wanted || nickname === wanted);
  if (!found) throw new Error(`Nobody called ${wanted} is here.`);
  return found;
}

function addressOf(request: IncomingMessage): URL {
  const path = request.url ?? "/";
  const address = `http://localhost${path.startsWith("/") ? path : "/"}`;
  return URL.canParse(address) ? new URL(address) : new URL("http://localhost/");
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return addressOf(request).searchParams;
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
