/** Mirror: copies what the stage must know from the simulation into the room's state, field by field, so that a patch holds only changes. */
import type { ArraySchema, MapSchema } from "@colyseus/schema";
import type { Hud } from "../../shared/game/define.ts";
import { awardRows, boardRows, feedRows, readyRows, scoreRows } from "../../shared/protocol/messages.ts";
import { flatParts } from "../../shared/protocol/parts.ts";
import {
  AwardState,
  BoardRowState,
  EntityState,
  FeedRowState,
  MeterState,
  ReadyState,
  ScoreState,
  type ShowState,
  SourceState,
  ViewerState,
} from "../../shared/protocol/state.ts";
import type { Simulation } from "../../shared/sim/simulation.ts";
import { titleOf } from "../../shared/sim/snapshot.ts";
import type { Entity } from "../../shared/world/world.ts";

/** A show as its stages know it: one that is live, or one of the past that is watched. */
export interface MirroredShow {
  readonly id: string;
  /** Another one takes its place when a watched show goes back in time; its world is another one when the next game of a playlist plays. */
  readonly simulation: Simulation;
  readonly isPaused: boolean;
  readonly trouble: string;
  /** Seconds of the show in a second. Default 1: a live one knows no other. */
  readonly speed?: number;
  sources(): readonly { readonly id: string; readonly state: string; readonly detail: string }[];
}

export interface Mirror {
  /** Brings the state up to date. Call once before each patch. */
  update(): void;
}

/** Address of a viewer's picture on our own server, "" for none. */
export type AvatarAddress = (viewerKey: string, avatarUrl: string | undefined) => string;

/** Creates a mirror; `state` belongs to it from now on. */
export function createMirror(show: MirroredShow, state: ShowState, avatarAddress: AvatarAddress): Mirror {
  let { simulation } = show;
  let { world, crowd, boards, phase } = simulation;
  const neededViewers = new Set<string>();
  let boardsVersion = -1;
  let feedSeq = 0;
  state.show = show.id;
  /** What was copied from another simulation says nothing of this one, although its numbers may be the same. */
  const follow = (next: Simulation) => {
    simulation = next;
    ({ crowd, boards, phase } = next);
    boardsVersion = -1;
    feedSeq = 0;
    state.feed.clear();
    enterWorld();
  };
  /** Another game plays: nothing stands in its world that stood in the one before. */
  const enterWorld = () => {
    ({ world } = simulation);
    state.entities.clear();
    state.props.clear();
  };

  const nameOf = (key: string) => {
    const viewer = crowd.get(key)?.viewer;
    return viewer ? viewer.name || viewer.handle : "";
  };

  const updateEntities = () => {
    for (const entity of world.entities.values()) {
      if (entity.viewer) neededViewers.add(entity.viewer);
      const key = String(entity.id);
      let copy = state.entities.get(key);
      if (!copy) {
        copy = newEntityState(entity);
        state.entities.set(key, copy);
      }
      if (entity.shape.type === "circle") copy.a = entity.radius;
      copyMap(entity.wear, copy.wear);
    }
    for (const key of state.entities.keys()) if (!world.entities.has(Number(key))) state.entities.delete(key);
  };

  const updateViewers = () => {
    for (const key of neededViewers) {
      const member = crowd.get(key);
      if (!member) continue;
      let copy = state.viewers.get(key);
      if (!copy) {
        copy = new ViewerState();
        state.viewers.set(key, copy);
      }
      copy.name = member.viewer.name || member.viewer.handle;
      copy.handle = member.viewer.handle;
      copy.avatar = avatarAddress(key, member.viewer.avatarUrl);
      copy.bot = member.bot;
      copy.test = member.test;
      copy.lastActTick = member.lastActTick;
    }
    for (const key of state.viewers.keys()) if (!neededViewers.has(key)) state.viewers.delete(key);
  };

  const updateBoards = () => {
    if (boards.version === boardsVersion) return;
    boardsVersion = boards.version;
    for (const [rows, copies] of [
      [boards.round, state.roundBoard],
      [boards.show, state.showBoard],
    ] as const) {
      fill(copies, Math.min(boardRows, rows.length), BoardRowState, (copy, index) => {
        const row = rows[index]!;
        copy.viewer = row.viewer;
        copy.name = nameOf(row.viewer) || row.name;
        copy.score = row.score;
        copy.wins = row.wins;
      });
    }
  };

  const updateFeed = () => {
    const lines = simulation.feed.slice(-feedRows);
    if ((lines.at(-1)?.seq ?? 0) === feedSeq) return;
    feedSeq = lines.at(-1)?.seq ?? 0;
    fill(state.feed, lines.length, FeedRowState, (copy, index) => Object.assign(copy, lines[index]));
  };

  const updateHonours = ({ score = [], awards = [] }: Hud) => {
    const { players, host } = simulation.game;
    const teams = players?.teams?.names ?? host?.teams ?? [];
    fill(state.score, Math.min(scoreRows, score.length), ScoreState, (copy, index) => {
      const { team, value } = score[index]!;
      Object.assign(copy, { team, value: Math.round(value), name: teams[team - 1] ?? "" });
    });
    fill(state.awards, Math.min(awardRows, awards.length), AwardState, (copy, index) => {
      const { title, viewer, value } = awards[index]!;
      neededViewers.add(viewer);
      Object.assign(copy, { title, viewer, name: nameOf(viewer), value });
    });
  };

  const updateHud = () => {
    const hud = simulation.hud();
    state.headline = hud.headline;
    state.leader = hud.leader;
    setTexts(state.podium, hud.podium);
    for (const key of hud.podium) neededViewers.add(key);
    updateHonours(hud);
    const meters = simulation.meters();
    fill(state.meters, meters.length, MeterState, (copy, index) => {
      const { filledBy, title, value, max } = meters[index]!;
      copy.title = titleOf(title, simulation.game);
      copy.icon = filledBy === "likes" ? "like" : "power";
      copy.value = Math.floor(value);
      copy.max = Math.ceil(max);
    });
    const ready = simulation.banked > 0 ? simulation.ready(readyRows) : [];
    fill(state.ready, ready.length, ReadyState, (copy, index) => {
      const { viewer, name, title, count, position } = ready[index]!;
      Object.assign(copy, { viewer, name, title, count, position });
    });
  };

  const updateGame = () => {
    const { id, title, layout } = simulation.game;
    const view = layout?.view ?? world;
    const { x, y } = simulation.camera();
    Object.assign(state, { game: id, title, width: world.width, height: world.height });
    state.viewWidth = Math.fround(view.width);
    state.viewHeight = Math.fround(view.height);
    state.cameraX = Math.fround(x);
    state.cameraY = Math.fround(y);
  };

  const updateSources = () => {
    const sources = show.sources();
    fill(state.sources, sources.length, SourceState, (copy, index) => {
      const { id, state: sourceState, detail } = sources[index]!;
      Object.assign(copy, { id, state: sourceState, detail });
    });
  };

  return {
    update() {
      if (show.simulation !== simulation) follow(show.simulation);
      else if (simulation.world !== world) enterWorld();
      neededViewers.clear();
      state.phase = phase.name;
      state.phaseStartTick = phase.startTick;
      state.phaseEndTick = phase.endTick;
      state.round = phase.round;
      state.watching = simulation.watching;
      state.paused = show.isPaused;
      state.speed = show.speed ?? 1;
      state.notice = show.trouble;
      updateGame();
      updateHud();
      for (const [name, value] of Object.entries(simulation.props())) {
        if (state.props.get(name) !== Math.fround(value)) state.props.set(name, Math.fround(value));
      }
      updateEntities();
      updateViewers();
      updateBoards();
      updateFeed();
      updateSources();
    },
  };
}

function newEntityState(entity: Entity): EntityState {
  const copy = new EntityState();
  copy.kind = entity.kind;
  copy.motion = entity.motion;
  copy.sensor = entity.sensor;
  copy.viewer = entity.viewer;
  const { shape } = entity;
  copy.shape = shape.type;
  if (shape.type === "circle") copy.a = shape.radius;
  else if (shape.type === "box") {
    copy.a = shape.width;
    copy.b = shape.height;
  } else if (shape.type === "polygon") for (const corner of shape.corners) copy.corners.push(corner.x, corner.y);
  else copy.parts.push(...flatParts(shape));
  return copy;
}

function copyMap(from: ReadonlyMap<string, number>, to: MapSchema<number>): void {
  for (const [name, value] of from) if (to.get(name) !== Math.fround(value)) to.set(name, Math.fround(value));
  if (to.size > from.size) for (const name of [...to.keys()]) if (!from.has(name)) to.delete(name);
}

/** Gives a list the wanted length and fills each row; rows are reused, so unchanged fields cost nothing. */
function fill<T>(
  rows: ArraySchema<T>,
  length: number,
  Row: new () => T,
  assign: (row: T, index: number) => void,
): void {
  while (rows.length > length) rows.pop();
  while (rows.length < length) rows.push(new Row());
  for (let index = 0; index < length; index++) assign(rows[index]!, index);
}

function setTexts(copies: ArraySchema<string>, texts: readonly string[]): void {
  while (copies.length > texts.length) copies.pop();
  texts.forEach((text, index) => {
    if (index >= copies.length) copies.push(text);
    else if (copies[index] !== text) copies[index] = text;
  });
}
