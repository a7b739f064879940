/** /api/ingest on a real port of its own, in front of a real ingest that a test drains. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { WebSocket } from "ws";
import { sameOriginOnly } from "../../../server/http/guard.ts";
import { createIngestApi, ingestPath } from "../../../server/http/ingest-api.ts";
import { createIngest } from "../../../server/ingest/ingest.ts";
import ingestSource, { type IngestReply } from "../../../server/sources/ingest.ts";
import { acceptsCallersOf } from "../../../server/trust.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";

export const token = "ingest-token-for-tests";

/** Starts it on any port unless one is given; the source is not started before the first program sends. `takenBefore` as in IngestOptions. */
export async function anIngestServer({ takenBefore = new Set<string>(), onPort = 0 } = {}) {
  const clock = createManualClock();
  const ingest = createIngest({ clock, takenBefore, random: () => 0.5 });
  const accepts = acceptsCallersOf("127.0.0.1");
  let ready = true;
  /** What is answered to who asks whether events are safe: at once, or when the disk speaks. */
  let disk: Promise<boolean> = Promise.resolve(true);
  const api = createIngestApi({
    ingest,
    startSource: () => ingest.start(ingestSource, someSettings()),
    token,
    accepts,
    clock,
    isReady: () => ready,
    whenSafe: () => disk,
  });
  const app = express().use(sameOriginOnly(accepts)).use(ingestPath, api.router);
  const http = createServer(app);
  http.on("upgrade", api.upgrade);
  await new Promise<void>((resolve) => http.listen(onPort, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${token}`;
    const response = await fetch(url + ingestPath, {
      method: "POST",
      body,
      headers: { authorization, ...headers },
    });
    return { status: response.status, headers: response.headers, reply: (await response.json()) as IngestReply };
  };
  return {
    url,
    port,
    clock,
    ingest,
    api,
    /** From now on as while the show starts and stops, or as while it runs. */
    setReady(isReady: boolean): void {
      ready = isReady;
    },
    /** From now on the disk says this, at once or when the promise does. */
    setDisk(isSafe: boolean | Promise<boolean>): void {
      disk = Promise.resolve(isSafe);
    },
    send,
    /** Sends events and gives the answer's body. */
    post: async (events: unknown) => (await send(JSON.stringify(events))).reply,
    /** A WebSocket to it; default with the token in its header. */
    line: (query: string = "", headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
      new WebSocket(`ws://127.0.0.1:${port}${ingestPath}${query}`, { headers }),
    async stop(): Promise<void> {
      await api.stop();
      await ingest.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
