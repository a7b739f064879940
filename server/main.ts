/** Main: reads config, wires the parts, listens. No logic of its own. */
import { randomBytes, randomInt } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { matchMaker, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import type { Application } from "express";
import packageJson from "../package.json" with { type: "json" };
import { showRoomName } from "../shared/protocol/messages.ts";
import { createSimulation } from "../shared/sim/simulation.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { loadGame, loadRules } from "./games.ts";
import { mountApp } from "./http/app.ts";
import { createAvatars } from "./http/avatars.ts";
import { ensureClientBuilt } from "./http/client-build.ts";
import { startPage } from "./http/start-page.ts";
import { createIngest } from "./ingest/ingest.ts";
import type { SourceDefinition, SourceSettings } from "./ingest/source.ts";
import { checkCanListen } from "./listen-check.ts";
import { createShow, type Show } from "./room/show.ts";
import { type RoomCounters, showRoomOf } from "./room/show-room.ts";
import { loadSource } from "./sources.ts";
import { guessableTokens, openDataFolder, type Tokens } from "./store/data-folder.ts";
import { openStore } from "./store/sqlite.ts";
import { isOwnOrigin, isSame } from "./trust.ts";
import { UserError } from "./user-error.ts";

/** A show that runs. */
export interface RunningServer {
  readonly show: Show;
  readonly room: RoomCounters;
  readonly tokens: Tokens;
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly rulesFile: string;
  readonly sources: readonly SourceDefinition[];
  readonly settings: SourceSettings;
  /** Finishes the tick, closes sources and sockets, writes what is queued. */
  stop(): Promise<void>;
}

export interface StartOptions {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  /** Called when a show that ran has stopped (SIGINT, SIGTERM, `stop`) and everything is written. */
  onStopped?: () => void;
  /** Called after each patch; for measuring. */
  afterPatch?: (tick: number) => void;
}

/** Starts a show. Throws a UserError (or StoreError) that says in one sentence what to mend. */
export async function startServer({ config, env, onStopped, afterPatch }: StartOptions): Promise<RunningServer> {
  const clock = systemClock;
  const seed = config.seed ?? randomInt(0x1_0000_0000);
  const game = await loadGame(config.game);
  const { rules, file: rulesFile } = loadRules(config.rules, game);
  const settings: SourceSettings = { user: config.user, env, seed, scenario: config.scenario };
  const sources = await loadSources(config.source, settings);
  await checkCanListen(config.port, config.host);
  const client = ensureClientBuilt();
  // Awaited below; until then a failed build must not count as unhandled.
  client.catch(() => undefined);
  const folder = openDataFolder(config.data, env);
  refuseGuessableTokens(folder.tokens, config.host);
  const store = await openStore({ folder: folder.path });

  const ingest = createIngest({ clock });
  const show = createShow({
    id: `${new Date(clock.now()).toISOString().slice(0, 19).replace(/\D/g, "")}-${randomBytes(3).toString("hex")}`,
    simulation: createSimulation({ game, rules, seed }),
    ingest,
    recordGifts: (rows) => store.recordGifts(rows),
    clock,
  });
  const room: RoomCounters = { stages: 0, patches: 0, ignoredMessages: 0, errors: 0, lastError: "" };
  const avatars = createAvatars({ allowedHosts: () => sources.flatMap((source) => source.avatarHosts ?? []), clock });
  let isReady = false;
  let hasRun = false;
  const { tokens } = folder;

  const server = createColyseus({
    room: showRoomOf({
      show,
      avatarAddress: (key, url) => avatars.addressFor(key, url),
      tokens: [tokens.stage, tokens.operator],
      counters: room,
      ...(afterPatch ? { afterPatch } : {}),
    }),
    mount: (app) =>
      mountApp(app, {
        show,
        store,
        ingest,
        room,
        avatars: avatars.router,
        startPage: (token, host) =>
          startPage({
            isTrusted: isSame(tokens.stage, token) || isSame(tokens.operator, token),
            stageUrl: `http://${host}/stage?token=${tokens.stage}`,
            game: game.title,
            sources: show.sources(),
          }),
        operatorToken: tokens.operator,
        version: packageJson.version,
        clock,
        isReady: () => isReady,
      }),
    stop: async () => {
      hasRun = isReady;
      isReady = false;
      await ingest.stop();
    },
    stopped: async () => {
      await store.close();
      if (hasRun) onStopped?.();
    },
  });
  try {
    await client;
    const port = await listen(server, config);
    await matchMaker.createRoom(showRoomName, {});
    for (const source of sources) ingest.start(source, settings);
    isReady = true;
    const stop = () => server.gracefullyShutdown(false);
    return { show, room, tokens, host: config.host, port, dataFolder: folder.path, rulesFile, sources, settings, stop };
  } catch (error) {
    await server.gracefullyShutdown(false);
    throw error;
  }
}

/** Loads the chosen sources, the simulated audience when none is, and asks each whether it has what it needs. */
async function loadSources(ids: readonly string[], settings: SourceSettings): Promise<SourceDefinition[]> {
  const wanted = ids.length > 0 ? [...new Set(ids)] : ["simulated"];
  const sources = await Promise.all(wanted.map(loadSource));
  for (const source of sources) {
    const missing = source.check(settings);
    if (missing) throw new UserError(`--source ${source.id}: ${missing}`);
  }
  return sources;
}

/** Where others can reach the show, its tokens must be long enough. */
function refuseGuessableTokens(tokens: Tokens, host: string): void {
  if (/^(127\.|localhost$|::1$)/.test(host)) return;
  const [variable] = guessableTokens(tokens);
  if (variable)
    throw new UserError(`${variable} is too short for a show that others can reach: give it 16 characters or more.`);
}

interface ColyseusParts {
  room: ReturnType<typeof showRoomOf>;
  mount(app: Application): void;
  stop(): Promise<void>;
  stopped(): Promise<void>;
}

function createColyseus({ room, mount, stop, stopped }: ColyseusParts): Server {
  // Stages of this address only, and they may only join: the one room is made here.
  matchMaker.controller.getCorsHeaders = () => ({});
  matchMaker.controller.DEFAULT_CORS_HEADERS = {} as typeof matchMaker.controller.DEFAULT_CORS_HEADERS;
  matchMaker.controller.exposedMethods = ["join", "reconnect"];
  const server = new Server({
    greet: false,
    transport: new WebSocketTransport({
      server: createServer(),
      maxPayload: 4 * 1024,
      beforeUpgrade: (_path, context) =>
        isOwnOrigin(Object.fromEntries(context.headers)) ? undefined : new Response("Forbidden", { status: 403 }),
    }),
    express: mount,
  });
  server.define(showRoomName, room);
  server.onBeforeShutdown(stop);
  server.onShutdown(stopped);
  return server;
}

/** Listens and returns the port in use. */
async function listen(server: Server, { port, host }: Config): Promise<number> {
  await server.listen(port, host);
  return ((server.transport as WebSocketTransport).server!.address() as AddressInfo).port;
}
