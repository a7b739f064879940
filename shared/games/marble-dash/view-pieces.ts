/** How the pieces that stand still look: pegs, bumps, bumpers, shelves, plates, gates. */
import type { EntityDrawing, StagedEntity, StageKit } from "../../game/view.ts";
import { bar, type Context, chevron, disc, fillRound, isSeen, placeBoth, shadowFill, simple } from "./view-draw.ts";

/** Shelf from above to below, and its bright upper edge. */
const shelfColors = ["#8f7bff", "#5b46c9"] as const;
const plateColors = ["#a8ecff", "#4aa8d8"] as const;

/** Pale button with a hue that tells one row from the next. */
export function drawPeg(kit: StageKit, { a: radius, y }: StagedEntity): EntityDrawing {
  const { look } = kit;
  const hue = look.hues[Math.abs(Math.round(y / 180)) % look.hues.length]!;
  const side = (radius + 12) * 2;
  return simple(kit, {
    ...{ key: `peg:${radius}:${hue}`, width: side, height: side, jump: 0.22 },
    draw(c) {
      disc(c, radius + 4, look.ink);
      disc(c, radius - 4, look.paper);
      disc(c, radius * 0.42, hue);
    },
    shadow: (c) => disc(c, radius + 2, shadowFill),
  });
}

/** A bump on the wall: rim-coloured, with the wall's ink around. */
export function drawNub(kit: StageKit, { corners }: StagedEntity): EntityDrawing {
  const { look } = kit;
  const side = (corners[2] ?? 0) > 0 || (corners[0] ?? 0) < (corners[4] ?? 0) ? 1 : -1;
  const trace = (c: Context) => {
    c.beginPath();
    for (let i = 0; i + 1 < corners.length; i += 2) c.lineTo(corners[i]!, corners[i + 1]!);
    c.closePath();
    c.lineJoin = "round";
  };
  return simple(kit, {
    ...{ key: `nub:${side}:${corners.length}:${Math.sign(corners[2] ?? 0)}`, width: 160, height: 200, jump: 0.06 },
    draw(c) {
      trace(c);
      c.lineWidth = 16;
      c.strokeStyle = look.ink;
      c.stroke();
      const shade = c.createLinearGradient(0, -84, 0, 84);
      shade.addColorStop(0, look.rim[0]);
      shade.addColorStop(1, look.rim[1]);
      c.fillStyle = shade;
      c.fill();
    },
  });
}

/** A large button with a heart of its own that jumps when it is hit. */
export function drawBumper(kit: StageKit, { a: radius }: StagedEntity): EntityDrawing {
  const { look } = kit;
  const side = (radius + 30) * 2;
  return simple(kit, {
    ...{ key: `bumper:${radius}`, width: side, height: side, jump: 0.2 },
    draw(c) {
      disc(c, radius + 5, look.ink);
      const shade = c.createLinearGradient(-radius, -radius, radius, radius);
      shade.addColorStop(0, look.rim[0]);
      shade.addColorStop(1, look.rim[1]);
      disc(c, radius - 4, shade);
      disc(c, radius * 0.66, look.ink);
      disc(c, radius * 0.66 - 7, look.paper);
      disc(c, radius * 0.3, look.bad);
    },
    shadow: (c) => disc(c, radius + 4, shadowFill),
  });
}

/** A plank with a bright edge on its upper side. */
export function drawShelf(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look } = kit;
  return simple(kit, {
    ...{ key: `shelf:${Math.round(width)}:${height}`, width: width + 40, height: height + 40 },
    draw(c) {
      bar(c, width, height, shelfColors[0], shelfColors[1], look.ink, 0.6);
      highlight(c, width, height);
    },
    shadow: (c) => fillRound(c, width + 8, height + 8, height * 0.4, shadowFill),
  });
}

/** The light on the upper edge of planks. */
export function highlight(c: Context, width: number, height: number): void {
  c.fillStyle = "rgba(255, 255, 255, 0.32)";
  c.beginPath();
  c.roundRect(-width / 2 + 20, -height / 2 + 10, width - 40, 8, 4);
  c.fill();
}

/** Pane that cracks: three pictures, one for each stage. */
export function drawPlate(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look, layers, picture } = kit;
  const images = [0, 1, 2, 3].map((cracks) =>
    picture(`plate:${width}:${cracks}`, width + 24, height + 24, (c) => {
      bar(c, width - 4, height, plateColors[0], plateColors[1], look.ink, 0.35);
      highlight(c, width, height);
      drawCracks(c, width, height, cracks, look.ink);
    }),
  );
  layers.structure.add(images);
  let shake = 0;
  return {
    draw(now, time) {
      const cracks = Math.min(3, Math.max(0, Math.round(now.wears("cracks"))));
      const seen = isSeen(kit, now.y);
      shake = Math.max(0, shake - time.seconds * 5);
      images.forEach((image, index) => {
        image.setVisible(seen && index === cracks);
        image.setPosition(now.x, now.y + (kit.reducedMotion ? 0 : shake * 7 * Math.sin(time.clock * 60)));
      });
    },
    hit(_nx, _ny, power) {
      shake = Math.max(shake, 0.3 + power);
    },
    destroy() {
      for (const image of images) image.destroy();
    },
  };
}

function drawCracks(c: Context, width: number, height: number, cracks: number, ink: string): void {
  c.strokeStyle = ink;
  c.lineWidth = 5;
  c.lineJoin = "round";
  for (let crack = 0; crack < cracks; crack++) {
    const x = (crack - (cracks - 1) / 2) * width * 0.27;
    c.beginPath();
    c.moveTo(x - 6, -height / 2 + 6);
    c.lineTo(x + 14, -height * 0.12);
    c.lineTo(x - 12, height * 0.1);
    c.lineTo(x + 8, height / 2 - 6);
    c.moveTo(x + 14, -height * 0.12);
    c.lineTo(x + 40, height * 0.06);
    c.stroke();
  }
}

/** A gate in a shelf: striped while shut, a glowing way down while open. */
export function drawDoor(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look, layers, picture } = kit;
  const shut = picture(`door:${Math.round(width)}`, width + 24, height + 24, (c) => {
    bar(c, width, height, look.bad, "#c22f62", look.ink, 0.4);
    stripes(c, width - 16, height - 16, "rgba(255, 247, 232, 0.5)");
  });
  const open = picture(`door-open:${Math.round(width)}`, width + 24, height + 24, (c) => {
    c.setLineDash([26, 18]);
    c.lineWidth = 9;
    c.strokeStyle = look.good;
    c.beginPath();
    c.roundRect(-width / 2 + 6, -height / 2 + 6, width - 12, height - 12, 16);
    c.stroke();
    c.setLineDash([]);
  });
  const arrows = [-1, 0, 1].map(() =>
    picture("door-arrow", 80, 80, (c) => {
      c.rotate(Math.PI / 2);
      chevron(c, 26, 22, look.ink);
      chevron(c, 26, 12, look.good);
    }),
  );
  layers.structure.add([shut, open, ...arrows]);
  let slide = 0;
  return {
    draw(now, time) {
      const until = now.wears("open");
      const isOpen = until > 0;
      const seen = isSeen(kit, now.y);
      slide += ((isOpen ? 1 : 0) - slide) * Math.min(1, time.seconds * 14);
      // About to shut: it shows itself twice a second.
      const closing = isOpen && until - time.tick < 60 && until - time.tick > 0;
      const ghostly = closing ? 0.3 + 0.3 * Math.sin(time.clock * Math.PI * 4) : 0;
      shut.setVisible(seen && slide < 0.98).setAlpha(Math.max(ghostly, 1 - slide));
      shut
        .setPosition(now.x, now.y)
        .setRotation(now.angle)
        .setScale(shut.scaleX, shut.scaleX * (1 - 0.5 * slide));
      open
        .setVisible(seen && slide > 0.02)
        .setAlpha(slide)
        .setPosition(now.x, now.y)
        .setRotation(now.angle);
      arrows.forEach((arrow, index) => {
        const flow = kit.reducedMotion ? 0.5 : (time.clock * 1.6 + index * 0.13) % 1;
        const along = (index - 1) * width * 0.28;
        arrow.setVisible(seen && slide > 0.1).setAlpha(slide * (1 - Math.abs(flow - 0.5) * 1.4));
        arrow.setPosition(now.x + Math.cos(now.angle) * along, now.y + Math.sin(now.angle) * along - 60 + flow * 120);
      });
    },
    destroy() {
      for (const image of [shut, open, ...arrows]) image.destroy();
    },
  };
}

/** Slanted stripes over a box. */
export function stripes(c: Context, width: number, height: number, color: string): void {
  c.save();
  c.beginPath();
  c.roundRect(-width / 2, -height / 2, width, height, 12);
  c.clip();
  c.strokeStyle = color;
  c.lineWidth = 20;
  for (let x = -width / 2 - height; x < width / 2 + height; x += 52) {
    c.beginPath();
    c.moveTo(x, height / 2 + 6);
    c.lineTo(x + height, -height / 2 - 6);
    c.stroke();
  }
  c.restore();
}

/** A leaf of the hopper's gate. */
export function drawGate(kit: StageKit, { a: width, b: height }: StagedEntity): EntityDrawing {
  const { look } = kit;
  const image = kit.picture(`gate:${width}`, width + 24, height + 24, (c) => {
    bar(c, width - 2, height, look.gold, look.rim[0], look.ink, 0.3);
    stripes(c, width - 18, height - 18, "rgba(11, 9, 32, 0.85)");
  });
  kit.layers.structure.add(image);
  return {
    draw: (now) => placeBoth(now, image, undefined),
    destroy: () => image.destroy(),
  };
}
