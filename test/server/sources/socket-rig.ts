/** A source on a real line by the machine's clock, and all that it reports written down: for addresses, refusals and ends. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { systemClock } from "../../../server/clock.ts";
import type { SourceDefinition, SourceEvent, SourceSettings } from "../../../server/ingest/source.ts";
import { someListener, someSettings } from "../../support/source.ts";

/** Creates the rig of one test file; call `cleanUp` after each test. `variable` names the address in the environment. */
export function createSocketRig(source: SourceDefinition, variable: string) {
  const cleanups: (() => Promise<unknown>)[] = [];
  const listen = async (server: Server): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return {
    /** What is to be freed after the test, last in first out. */
    cleanups,
    /** Lets a server listen; gives its address. */
    listen,
    /** A server that does with each client what the test says; addresses asked for are in `asked`. */
    async serve(onClient: (client: WebSocket) => void) {
      const server = createServer();
      const sockets = new WebSocketServer({ server });
      const asked: string[] = [];
      sockets.on("connection", (client, request) => {
        asked.push(request.url ?? "");
        client.on("error", () => undefined);
        onClient(client);
      });
      return { asked, sockets, url: await listen(server) };
    },
    /** Connects and writes down all that is heard. */
    connect(url: string, user: string = "ana", env: SourceSettings["env"] = {}) {
      const heard: string[] = [];
      const events: SourceEvent[] = [];
      const connection = source.connect(
        someSettings({ user, env: { [variable]: url, ...env } }),
        someListener({
          opened: () => heard.push("opened"),
          live: (roomId) => heard.push(`live ${roomId}`),
          event(event) {
            events.push(event);
            return "accepted";
          },
          ignored: (reason) => heard.push(reason),
          trouble: () => heard.push("trouble"),
          closed: ({ class: why, retryAfterMs }) =>
            heard.push(`closed ${why}${retryAfterMs ? ` ${retryAfterMs}` : ""}`),
        }),
        systemClock,
      );
      cleanups.push(() => connection.stop());
      return { heard, events, connection };
    },
    async cleanUp(): Promise<void> {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    },
  };
}
