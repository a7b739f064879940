/** How the pieces that move look: spinners, windmills, see-saws, belts, saws, pads, carousels and rails. */
import type { EntityDrawing, StagedEntity, StageKit, StageTime } from "../../game/view.ts";
import { bar, type Context, chevron, disc, fillRound, isSeen, placeBoth, shadowFill, simple } from "./view-draw.ts";
import { highlight } from "./view-pieces.ts";

/** Planks of see-saws and rubber of belts. */
const plankColors = ["#b8f34a", "#6fae22"] as const;
const beltColors = ["#4a4478", "#2b2752"] as const;
const steel = "#d8d4ee";

/** A golden bar on a pale hub. */
export function drawSpinner(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look } = kit;
  return simple(kit, {
    ...{ key: `spinner:${width}`, width: width + 24, height: height + 44 },
    draw(c) {
      bar(c, width, height, look.gold, look.rim[0], look.ink);
      hub(c, 30, look);
    },
    shadow: (c) => fillRound(c, width + 8, height + 8, height / 2, shadowFill),
  });
}

function hub(c: Context, radius: number, { ink, paper, surface }: StageKit["look"]): void {
  disc(c, radius + 4, ink);
  disc(c, radius - 4, paper);
  disc(c, radius * 0.34, surface[1]);
}

/** Two golden bars across each other. */
export function drawCross(kit: StageKit, { parts }: StagedEntity): EntityDrawing {
  const { look } = kit;
  const width = Math.max(...parts.map(({ a, b }) => Math.max(a, b)), 100);
  const height = Math.min(...parts.map(({ a, b }) => Math.min(a, b)), 60);
  const twice = (c: Context, draw: () => void) => {
    draw();
    c.rotate(Math.PI / 2);
    draw();
  };
  return simple(kit, {
    ...{ key: `cross:${width}`, width: width + 24, height: width + 24 },
    draw(c) {
      twice(c, () => fillRound(c, width + 8, height + 8, height / 2 + 4, look.ink));
      twice(c, () => fillRound(c, width - 8, height - 8, height / 2 - 4, look.gold));
      twice(c, () => disc(c, 9, look.bad, width / 2 - height / 2, 0));
      c.rotate(Math.PI);
      twice(c, () => disc(c, 9, look.bad, width / 2 - height / 2, 0));
      hub(c, 40, look);
    },
    shadow: (c) => twice(c, () => fillRound(c, width, height, height / 2, shadowFill)),
  });
}

/** A plank on a foot that stays upright. */
export function drawSeesaw(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look, layers } = kit;
  const foot = kit.picture("seesaw-foot", 110, 120, (c) => {
    c.lineJoin = "round";
    c.beginPath();
    c.moveTo(0, -8);
    c.lineTo(38, 48);
    c.lineTo(-38, 48);
    c.closePath();
    c.lineWidth = 14;
    c.strokeStyle = look.ink;
    c.stroke();
    c.fillStyle = look.rim[1];
    c.fill();
  });
  layers.structure.add(foot);
  const plank = simple(kit, {
    ...{ key: `seesaw:${width}`, width: width + 24, height: height + 34 },
    draw(c) {
      bar(c, width, height, plankColors[0], plankColors[1], look.ink, 0.5);
      highlight(c, width, height);
      hub(c, 17, look);
    },
    shadow: (c) => fillRound(c, width + 8, height + 8, height / 2, shadowFill),
  });
  return {
    draw(now, time) {
      foot.setVisible(isSeen(kit, now.y)).setPosition(now.x, now.y);
      plank.draw(now, time);
    },
    destroy() {
      foot.destroy();
      plank.destroy();
    },
  };
}

/** Rubber whose marks run the way it carries. */
export function drawBelt(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look, layers, picture } = kit;
  const base = simple(kit, {
    ...{ key: `belt:${Math.round(width)}`, width: width + 40, height: height + 40 },
    draw(c) {
      bar(c, width, height, beltColors[0], beltColors[1], look.ink);
      for (const x of [-width / 2 + height / 2, width / 2 - height / 2]) {
        disc(c, height * 0.3, look.ink, x, 0);
        disc(c, height * 0.2, steel, x, 0);
      }
    },
    shadow: (c) => fillRound(c, width + 8, height + 8, height / 2, shadowFill),
  });
  const room = width - height * 1.5;
  const count = Math.max(1, Math.floor(room / 84));
  const marks = Array.from({ length: count }, () => picture("belt-mark", 44, 44, (c) => chevron(c, 13, 9, look.gold)));
  layers.structure.add(marks);
  const place = (now: StagedEntity, time: StageTime) => {
    const seen = isSeen(kit, now.y);
    const speed = now.wears("speed");
    const turn = now.angle + (speed < 0 ? Math.PI : 0);
    marks.forEach((mark, index) => {
      const run = kit.reducedMotion ? 0 : (time.tick * Math.abs(speed)) / room;
      const share = (((index / count + run) % 1) + 1) % 1;
      const along = (share - 0.5) * room;
      mark
        .setVisible(seen)
        .setAlpha(Math.min(1, Math.min(share, 1 - share) * 8))
        .setRotation(turn);
      mark.setPosition(now.x + Math.cos(turn) * along, now.y + Math.sin(turn) * along);
    });
  };
  return {
    draw(now, time) {
      base.draw(now, time);
      place(now, time);
    },
    destroy() {
      base.destroy();
      for (const mark of marks) mark.destroy();
    },
  };
}

/** A blade with teeth that turns by itself. */
export function drawSaw(kit: StageKit, { a: radius }: StagedEntity): EntityDrawing {
  const { look, layers, picture } = kit;
  const side = (radius + 26) * 2;
  const shadow = picture(`saw-shadow:${radius}`, side, side, (c) => disc(c, radius + 8, shadowFill));
  const blade = picture(`saw:${radius}`, side, side, (c) => {
    teeth(c, radius + 16, radius - 2, 12, look.ink);
    teeth(c, radius + 6, radius - 8, 12, look.bad);
    disc(c, radius - 12, steel);
    disc(c, radius * 0.5, look.ink);
    disc(c, radius * 0.34, look.bad);
  });
  layers.shadows.add(shadow);
  layers.structure.add(blade);
  return {
    draw(now, time) {
      const seen = isSeen(kit, now.y);
      placeBoth(now, blade.setVisible(seen), shadow.setVisible(seen), kit.reducedMotion ? 0 : time.clock * 7);
    },
    destroy() {
      shadow.destroy();
      blade.destroy();
    },
  };
}

function teeth(c: Context, reach: number, waist: number, count: number, fill: string): void {
  c.fillStyle = fill;
  c.beginPath();
  for (let i = 0; i < count; i++) {
    const angle = (i / count) * Math.PI * 2;
    c.lineTo(Math.cos(angle) * waist, Math.sin(angle) * waist);
    c.lineTo(Math.cos(angle + 0.36) * reach, Math.sin(angle + 0.36) * reach);
  }
  c.closePath();
  c.fill();
}

/** A strip of arrows that throws what passes: the pads of the track, and rails in their owner's colour. */
export function drawThrower(kit: StageKit, entity: StagedEntity, hue: string): EntityDrawing {
  const { look, layers, picture } = kit;
  const { a: width, b: height, kind } = entity;
  const plate = picture(`${kind}:${width}:${hue}`, width + 24, height + 24, (c) => {
    fillRound(c, width, height, 26, "rgba(11, 9, 32, 0.5)");
    c.lineWidth = 8;
    c.strokeStyle = hue;
    c.beginPath();
    c.roundRect(-width / 2 + 6, -height / 2 + 6, width - 12, height - 12, 22);
    c.stroke();
  });
  const columns = kind === "rail" ? 3 : 1;
  const marks = Array.from({ length: 2 * columns }, () =>
    picture(`throw:${hue}`, 120, 120, (c) => {
      c.rotate(Math.PI / 2);
      chevron(c, 38, 24, look.ink);
      chevron(c, 38, 14, hue);
    }),
  );
  layers.structure.add([plate, ...marks]);
  return {
    draw(now, time) {
      const seen = isSeen(kit, now.y);
      plate.setVisible(seen).setPosition(now.x, now.y);
      marks.forEach((mark, index) => {
        const flow = ((kit.reducedMotion ? 0.25 : time.clock * 1.5) + (index % 2) / 2) % 1;
        const column = Math.floor(index / 2) - (columns - 1) / 2;
        mark.setVisible(seen).setAlpha(Math.min(1, Math.min(flow, 1 - flow) * 5));
        mark.setPosition(now.x + (column * width) / columns, now.y + (flow - 0.5) * height * 0.8);
      });
    },
    destroy() {
      for (const image of [plate, ...marks]) image.destroy();
    },
  };
}

/** A golden ball that circles. */
export function drawOrb(kit: StageKit, { a: radius }: StagedEntity): EntityDrawing {
  const { look } = kit;
  const side = (radius + 14) * 2;
  return simple(kit, {
    ...{ key: `orb:${radius}`, width: side, height: side, jump: 0.2 },
    draw(c) {
      disc(c, radius + 4, look.ink);
      disc(c, radius - 4, look.gold);
      disc(c, radius * 0.3, look.paper, -radius * 0.3, -radius * 0.3);
    },
    shadow: (c) => disc(c, radius, shadowFill),
  });
}

/** A viewer's face in the middle of the carousel that was built for them. */
export function drawPatron(kit: StageKit, entity: StagedEntity): EntityDrawing {
  const { look, layers } = kit;
  const radius = entity.a;
  const side = (radius + 70) * 2;
  const rays = kit.picture(`patron:${radius}`, side, side, (c) => {
    teeth(c, radius + 66, radius + 10, 16, look.ink);
    teeth(c, radius + 52, radius + 4, 16, look.gold);
  });
  layers.structure.add(rays);
  const face = kit.body(entity);
  return {
    draw(now, time) {
      rays.setVisible(isSeen(kit, now.y)).setPosition(now.x, now.y);
      if (!kit.reducedMotion) rays.setRotation(time.clock * 0.4);
      face.draw(now, time);
    },
    hit: (nx, ny, power) => face.hit?.(nx, ny, power),
    destroy() {
      rays.destroy();
      face.destroy();
    },
  };
}
