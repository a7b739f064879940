/** The Colyseus server around a show's room: one port for HTTP and WebSocket, closed to everything but watching. */
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { matchMaker, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import type { Application } from "express";
import { showRoomName } from "../../shared/protocol/messages.ts";
import type { AcceptsCaller } from "../trust.ts";
import type { ShowRoomClass } from "./show-room.ts";

/** Largest message taken from a stage, bytes; it has nothing to say. */
const maxMessageBytes = 4 * 1024;

/** A WebSocket address of its own beside the room's. */
export interface SideLine {
  /** "/api/ingest". */
  readonly path: string;
  /** Answers a request that asks for a WebSocket there, also by refusing it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface ShowServerOptions {
  room: ShowRoomClass;
  accepts: AcceptsCaller;
  /** Mounts the HTTP addresses. */
  mount(app: Application): void;
  /** Default: none. */
  sideLine?: SideLine;
}

export interface ShowServer {
  /** Listens, makes the room, and returns the port in use. */
  listen(port: number, host: string): Promise<number>;
  /** Ends the room and all sockets. Runs `before` while the room still ticks. */
  stop(before: () => Promise<void>): Promise<void>;
}

/** Creates the server. It leaves signals and process exit to whoever started it. */
export function createShowServer({ room, accepts, mount, sideLine }: ShowServerOptions): ShowServer {
  // Stages of this address only, and they may only join: the one room is made here.
  matchMaker.controller.getCorsHeaders = () => ({});
  matchMaker.controller.DEFAULT_CORS_HEADERS = {} as typeof matchMaker.controller.DEFAULT_CORS_HEADERS;
  matchMaker.controller.exposedMethods = ["join", "reconnect"];
  const http = createServer();
  const isForSideLine = ({ url = "" }: IncomingMessage) => url.split("?", 1)[0] === sideLine?.path;
  http.on("upgrade", (request, socket, head) => {
    if (isForSideLine(request)) sideLine?.upgrade(request, socket, head);
  });
  const server = new Server({
    greet: false,
    gracefullyShutdown: false,
    transport: new (transportBeside(isForSideLine))({
      server: http,
      maxPayload: maxMessageBytes,
      beforeUpgrade: (_path, { headers }) =>
        accepts({ origin: headers.get("origin"), host: headers.get("host") })
          ? undefined
          : new Response("Forbidden", { status: 403 }),
    }),
    express: mount,
  });
  server.define(showRoomName, room);
  return {
    async listen(port, host) {
      await server.listen(port, host);
      await matchMaker.createRoom(showRoomName, {});
      return (http.address() as AddressInfo).port;
    },
    async stop(before) {
      // Colyseus would keep an error in it to itself, and leave rooms and sockets open.
      let failure: unknown;
      server.onBeforeShutdown(async () => {
        await before().catch((error: unknown) => {
          failure = error;
        });
      });
      await server.gracefullyShutdown(false);
      // A page that keeps asking would keep its line open, and the process with it.
      http.closeAllConnections();
      if (failure !== undefined) throw failure;
    },
  };
}

/** Colyseus' transport, which by itself takes every request for a WebSocket, with some left to others. */
function transportBeside(isForOthers: (request: IncomingMessage) => boolean): typeof WebSocketTransport {
  return class extends WebSocketTransport {
    protected override listenForUpgrade(http: HttpServer): void {
      super.listenForUpgrade(http, (request) => !isForOthers(request));
    }
  };
}
