/** The scene: one drawing of the show for one size of page and one game. A new size or game starts it anew. */
import * as Phaser from "phaser";
import type { GameView, MountedView, StageKit, StageLayers, StageTime } from "../../shared/game/view.ts";
import type { ShowState } from "../../shared/protocol/state.ts";
import type { Show } from "../show/show.ts";
import { createGround, type Ground } from "./ground.ts";
import { mountGuarded } from "./guarded.ts";
import type { StageHandle } from "./handle.ts";
import { createDebugOverlay, type DebugOverlay } from "./hud/debug.ts";
import { createHud, type Hud } from "./hud/hud.ts";
import type { HudParts } from "./hud/panel.ts";
import { createPhoneShell } from "./hud/phone.ts";
import { createCamera, type StageCamera } from "./kit/camera.ts";
import { type AvatarStore, createFaces, type Faces } from "./kit/faces.ts";
import { createKit } from "./kit/kit.ts";
import { createNameTags, type NameTags } from "./kit/names.ts";
import { createParticles, type Particles } from "./kit/particles.ts";
import { createShouts, type Shouts } from "./kit/shout.ts";
import { type Box, belowPanels, fitPage, inView, type Layout, layOut, type Size, seenOf } from "./layout.ts";
import { createNamedBodies, type NamedBodies } from "./named.ts";
import type { StageOptions } from "./options.ts";
import { createPictures, type Pictures } from "./picture.ts";
import type { Sound } from "./sound.ts";
import { createWorld, type StageWorld } from "./world.ts";

/** A frame counts for no more than this: a page that was hidden must not fling things about. */
const longestFrameSeconds = 0.25;

/** Seen of a world before anything is known of it. */
const standardView = { viewWidth: 1080, viewHeight: 1920 };

/** A number that was sent with 32 bits, as it is written: 1.3, not 1.2999999523162842. */
const shortest = (value: number | undefined) =>
  value === undefined || Number.isInteger(value) ? value : Number(value.toPrecision(7));

/** What outlives a scene. */
export interface SceneParts {
  readonly show: Show;
  readonly options: StageOptions;
  readonly avatars: AvatarStore;
  readonly sound: Sound;
  /** View of the game that is played now. */
  view(): GameView;
}

/** Draws the show. Phaser owns its life: `create` builds everything, `update` runs every frame. */
export class StageScene extends Phaser.Scene {
  private readonly parts: SceneParts;
  private layout!: Layout;
  private view!: Size;
  private worldSize!: Size;
  private pictures!: Pictures;
  private faces!: Faces;
  private particles!: Particles;
  private shouts!: Shouts;
  private camera!: StageCamera;
  private names!: NameTags;
  private named!: NamedBodies;
  private hud!: Hud;
  private world!: StageWorld;
  private kit!: StageKit;
  /** Confetti, in front of the panels. */
  private paper!: Phaser.GameObjects.Container;
  private mounted!: MountedView;
  private ground: Ground | undefined;
  private debugOverlay: DebugOverlay | undefined;
  private era = 0;
  private lastMs = 0;
  private tick = 0;
  private clock = 0;
  private phase = "";
  private ready = false;

  constructor(parts: SceneParts) {
    super("stage");
    this.parts = parts;
  }

  create(): void {
    const { options, avatars, show } = this.parts;
    const view = this.parts.view();
    const page = { width: this.scale.width, height: this.scale.height };
    const { viewWidth, viewHeight } = show.state ?? standardView;
    this.worldSize = { width: show.state?.width ?? viewWidth, height: show.state?.height ?? viewHeight };
    this.view = { width: viewWidth, height: viewHeight };
    this.layout = layOut(page, this.view, view.frame);
    const fit = fitPage(page, this.layout);
    const detail = Math.min(2.5, Math.max(0.3, fit.scale * Math.max(1, this.layout.view.scale)));
    this.pictures = createPictures(this, detail);
    this.faces = createFaces(this.pictures, avatars);
    this.ground = options.transparent
      ? undefined
      : createGround(this, this.pictures, page, fit.scale, options.reducedMotion);
    const pageRoot = this.add.container(fit.x, fit.y).setScale(fit.scale);
    this.buildWorld(pageRoot, seenOf(page, this.layout));
    this.buildHud(pageRoot, view);
    pageRoot.add(this.paper);
    this.mounted = mountGuarded(view, this.kit);
    this.era = show.era;
    this.ready = true;
    this.events.once("shutdown", () => {
      this.ready = false;
      this.mounted.destroy();
    });
  }

  private layer(parent: Phaser.GameObjects.Container): Phaser.GameObjects.Container {
    const layer = this.make.container({}, false);
    parent.add(layer);
    return layer;
  }

  private buildWorld(pageRoot: Phaser.GameObjects.Container, seen: Box): void {
    const { layout, pictures, faces } = this;
    const { options, show, sound } = this.parts;
    const root = this.layer(pageRoot);
    const layers: StageLayers = {
      floor: this.layer(root),
      shadows: this.layer(root),
      structure: this.layer(root),
      bodies: this.layer(root),
      sparks: this.layer(root),
    };
    const tags = this.layer(root);
    const words = this.layer(root);
    const paper = this.make.container({}, false);
    // Names and shouts stay in what is seen and no panel covers, wherever that is now.
    const area = inView(layout, layout.wide ? { ...layout.middle, x: 440, width: 1040 } : belowPanels(layout));
    const areaNow = () => this.camera.toWorld(area);
    const middle = { x: layout.middle.x + layout.middle.width / 2, y: layout.middle.y + layout.middle.height / 2 };
    const measure = document.createElement("canvas").getContext("2d")!;
    this.paper = paper;
    this.camera = createCamera(root, layout.view, middle, seen);
    // A layer for each kind: pictures of one texture in a row are drawn in one go.
    const kinds = {
      dot: this.layer(layers.sparks),
      ring: this.layer(layers.sparks),
      stroke: this.layer(layers.sparks),
    };
    this.particles = createParticles(pictures, (kind) => (kind === "paper" ? paper : kinds[kind]));
    this.shouts = createShouts(pictures, words, areaNow, options.reducedMotion);
    this.names = createNameTags(pictures, tags, measure, areaNow, layout.view.scale);
    this.named = createNamedBodies();
    this.world = createWorld(
      show.motion,
      () => this.kit,
      () => this.mounted,
    );
    this.kit = createKit({
      scene: this,
      layers,
      pictures,
      faces,
      particles: this.particles,
      shouts: this.shouts,
      camera: this.camera,
      sound,
      reducedMotion: options.reducedMotion,
      page: layout,
      prop: (name, fallback) => shortest(show.state?.props.get(name)) ?? fallback,
      phase: () => this.phase,
      world: this.worldSize,
      entity: (id) => this.world.get(id),
      hit: (id, nx, ny, power) => this.world.hit(id, nx, ny, power),
      viewer(key) {
        const viewer = show.state?.viewers.get(key);
        const { name, avatar, bot, test } = viewer ?? { name: "", avatar: "", bot: false, test: false };
        return { key, name, avatar, bot, test };
      },
      measure,
      card: (text, viewer = "") => this.hud.card(text, viewer),
      banner: (text, tone = "plain", seconds = 2) => this.hud.banner(text, tone, seconds),
      slow: (seconds) => show.slow(seconds),
    });
  }

  private buildHud(pageRoot: Phaser.GameObjects.Container, view: GameView): void {
    const { pictures, faces, layout } = this;
    const { options, sound } = this.parts;
    const measure = document.createElement("canvas").getContext("2d")!;
    const parts: HudParts = {
      pictures,
      layer: this.layer(pageRoot),
      reducedMotion: options.reducedMotion,
      hueOf: faces.hueOf,
      measure,
    };
    this.hud = createHud(parts, layout, faces, this, view.joinHint, {
      sound: (name, pitch) => sound.play(name, pitch),
      cheer: () => {
        this.kit.confetti();
        sound.play("win", 0.5);
      },
    });
    this.debugOverlay = options.debug ? createDebugOverlay(parts, layout) : undefined;
    if (options.phone) createPhoneShell(parts, layout);
  }

  override update(): void {
    if (!this.ready) return;
    const { show } = this.parts;
    // Real time, not Phaser's smoothed one: on a slow machine a burst must not last longer.
    const nowMs = performance.now();
    const seconds = Math.min(longestFrameSeconds, Math.max(0, nowMs - this.lastMs) / 1000);
    this.lastMs = nowMs;
    this.clock += seconds;
    if (show.era !== this.era) {
      // Another room or show: nothing drawn so far is true any more, no ball and no line of a panel.
      this.era = show.era;
      this.scene.restart();
      return;
    }
    const { state } = show;
    this.tick = show.now(nowMs);
    this.phase = show.phaseAt(this.tick);
    const time: StageTime = { tick: this.tick, seconds, clock: this.clock };
    this.ground?.update(this.clock);
    if (state) {
      this.followCamera(state);
      this.mounted.frame(time);
      this.world.update(state, time);
      show.playEffects(this.tick, (effect) => {
        // Badges are given by every game and look the same in all of them.
        if (effect.kind === "badge") this.hud.card(effect.text, effect.viewer);
        else this.mounted.effect(effect);
      });
      const bodies = this.hud.coversArena()
        ? []
        : this.named.read(this.world.actors, state, this.tick, this.camera.seen);
      this.names.update(bodies, seconds);
    }
    this.particles.update(seconds);
    this.shouts.update(seconds);
    this.camera.update(seconds);
    const hudTime = { tick: this.tick, seconds, clock: this.clock, phase: this.phase };
    this.hud.update(state, hudTime, { problem: show.problem(), hasEnded: show.status === "ended" });
    this.debugOverlay?.update(state, { ...this.report(), behindTicks: Math.round(show.behind(this.tick)) });
  }

  /** Shows what the room's camera saw at the picture's tick. */
  private followCamera({ cameraX, cameraY }: ShowState): void {
    const { width, height } = this.view;
    const { x, y } = this.parts.show.camera.at(this.tick, width, height) ?? { x: cameraX, y: cameraY };
    this.camera.look(x - width / 2, y - height / 2);
  }

  /** What the page shows now. */
  report(): StageHandle {
    const { show } = this.parts;
    return {
      connected: show.status === "joined",
      status: show.status,
      tick: Math.round(this.tick),
      phase: this.phase,
      entities: this.ready ? this.world.drawn : 0,
      names: this.ready ? this.names.drawn() : [],
      hud: this.ready ? { ...this.hud.texts(), debug: this.debugOverlay?.text() ?? "" } : {},
      camera: this.ready ? { ...this.camera.seen } : { x: 0, y: 0, width: 0, height: 0 },
      fps: Math.round(this.game?.loop.actualFps ?? 0),
      textures: this.ready ? this.pictures.size : 0,
      particles: this.ready ? this.particles.size : 0,
    };
  }
}
