/** The world on the stage: which entities are in the picture, where, and their drawings, made and removed as they come and go. */
import type {
  EntityDrawing,
  MountedView,
  StagedEntity,
  StagedPart,
  StageKit,
  StageTime,
} from "../../shared/game/view.ts";
import { partsOf } from "../../shared/protocol/parts.ts";
import type { EntityState, ShowState } from "../../shared/protocol/state.ts";
import type { EntityId } from "../../shared/world/world.ts";
import type { Motion, Pose } from "../show/motion.ts";
import { reachOf } from "./kit/shapes.ts";

const shapes = ["box", "polygon", "compound"] as const;
const motions = ["fixed", "kinematic"] as const;
/**
 * What is drawn around an entity (a glow, a shadow, what it wears) may reach this far beyond its shape: a factor of its reach, and units.
 * One that has a drawing keeps it for some units more, so that none is made and destroyed in turn at the edge.
 */
const aroundFactor = 1.4;
const aroundUnits = 60;
const keptUnits = 120;

/** An entity in the picture. Looks are copied, so that it can stay a moment longer than the room's state. */
class Actor implements StagedEntity {
  readonly id: EntityId;
  readonly kind: string;
  readonly shape: StagedEntity["shape"];
  readonly corners: readonly number[];
  readonly parts: readonly StagedPart[];
  readonly motion: StagedEntity["motion"];
  readonly sensor: boolean;
  readonly viewer: string;
  age = 0;
  a: number;
  b: number;
  x = 0;
  y = 0;
  angle = 0;
  vx = 0;
  vy = 0;
  seen = 0;
  drawing: EntityDrawing | undefined;
  private readonly farthest: number;
  private looks: EntityState;
  /** What it wore when it left the room's state. */
  private readonly kept = new Map<string, number>();
  private gone = false;

  constructor(id: EntityId, looks: EntityState) {
    this.id = id;
    this.kind = looks.kind;
    this.shape = shapes.find((shape) => shape === looks.shape) ?? "circle";
    this.corners = [...looks.corners];
    this.parts = partsOf([...looks.parts]);
    this.motion = motions.find((motion) => motion === looks.motion) ?? "dynamic";
    this.sensor = looks.sensor;
    this.viewer = looks.viewer;
    this.a = looks.a;
    this.b = looks.b;
    this.looks = looks;
    const whole = { ...this, shape: this.shape === "box" ? "box" : "polygon", x: 0, y: 0, angle: 0 } as const;
    this.farthest = reachOf(this.shape === "compound" ? this.parts : [whole]);
  }
  wears(name: string): number {
    return (this.gone ? this.kept.get(name) : this.looks.wear.get(name)) ?? 0;
  }
  /** Distance from its middle to its farthest point. */
  get reach(): number {
    return this.shape === "circle" ? this.a : this.farthest;
  }
  move(pose: Readonly<Pose>): void {
    this.x = pose.x;
    this.y = pose.y;
    this.angle = pose.angle;
    this.vx = pose.vx;
    this.vy = pose.vy;
  }
  /** Takes the latest looks, or keeps the last ones once the room has dropped it. */
  look(looks: EntityState | undefined): void {
    if (looks) {
      this.looks = looks;
      this.a = looks.a;
      this.b = looks.b;
      this.gone = false;
    } else if (!this.gone) {
      this.gone = true;
      this.looks.wear.forEach((value, name) => {
        this.kept.set(name, value);
      });
    }
  }
}

export interface StageWorld {
  /** Moves and draws everything for this moment. */
  update(state: ShowState, time: StageTime): void;
  get(id: EntityId): StagedEntity | undefined;
  hit(id: EntityId, nx: number, ny: number, power: number): void;
  /** Entities in the world as of the picture's tick. */
  readonly actors: ReadonlyMap<EntityId, StagedEntity>;
  /** How many of them are drawn: those that are in what is seen, or nearly. */
  readonly drawn: number;
}

/** Creates the world of a scene. `view` is the game's, or undefined while there is none. */
export function createWorld(motion: Motion, kit: () => StageKit, view: () => MountedView | undefined): StageWorld {
  const actors = new Map<EntityId, Actor>();
  let frames = 0;
  let drawn = 0;

  /** Whether some of it may be seen. */
  const isNear = ({ x, y, reach, drawing }: Actor) => {
    const { camera } = kit();
    const around = reach * aroundFactor + aroundUnits + (drawing ? keptUnits : 0);
    return (
      x > camera.x - around &&
      x < camera.x + camera.width + around &&
      y > camera.y - around &&
      y < camera.y + camera.height + around
    );
  };
  const hide = (actor: Actor) => {
    actor.drawing?.destroy();
    actor.drawing = undefined;
  };
  const drawingFor = (actor: Actor): EntityDrawing => {
    const own = view()?.entity(actor);
    if (own) return own;
    return actor.viewer !== "" && actor.shape === "circle" ? kit().body(actor) : kit().placeholder(actor);
  };
  const remove = (actor: Actor) => {
    hide(actor);
    actors.delete(actor.id);
  };
  return {
    actors,
    get drawn() {
      return drawn;
    },
    update(state, time) {
      frames++;
      motion.each(time.tick, (id, pose) => {
        const looks = state.entities.get(String(id));
        let actor = actors.get(id);
        if (!actor) {
          // Poses and looks travel apart: until both are here there is nothing to draw.
          if (!looks) return;
          actor = new Actor(id, looks);
          actors.set(id, actor);
        }
        actor.look(looks);
        actor.move(pose);
        actor.seen = frames;
      });
      drawn = 0;
      for (const actor of actors.values()) {
        actor.age += time.seconds;
        if (actor.seen !== frames) remove(actor);
        else if (isNear(actor)) {
          drawn++;
          actor.drawing ??= drawingFor(actor);
          actor.drawing.draw(actor, time);
        } else hide(actor);
      }
      motion.forget(time.tick - 1);
    },
    get: (id) => actors.get(id),
    hit: (id, nx, ny, power) => actors.get(id)?.drawing?.hit?.(nx, ny, power),
  };
}
