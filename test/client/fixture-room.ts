/** A small real Colyseus server with the real state and pose codec and made-up bodies, for the stage's browser tests. */

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { type AuthContext, type Client, matchMaker, Room, Server, ServerError } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import express from "express";
import {
  effectsMessage,
  endedMessage,
  posesMessage,
  showRoomName,
  ticksPerPatch,
} from "../../shared/protocol/messages.ts";
import { createPoseEncoder, type Posed } from "../../shared/protocol/poses.ts";
import {
  AwardState,
  BoardRowState,
  EntityState,
  FeedRowState,
  MeterState,
  ReadyState,
  ScoreState,
  ShowState,
  ViewerState,
} from "../../shared/protocol/state.ts";
import type { Effect } from "../../shared/world/effect.ts";

/** Token the fixture accepts. */
export const fixtureToken = "fixture-token";

/** What the fixture shows. */
export interface Scene {
  /** Name of the show: another one is another world. */
  show: string;
  game: string;
  phase: string;
  /** Seconds the phase lasts. */
  phaseSeconds: number;
  bodies: readonly FixtureBody[];
  /** Names of the podium's viewers, best first. */
  podium?: readonly string[];
  /** Teams and their score. */
  score?: readonly { team: number; name: string; value: number }[];
  /** Honours, by the name of whose they are. */
  awards?: readonly { title: string; name: string; value: string }[];
  ready?: readonly { name: string; title: string; count: number }[];
  /** Meters that rules fill, beside the one of likes. */
  meters?: readonly { title: string; value: number; max: number }[];
  /** Shapes of kinds no view knows. */
  shapes?: readonly FixtureShape[];
  /** Bodies stand still. */
  still?: boolean;
  /** What is wrong behind the stage. */
  notice?: string;
  /** Texts of the modules that are games' views, by game. Default: those of the built pages. */
  views?: Readonly<Record<string, string>>;
  /** Tick at which the show is. */
  startTick?: number;
  /** A world larger than the view of 1080 x 1920, and where its camera is at a tick. */
  tall?: { height: number; camera: (tick: number) => { x: number; y: number } };
}

/** Something of nobody's that stands still. */
export interface FixtureShape {
  kind: string;
  x: number;
  y: number;
  angle?: number;
  motion?: "dynamic" | "fixed" | "kinematic";
  sensor?: boolean;
  shape?: "circle" | "box" | "polygon" | "compound";
  a?: number;
  b?: number;
  corners?: readonly number[];
  /** Of a compound, as parts.ts writes them. */
  parts?: readonly number[];
}

/** A body of the fixture. */
export interface FixtureBody {
  name: string;
  x: number;
  y: number;
  radius?: number;
  wear?: Record<string, number>;
  bot?: boolean;
  test?: boolean;
  avatar?: string;
  score?: number;
  words?: string;
}

interface Moving extends Posed {
  x: number;
  y: number;
  angle: number;
  vx: number;
  vy: number;
  radius: number;
  free: boolean;
}

const arena = { x: 485, y: 1010, radius: 430 };

/** Key of the viewer of a name. */
export const keyOf = (name: string): string => `fixture:${name}`;

/** What a running fixture offers. */
export interface Fixture {
  readonly url: string;
  readonly port: number;
  /** Shows an effect with the next patch. */
  effect(effect: Partial<Effect> & { kind: string }): void;
  /** Goes over to another game, in the same show. */
  play(game: string): void;
  /** Takes the show back to an earlier tick, in the same room. */
  rewind(tick: number): void;
  /** Holds the show, and lets it go on. */
  pause(paused: boolean): void;
  /** Tells the stages that the show has ended; it does not stop. */
  end(): void;
  stop(): Promise<void>;
}

/** Starts the fixture; `port` 0 takes a free one. Serves the built client when there is one. */
export async function startFixture(scene: Scene, port = 0): Promise<Fixture> {
  const http = createServer();
  const server = new Server({
    greet: false,
    gracefullyShutdown: false,
    transport: new WebSocketTransport({ server: http }),
    express(app) {
      const dist = fileURLToPath(new URL("../../dist/client", import.meta.url));
      if (!existsSync(dist)) return;
      for (const [game, text] of Object.entries(scene.views ?? {})) {
        app.get(`/views/${game}.js`, (_request, response) => response.type("js").send(text));
      }
      app.get("/stage", (_request, response) => response.sendFile(`${dist}/stage/index.html`));
      app.use(express.static(dist));
    },
  });
  const time: ShowTime = { tick: scene.startTick ?? 600, paused: false, effects: [] };
  const rooms: Room[] = [];
  server.define(showRoomName, createRoomClass(scene, time, rooms));
  await server.listen(port, "127.0.0.1");

  await matchMaker.createRoom(showRoomName, {});
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("the fixture has no port");
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    effect(effect) {
      time.effects.push({
        ...{ x: 0, y: 0, entity: 0, other: 0, power: 1, viewer: "", text: "", test: false },
        tick: time.tick,
        ...effect,
      });
    },
    play(game) {
      for (const room of rooms) (room.state as ShowState).game = game;
    },
    rewind(tick) {
      time.tick = tick;
    },
    pause(paused) {
      time.paused = paused;
    },
    end() {
      for (const room of rooms) room.broadcast(endedMessage);
    },
    async stop() {
      http.closeAllConnections();
      await server.gracefullyShutdown(false);
    },
  };
}

/** Tick of a fixture's show. */
interface ShowTime {
  tick: number;
  paused: boolean;
  /** What has not been sent yet. */
  effects: Effect[];
}

/** Rooms of the class join `rooms`. */
function createRoomClass(scene: Scene, time: ShowTime, rooms: Room[]) {
  return class FixtureRoom extends Room<{ state: ShowState }> {
    override state = new ShowState();
    private readonly encoder = createPoseEncoder();
    private readonly moving = new Map<number, Moving>();

    static override async onAuth(token: string, _options: unknown, _context: AuthContext): Promise<boolean> {
      if (token !== fixtureToken) throw new ServerError(401, "wrong token");
      return true;
    }

    override onCreate(): void {
      this.autoDispose = false;
      rooms.push(this);
      fill(this.state, scene, time.tick, this.moving);
      this.setFixedTimestep(() => this.step(), 60);
      this.encoder.delta(time.tick, this.moving);
      // Patches go out with the poses, as those of the real room do.
      this.patchRate = null;
    }

    override onJoin(client: Client): void {
      client.sendBytes(posesMessage, this.encoder.key());
    }

    private step(): void {
      const wasPaused = this.state.paused;
      this.state.paused = time.paused;
      if (time.paused) {
        if (!wasPaused) this.broadcastPatch();
        return;
      }
      time.tick++;
      if (!scene.still) this.move();
      if (time.tick % ticksPerPatch !== 0) return;
      const camera = scene.tall?.camera(time.tick);
      if (camera) Object.assign(this.state, { cameraX: camera.x, cameraY: camera.y });
      this.broadcastPatch();
      this.broadcastBytes(posesMessage, this.encoder.delta(time.tick, this.moving), {});
      if (time.effects.length > 0) this.broadcast(effectsMessage, time.effects);
      time.effects = [];
    }

    private move(): void {
      const bar = this.state.entities.size - 1;
      for (const body of this.moving.values()) {
        if (!body.free) {
          if (body.id === bar) body.angle += 0.012;
          continue;
        }
        body.x += body.vx;
        body.y += body.vy;
        this.keepInside(body);
      }
      const free = [...this.moving.values()].filter((body) => body.free);
      free.forEach((a, index) => {
        for (const b of free.slice(index + 1)) this.collide(a, b);
      });
    }

    private keepInside(body: Moving): void {
      const dx = body.x - arena.x;
      const dy = body.y - arena.y;
      const distance = Math.hypot(dx, dy);
      const reach = arena.radius - body.radius - 20;
      if (distance <= reach) return;
      const out = (body.vx * dx + body.vy * dy) / distance;
      if (out <= 0) return;
      body.vx -= (2 * out * dx) / distance;
      body.vy -= (2 * out * dy) / distance;
    }

    private collide(a: Moving, b: Moving): void {
      const dx = b.x - a.x;
      const dy = b.y - a.y;
      const distance = Math.hypot(dx, dy) || 1;
      if (distance > a.radius + b.radius) return;
      const closing = ((a.vx - b.vx) * dx + (a.vy - b.vy) * dy) / distance;
      if (closing <= 0) return;
      for (const [body, sign] of [
        [a, -1],
        [b, 1],
      ] as const) {
        body.vx += (sign * closing * dx) / distance;
        body.vy += (sign * closing * dy) / distance;
      }
      const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
      const power = Math.min(1, closing / 9);
      const names = { viewer: "", text: "", test: false };
      time.effects.push({ kind: "hit", tick: time.tick, x, y, entity: b.id, other: a.id, power, ...names });
    }
  };
}

function fill(state: ShowState, scene: Scene, tick: number, moving: Map<number, Moving>): void {
  Object.assign(state, { show: scene.show, game: scene.game, title: "Last Ball", phase: scene.phase });
  state.notice = scene.notice ?? "";
  state.height = scene.tall?.height ?? 1920;
  const camera = scene.tall?.camera(tick);
  if (camera) Object.assign(state, { cameraX: camera.x, cameraY: camera.y });
  state.headline = `${scene.bodies.length} left`;
  state.phaseStartTick = tick;
  state.phaseEndTick = tick + Math.round(scene.phaseSeconds * 60);
  state.leader = keyOf(scene.bodies[0]?.name ?? "");
  for (const [name, value] of Object.entries({ arenaX: arena.x, arenaY: arena.y, arenaRadius: arena.radius })) {
    state.props.set(name, value);
  }
  state.meters.push(new MeterState().assign({ title: "Pulse", value: 134, max: 200 }));
  for (const meter of scene.meters ?? []) state.meters.push(new MeterState().assign({ ...meter, icon: "power" }));
  scene.bodies.forEach((body, index) => {
    addBody(state, moving, body, index, tick);
  });
  addBoards(state, scene, tick);
  addStructure(state, moving, scene);
}

function addBody(state: ShowState, moving: Map<number, Moving>, body: FixtureBody, index: number, tick: number): void {
  const key = keyOf(body.name);
  const { name, bot = false, test = false, avatar = "", radius = 48 } = body;
  // The first are the last to have acted, so that which names show does not depend on chance.
  const lastActTick = Math.max(1, tick - index * 60);
  state.viewers.set(key, new ViewerState().assign({ name, handle: name, avatar, bot, test, lastActTick }));
  const entity = new EntityState().assign({ kind: "ball", shape: "circle", a: radius, viewer: key });
  for (const [wear, value] of Object.entries(body.wear ?? {})) entity.wear.set(wear, value);
  addEntity(state, moving, entity, body.x, body.y, true);
}

function addEntity(
  state: ShowState,
  moving: Map<number, Moving>,
  entity: EntityState,
  x: number,
  y: number,
  free: boolean,
): number {
  const id = state.entities.size + 1;
  state.entities.set(String(id), entity);
  const turn = id * 2.4;
  const [vx, vy] = [Math.cos(turn) * 3.5, Math.sin(turn) * 3.5];
  moving.set(id, { id, x, y, angle: 0, vx, vy, radius: entity.a, free });
  return id;
}

function addBoards(state: ShowState, scene: Scene, tick: number): void {
  for (const { name, score } of scene.bodies) {
    if (score) state.roundBoard.push(new BoardRowState().assign({ viewer: keyOf(name), name, score }));
  }
  let seq = 0;
  for (const { name, words } of scene.bodies) {
    if (!words) continue;
    const row = { seq: ++seq, tick, viewer: keyOf(name), name, words, tone: "power" };
    state.feed.push(new FeedRowState().assign(row));
  }
  for (const row of scene.ready ?? []) state.ready.push(new ReadyState().assign({ ...row, viewer: keyOf(row.name) }));
  for (const name of scene.podium ?? []) state.podium.push(keyOf(name));
  for (const row of scene.score ?? []) state.score.push(new ScoreState().assign(row));
  for (const row of scene.awards ?? []) state.awards.push(new AwardState().assign({ ...row, viewer: keyOf(row.name) }));
}

function addStructure(state: ShowState, moving: Map<number, Moving>, scene: Scene): void {
  for (let i = 0; i < 8; i++) {
    const angle = -1.37 + (i / 8) * Math.PI * 2;
    const bumper = new EntityState().assign({ kind: "bumper", shape: "circle", a: 30 });
    const [dx, dy] = [Math.cos(angle) * arena.radius, Math.sin(angle) * arena.radius];
    addEntity(state, moving, bumper, arena.x + dx, arena.y + dy, false);
  }
  for (const { x, y, angle = 0, corners = [], parts = [], ...looks } of scene.shapes ?? []) {
    const shape = new EntityState().assign({ shape: "box", ...looks });
    shape.corners.push(...corners);
    shape.parts.push(...parts);
    const id = addEntity(state, moving, shape, x, y, false);
    moving.get(id)!.angle = angle;
  }
  const bar = new EntityState().assign({ kind: "bar", shape: "box", a: 320, b: 52 });
  addEntity(state, moving, bar, arena.x, arena.y, false);
  addEntity(state, moving, new EntityState().assign({ kind: "hub", shape: "circle", a: 38 }), arena.x, arena.y, false);
}

/** A scene close to the drawn target of the look. */
export function aScene(changes: Partial<Scene> = {}): Scene {
  const end = 1e6;
  return {
    show: "fixture",
    game: "last-ball",
    phase: "play",
    phaseSeconds: 42,
    bodies: [
      { name: "Mika", x: 300, y: 760, radius: 56, wear: { crown: 1 }, score: 7, words: "dashed" },
      { name: "sam_plays", x: 560, y: 1240, radius: 64, wear: { spikes: end }, score: 5, words: "SPIKES" },
      { name: "Ayşe", x: 700, y: 1050, radius: 50, wear: { shield: end }, score: 4, words: "rim save" },
      { name: "kofi", x: 390, y: 1190, radius: 48 },
      { name: "noor.alhadi", x: 250, y: 1010, radius: 48, wear: { revenge: 1 } },
      { name: "ÇelikTR", x: 660, y: 800, radius: 46 },
      { name: "Bolt", x: 790, y: 900, radius: 46, bot: true },
      { name: "محمد", x: 480, y: 700, radius: 46, wear: { subscriber: 1 } },
      { name: "さくら", x: 180, y: 880, radius: 46 },
      { name: "🔥kat", x: 600, y: 930, radius: 46, wear: { guard: end } },
      { name: "a_very_long_name_that_never_ends", x: 480, y: 1370, radius: 44, wear: { frozen: end } },
      { name: "Tester", x: 330, y: 900, radius: 44, test: true, wear: { magnet: end } },
      { name: "Gia", x: 720, y: 1260, radius: 92, wear: { giant: end } },
    ],
    ...changes,
  };
}
