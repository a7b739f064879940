/** GameView: how a game draws itself on the stage, and the StageKit of building blocks it draws with. Types only; client/stage fulfils them. */
import type * as Phaser from "phaser";
import type { Effect } from "../world/effect.ts";
import type { EntityId } from "../world/world.ts";

/** The stage's colours and fonts. Colours are CSS strings. */
export interface Look {
  /** Stage behind everything: middle and edge of a soft radial. */
  readonly ground: readonly [string, string];
  /** Arena, track, lane: middle and edge. */
  readonly surface: readonly [string, string];
  /** Every outline and shadow. */
  readonly ink: string;
  /** Text, bumpers, highlights. */
  readonly paper: string;
  /** Viewers, by a stable hash of their key. */
  readonly hues: readonly string[];
  /** Teams 1 to 4 (wear "team"). */
  readonly teams: readonly string[];
  /** Edges that matter, meters: from, to. */
  readonly rim: readonly [string, string];
  readonly good: string;
  readonly bad: string;
  readonly gold: string;
  /** Canvas font families. */
  readonly displayFont: string;
  readonly textFont: string;
  /** Thickness of the outline of bodies and structure, in units. */
  readonly outlineUnits: number;
}

/** A part of a compound: where it is in its body's own frame, and its shape as in `StagedEntity`. */
export interface StagedPart {
  readonly shape: "circle" | "box" | "polygon";
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly a: number;
  readonly b: number;
  readonly corners: readonly number[];
}

/** An entity as the picture shows it now: interpolated pose, latest looks. The same object for its whole life. */
export interface StagedEntity {
  readonly id: EntityId;
  readonly kind: string;
  readonly shape: "circle" | "box" | "polygon" | "compound";
  /** Radius of a circle, width of a box. */
  readonly a: number;
  /** Height of a box. */
  readonly b: number;
  /** x0, y0, x1, y1, ... of a polygon, around its centre. */
  readonly corners: readonly number[];
  /** What a compound is made of; none for another shape. */
  readonly parts: readonly StagedPart[];
  /** "dynamic": moved by physics; "kinematic": by the game; "fixed": never. */
  readonly motion: "dynamic" | "fixed" | "kinematic";
  /** Touches without pushing. */
  readonly sensor: boolean;
  /** Key of the viewer whose body it is, "" for none. */
  readonly viewer: string;
  /** Seconds since it came into the world, as far as this page has seen it. */
  readonly age: number;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  /** Velocity of the picture, units per tick. */
  readonly vx: number;
  readonly vy: number;
  /** What it wears, see Entity.wear; 0 when it does not. */
  wears(name: string): number;
}

/** Time as the picture knows it. */
export interface StageTime {
  /** Tick the picture shows, with a fraction; about 100 ms behind the room. */
  readonly tick: number;
  /** Seconds since the last frame, at most 0.25. */
  readonly seconds: number;
  /** Seconds the page has run, for idle movement. */
  readonly clock: number;
}

/** The drawing of one entity. It is made when the entity comes into the picture and destroyed when it has left it: one that comes back has a new one. */
export interface EntityDrawing {
  /** Called every frame with the entity's present pose and looks. */
  draw(entity: StagedEntity, time: StageTime): void;
  /** A hit along the unit vector (nx, ny), power 0 to 1: squash. */
  hit?(nx: number, ny: number, power: number): void;
  /** Removes every object it made. Called once. */
  destroy(): void;
}

/** Depths of the world's picture, from back to front. */
export interface StageLayers {
  /** Floors and arenas. */
  readonly floor: Phaser.GameObjects.Container;
  readonly shadows: Phaser.GameObjects.Container;
  /** Walls, bumpers, bars: below the bodies. */
  readonly structure: Phaser.GameObjects.Container;
  readonly bodies: Phaser.GameObjects.Container;
  /** Particles, rings, bursts. */
  readonly sparks: Phaser.GameObjects.Container;
}

/** Sounds that the stage has. */
export type SoundName = "tap" | "hit" | "bonk" | "pop" | "power" | "rise" | "fall" | "tick" | "go" | "win" | "join";

/** Signs of powers that the stage can draw. */
export type IconName =
  | "arrow"
  | "bolt"
  | "clock"
  | "crown"
  | "flag"
  | "flame"
  | "ghost"
  | "heart"
  | "magnet"
  | "meteor"
  | "plus"
  | "rock"
  | "shield"
  | "snow"
  | "spikes"
  | "spring"
  | "star"
  | "target"
  | "wall"
  | "weight"
  | "wind";

/** How a gauge looks. */
export interface GaugeOptions {
  /** Size in units, its outline included. Height: default 28. */
  readonly width: number;
  readonly height?: number;
  /** Of what is full. Default `look.good`. */
  readonly color?: string;
  /** A word on it. Default none. */
  readonly label?: string;
}

/** A bar in the world that fills: lives, a charge, time left. */
export interface Gauge {
  /** Add it to a layer and place it as you like; its middle is its origin. */
  readonly root: Phaser.GameObjects.Container;
  /** Shows a value from 0 to 1; with the frame's time it glides there. */
  show(value: number, time?: StageTime): void;
  destroy(): void;
}

/** A floor on the floor layer. */
export interface Floor {
  /** Call it in every frame: it keeps what is seen covered. */
  frame(): void;
  destroy(): void;
}

/** Colour of a banner. */
export type BannerTone = "plain" | "good" | "bad" | "gold";

/** What the stage lends a view. Everything is bounded: asking too often drops the least, it never piles up. */
export interface StageKit {
  readonly scene: Phaser.Scene;
  readonly look: Look;
  readonly layers: StageLayers;
  /** `?motion=reduced`: keep the meaning, leave out the movement. */
  readonly reducedMotion: boolean;
  /**
   * What of the world the page shows now, in world units: the game's view, and more where the page has room beside it. The same object all
   * along, up to date when `frame` is called. What lies outside is not drawn.
   */
  readonly camera: WorldFrame;
  /** Size of the whole world, in its units. */
  readonly world: { readonly width: number; readonly height: number };
  /** The game's own numbers from the room (GameDefinition.props). */
  prop(name: string, fallback: number): number;
  /** "lobby", "countdown", "play", "sudden" or "results", as the picture shows it. */
  phase(): string;
  entity(id: EntityId): StagedEntity | undefined;
  /** Passes a hit on to the drawing of an entity. */
  hit(id: EntityId, nx: number, ny: number, power: number): void;
  /** CSS colour of a viewer. */
  hueOf(viewer: string): string;
  /** An image of `width` x `height` units, drawn once per key with a 2D canvas whose origin is the middle. Add it to a layer; destroy it when done. */
  picture(
    key: string,
    width: number,
    height: number,
    draw: (context: CanvasRenderingContext2D) => void,
  ): Phaser.GameObjects.Image;
  /** The floor of games without a view: a field as large as the world, with a frame around it. */
  floor(): Floor;
  /** A power's sign on a coloured disc, `size` units across, origin in the middle. Default colour: a hue of its own. Add it to a layer; destroy it when done. */
  icon(name: IconName, size: number, color?: string): Phaser.GameObjects.Image;
  /** Words that stand in the world, `size` units high (20 to 220), at most 32 letters, origin in the middle. Default colour: paper. For words that seldom change. */
  label(text: string, size: number, color?: string): Phaser.GameObjects.Image;
  /** A bar that fills. */
  gauge(options: GaugeOptions): Gauge;
  /** A viewer's body: hue ring, face, shadow, wear, trail. For circles. */
  body(entity: StagedEntity): EntityDrawing;
  /** Any shape in a colour of its kind, for what has no drawing of its own: fixed, moved by the game, free and sensing ones differ. */
  placeholder(entity: StagedEntity): EntityDrawing;
  /** A star of short strokes at a hit. `power` 0 to 1. */
  burst(x: number, y: number, power: number, color?: string): void;
  /** Round bits that fly and fall. */
  bits(x: number, y: number, count: number, color: string, speed?: number): void;
  /** One soft round puff that stays and fades, for trails. */
  puff(x: number, y: number, radius: number, color: string): void;
  /** A ring that grows from `from` to `to` units and fades. */
  ring(x: number, y: number, from: number, to: number, color: string, seconds?: number): void;
  /** A shouted word ("BONK!"). At most a few at once and a few a second. */
  shout(text: string, x: number, y: number, color?: string): void;
  /** A line across the arena for a moment of the round. */
  banner(text: string, tone?: BannerTone, seconds?: number): void;
  /** A small card that slides in below the arena for a moment, with a viewer's face and name when there is one: a badge, an honour. Others wait, at most four. */
  card(text: string, viewer?: string): void;
  confetti(): void;
  /** Moves the camera by under 8 units and back. `power` 0 to 1. */
  nudge(nx: number, ny: number, power: number): void;
  /** Slow motion and a zoom on a place, for the last knock-out. */
  closeUp(x: number, y: number, seconds: number): void;
  /** A soft sound. `pitch` 0 low to 1 high, `power` 0 to 1. */
  sound(name: SoundName, pitch?: number, power?: number): void;
}

/** A view that has been put on the stage. */
export interface MountedView {
  /** The drawing of an entity that has just appeared; undefined leaves it to the stage (a body for viewers' circles, a placeholder for the rest). */
  entity(entity: StagedEntity): EntityDrawing | undefined;
  /** Shows an effect, when the picture has reached its tick. Unknown kinds: do nothing. "badge" never comes here: the stage shows it as a card. */
  effect(effect: Effect): void;
  /** Called every frame, before the entities. */
  frame(time: StageTime): void;
  /** Removes what it made that is no entity. Called once: another game comes, or the page has another size. */
  destroy(): void;
}

/** Part of the world, in its units; x and y of the top left corner. */
export interface WorldFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Default export of a game's view.ts. */
export interface GameView {
  /** What a wide page fits between its panels, counted from the top left of the view. Default: the whole view (the world, unless the game declares `layout.view`). */
  readonly frame?: WorldFrame;
  /** One line telling viewers how to join, shown in the lobby. */
  readonly joinHint: string;
  mount(kit: StageKit): MountedView;
}
