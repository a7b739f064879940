/** Worker thread that plays the live service for a benchmark: a WebSocket server on loopback that sends messages at the rate it is told. */
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { type WebSocket, WebSocketServer } from "ws";
import { createMessages } from "./messages.ts";

/** From the worker: where it listens. */
export interface WireReady {
  readonly url: string;
}
/** To the worker: messages a second from now on. It answers with what it has sent until then. */
export interface WireRate {
  readonly rateHz: number;
}
export interface WireSent {
  readonly messages: number;
  readonly giftUnits: number;
}

/** Messages go out in small bunches, as they do from a real service, ms. */
const bunchMs = 5;

if (parentPort) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  const messages = createMessages(3);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  let lines: WebSocket[] = [];
  let rateHz = 0;
  let due = 0;
  let sent = 0;
  let last = Date.now();
  server.on("connection", (socket) => {
    lines.push(socket);
    socket.on("close", () => {
      lines = lines.filter((other) => other !== socket);
    });
    socket.send(JSON.stringify({ event: "roomInfo", roomId: "7561234567890123456", uniqueId: "bench" }));
  });
  server.on("listening", () => {
    const { port: number } = server.address() as AddressInfo;
    port.postMessage({ url: `ws://127.0.0.1:${number}` } satisfies WireReady);
  });
  port.on("message", (rate: WireRate) => {
    rateHz = rate.rateHz;
    port.postMessage({ messages: sent, giftUnits: messages.giftUnits() } satisfies WireSent);
  });
  setInterval(() => {
    const now = Date.now();
    // After a pause of this thread the backlog is not sent in one go: that would measure the pause.
    due = Math.min(due + ((now - last) * rateHz) / 1000, (rateHz * bunchMs * 4) / 1000 + 1);
    last = now;
    for (; due >= 1 && lines.length > 0; due--) {
      const message = messages.next(Date.now());
      for (const line of lines) line.send(message);
      sent++;
    }
  }, bunchMs);
}
