/** How Last Ball looks: the platform with its rim, the bumpers, the bar, and what hits, powers and knock-outs look like. */
import type * as Phaser from "phaser";
import type { EntityDrawing, GameView, MountedView, StagedEntity, StageKit, StageTime } from "../../game/view.ts";
import type { Effect } from "../../world/effect.ts";
import { effectPictures } from "./view-effects.ts";
import { createPlatform } from "./view-platform.ts";

/** Radius of the bumper's picture; the entity's own radius scales it. */
const bumperPicture = 30;

const view: GameView = {
  frame: { x: 20, y: 552, width: 930, height: 916 },
  joinHint: "Comment to join!",
  mount,
};
export default view;

function mount(kit: StageKit): MountedView {
  const platform = createPlatform(kit);
  return {
    entity(entity) {
      if (entity.kind === "bumper") return drawBumper(kit);
      if (entity.kind === "bar") return drawBar(kit, entity);
      if (entity.kind === "hub") return drawHub(kit, entity);
      return undefined;
    },
    effect: (effect: Effect) => effectPictures[effect.kind]?.(kit, effect),
    frame: (time: StageTime) => platform.frame(time),
    destroy: () => platform.destroy(),
  };
}

function disc(c: CanvasRenderingContext2D, radius: number, color: string): void {
  c.fillStyle = color;
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.fill();
}

/** A pale button with a red heart that jumps when it is hit. */
function drawBumper({ picture, layers, look }: StageKit): EntityDrawing {
  const image: Phaser.GameObjects.Image = picture("bumper", 72, 72, (c) => {
    disc(c, bumperPicture + 3, look.ink);
    disc(c, bumperPicture - 5, look.paper);
    disc(c, bumperPicture - 17, look.bad);
  });
  const base = image.scaleX;
  let jump = 0;
  layers.structure.add(image);
  return {
    draw(now, time) {
      jump = Math.max(0, jump - time.seconds * 4);
      image.setPosition(now.x, now.y).setScale((base * now.a * (1 + 0.28 * jump * jump)) / bumperPicture);
    },
    hit(_nx, _ny, power) {
      jump = Math.max(jump, 0.4 + power * 0.6);
    },
    destroy: () => image.destroy(),
  };
}

/** A golden bar with round ends. */
function drawBar({ picture, layers, look }: StageKit, entity: StagedEntity): EntityDrawing {
  const { a: width, b: height } = entity;
  const shadow = picture(`bar-shadow:${width}:${height}`, width + 20, height + 20, (c) => {
    c.fillStyle = "rgba(11, 9, 32, 0.38)";
    c.beginPath();
    c.roundRect(-width / 2, -height / 2, width, height, height / 2);
    c.fill();
  });
  const bar = picture(`bar:${width}:${height}`, width + 16, height + 16, (c) => {
    c.fillStyle = look.ink;
    c.beginPath();
    c.roundRect(-width / 2 - 3, -height / 2 - 3, width + 6, height + 6, height / 2);
    c.fill();
    const shade = c.createLinearGradient(0, -height / 2, 0, height / 2);
    shade.addColorStop(0, look.gold);
    shade.addColorStop(1, look.rim[0]);
    c.fillStyle = shade;
    c.beginPath();
    c.roundRect(-width / 2 + 5, -height / 2 + 5, width - 10, height - 10, height / 2);
    c.fill();
  });
  layers.shadows.add(shadow);
  layers.structure.add(bar);
  return {
    draw(now) {
      shadow.setPosition(now.x + 8, now.y + 18).setRotation(now.angle);
      bar.setPosition(now.x, now.y).setRotation(now.angle);
    },
    destroy() {
      shadow.destroy();
      bar.destroy();
    },
  };
}

/** The pale hub the bar turns on. */
function drawHub({ picture, layers, look }: StageKit, entity: StagedEntity): EntityDrawing {
  const { a: radius } = entity;
  const image = picture(`hub:${radius}`, radius * 2 + 16, radius * 2 + 16, (c) => {
    disc(c, radius + 3, look.ink);
    disc(c, radius - 5, look.paper);
    disc(c, radius * 0.3, look.surface[1]);
  });
  layers.structure.add(image);
  return {
    draw: (now) => void image.setPosition(now.x, now.y),
    destroy: () => image.destroy(),
  };
}
