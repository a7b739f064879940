/** The Colyseus server around a show's room: one port for HTTP and WebSocket, closed to everything but watching. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { matchMaker, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import type { Application } from "express";
import { showRoomName } from "../../shared/protocol/messages.ts";
import type { AcceptsCaller } from "../trust.ts";
import type { showRoomOf } from "./show-room.ts";

/** Largest message taken from a stage, bytes; it has nothing to say. */
const maxMessageBytes = 4 * 1024;

export interface ShowServerOptions {
  room: ReturnType<typeof showRoomOf>;
  accepts: AcceptsCaller;
  /** Mounts the HTTP addresses. */
  mount(app: Application): void;
}

export interface ShowServer {
  /** Listens, makes the room, and returns the port in use. */
  listen(port: number, host: string): Promise<number>;
  /** Ends the room and all sockets. Runs `before` while the room still ticks. */
  stop(before: () => Promise<void>): Promise<void>;
}

/** Creates the server. It leaves signals and process exit to whoever started it. */
export function createShowServer({ room, accepts, mount }: ShowServerOptions): ShowServer {
  // Stages of this address only, and they may only join: the one room is made here.
  matchMaker.controller.getCorsHeaders = () => ({});
  matchMaker.controller.DEFAULT_CORS_HEADERS = {} as typeof matchMaker.controller.DEFAULT_CORS_HEADERS;
  matchMaker.controller.exposedMethods = ["join", "reconnect"];
  const http = createServer();
  const server = new Server({
    greet: false,
    gracefullyShutdown: false,
    transport: new WebSocketTransport({
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
      if (failure !== undefined) throw failure;
    },
  };
}
