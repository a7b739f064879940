/** The track's ground: floor and walls that go by, marks of the way that is left, checkpoints, the finish, and the wind. */
import type * as Phaser from "phaser";
import type { StageKit, StageTime } from "../../game/view.ts";
import { moduleNames, modules } from "./modules.ts";
import { chevron, disc, stripesOfFinish } from "./view-draw.ts";

/** Inner edges of the track, as in pieces.ts. */
const left = 40;
const right = 930;
const width = right - left;
/** Height of one picture of the floor, how far it reaches below its neighbours, and most at once: a tall phone shows 2,400 units. */
const tileHeight = 960;
const overlap = 4;
const tiles = 5;
/** Floor colours that follow each other down the track. */
const floors = ["#332b78", "#2a2f7c", "#3a2873", "#2b2a66"] as const;
/** World units between two marks, and units in a metre. */
const markEvery = 1000;
const unitsPerMetre = 20;
/** Most checkpoints drawn. */
const maxCheckpoints = 8;
const maxSigns = 16;
const streaks = 14;

export interface TrackGround {
  frame(time: StageTime): void;
  destroy(): void;
}

/** Creates the ground. */
export function createTrackGround(kit: StageKit): TrackGround {
  const floor = createFloor(kit);
  const marks = createMarks(kit);
  const lines = createLines(kit);
  const signs = createSigns(kit);
  const wind = createWind(kit);
  return {
    frame(time) {
      floor.update();
      marks.update();
      lines.update(time);
      signs.update();
      wind.update(time);
    },
    destroy() {
      floor.destroy();
      marks.destroy();
      lines.destroy();
      signs.destroy();
      wind.destroy();
    },
  };
}

/** Floor and walls, in pictures that are moved on as the camera goes. */
function createFloor(kit: StageKit) {
  const { layers, camera } = kit;
  const images = floors.map((_, index) => Array.from({ length: tiles }, () => floorTile(kit, index)));
  // Every image can show any colour: which one is decided by where it stands.
  const all = images.flat();
  layers.floor.add(all);
  return {
    update() {
      const first = Math.floor(camera.y / tileHeight);
      for (const image of all) image.setVisible(false);
      for (let slot = 0; slot < tiles; slot++) {
        const row = first + slot;
        const color = ((row % floors.length) + floors.length) % floors.length;
        images[color]?.[slot]?.setVisible(true).setPosition((left + right) / 2, (row + 0.5) * tileHeight);
      }
    },
    destroy() {
      for (const image of all) image.destroy();
    },
  };
}

function floorTile({ picture, look }: StageKit, index: number): Phaser.GameObjects.Image {
  const wall = 320;
  return picture(`track-floor:${index}`, width + wall * 2, tileHeight + overlap * 2, (c) => {
    const shade = c.createLinearGradient(0, -tileHeight / 2, 0, tileHeight / 2);
    shade.addColorStop(0, floors[index]!);
    shade.addColorStop(1, floors[(index + 1) % floors.length]!);
    c.fillStyle = shade;
    c.fillRect(-width / 2, -tileHeight / 2 - overlap, width, tileHeight + overlap * 2);
    drawDepth(c);
    for (const side of [-1, 1]) drawWall(c, side, wall, look);
  });
}

/** Broad faint arrows down the floor: they make speed felt without asking for attention. */
function drawDepth(c: CanvasRenderingContext2D): void {
  c.strokeStyle = "rgba(255, 247, 232, 0.05)";
  c.lineWidth = 46;
  c.lineJoin = "miter";
  for (let y = -tileHeight / 2; y <= tileHeight / 2; y += 240) {
    c.save();
    c.beginPath();
    c.rect(-width / 2, -tileHeight / 2 - overlap, width, tileHeight + overlap * 2);
    c.clip();
    c.beginPath();
    c.moveTo(-width / 2, y - 130);
    c.lineTo(0, y + 30);
    c.lineTo(width / 2, y - 130);
    c.stroke();
    c.restore();
  }
}

/** A wall with its rim, ink on both sides, and blocks that go by. */
function drawWall(c: CanvasRenderingContext2D, side: number, thickness: number, look: StageKit["look"]): void {
  const edge = (side * width) / 2;
  c.fillStyle = "#15122f";
  c.fillRect(Math.min(edge, edge + side * thickness), -tileHeight / 2 - overlap, thickness, tileHeight + overlap * 2);
  c.fillStyle = "rgba(155, 123, 255, 0.13)";
  for (let y = -tileHeight / 2; y < tileHeight / 2; y += 160) {
    c.beginPath();
    c.roundRect(edge + side * (side > 0 ? 36 : 36 + 110), y + 14, 110, 132, 22);
    c.fill();
  }
  const rim = c.createLinearGradient(0, -tileHeight / 2, 0, tileHeight / 2);
  rim.addColorStop(0, look.rim[0]);
  rim.addColorStop(0.5, look.rim[1]);
  rim.addColorStop(1, look.rim[0]);
  c.fillStyle = look.ink;
  c.fillRect(side > 0 ? edge - 6 : edge - 30, -tileHeight / 2 - overlap, 36, tileHeight + overlap * 2);
  c.fillStyle = rim;
  c.fillRect(side > 0 ? edge + 2 : edge - 20, -tileHeight / 2 - overlap, 18, tileHeight + overlap * 2);
}

/** "300 m" on the floor: how far it still is. */
function createMarks(kit: StageKit) {
  const { layers, camera } = kit;
  const shown = new Map<number, Phaser.GameObjects.Image>();
  const drop = (metres: number) => {
    shown.get(metres)?.destroy();
    shown.delete(metres);
  };
  return {
    update() {
      const finish = kit.prop("finishY", 0);
      if (finish === 0) return;
      const least = Math.max(1, Math.ceil((finish - camera.y - camera.height) / markEvery));
      const most = Math.floor((finish - camera.y) / markEvery);
      for (const mark of shown.keys()) if (mark < least || mark > most) drop(mark);
      for (let mark = least; mark <= most; mark++) {
        const y = finish - mark * markEvery;
        if (y < kit.prop("gateY", 0) + 200) continue;
        let label = shown.get(mark);
        if (!label) {
          label = kit.label(`${(mark * markEvery) / unitsPerMetre} m`, 92);
          layers.floor.add(label.setAlpha(0.2));
          shown.set(mark, label);
        }
        label.setPosition(left + 150, y);
      }
    },
    destroy() {
      for (const mark of [...shown.keys()]) drop(mark);
    },
  };
}

/** The name of each stretch above its beginning; of dangerous ones in red. */
function createSigns(kit: StageKit) {
  const { layers, camera, look } = kit;
  const shown = new Map<number, { readonly label: Phaser.GameObjects.Image; readonly module: number }>();
  const drop = (nr: number) => {
    shown.get(nr)?.label.destroy();
    shown.delete(nr);
  };
  return {
    update() {
      for (let nr = 1; nr <= maxSigns; nr++) {
        const module = kit.prop(`module${nr}`, 0);
        const y = kit.prop(`moduleY${nr}`, 0) - 60;
        const name = moduleNames[module - 1];
        const isSeen = y > camera.y - 100 && y < camera.y + camera.height + 100;
        const old = shown.get(nr);
        if (old && (!isSeen || old.module !== module)) drop(nr);
        if (!isSeen || !name || shown.has(nr)) continue;
        const { title, role } = modules[name];
        const label = kit.label(title, 58, role === "hazard" ? look.bad : look.paper);
        label.setPosition(right - 40 - label.displayWidth / 2, y).setAlpha(role === "hazard" ? 0.85 : 0.32);
        layers.floor.add(label);
        shown.set(nr, { label, module });
      }
    },
    destroy() {
      for (const nr of [...shown.keys()]) drop(nr);
    },
  };
}

/** Checkpoints and the finish. */
function createLines(kit: StageKit) {
  const { layers, look, camera } = kit;
  const checkpoints = Array.from({ length: maxCheckpoints }, () =>
    kit.picture("checkpoint", width, 90, (c) => {
      c.strokeStyle = "rgba(61, 242, 176, 0.55)";
      c.lineWidth = 8;
      c.setLineDash([30, 22]);
      c.beginPath();
      c.moveTo(-width / 2, -30);
      c.lineTo(width / 2, -30);
      c.stroke();
      c.setLineDash([]);
      for (let x = -360; x <= 360; x += 120) {
        c.save();
        c.translate(x, 10);
        c.rotate(Math.PI / 2);
        chevron(c, 17, 8, "rgba(61, 242, 176, 0.5)");
        c.restore();
      }
    }),
  );
  const finish = kit.picture("finish", width + 40, 150, (c) => stripesOfFinish(c, width, 108, look));
  const word = kit.label("FINISH", 110, look.gold);
  const basin = kit.picture("basin", width, 780, (c) => {
    const shade = c.createLinearGradient(0, -390, 0, 390);
    shade.addColorStop(0, "rgba(255, 210, 63, 0.04)");
    shade.addColorStop(1, "rgba(255, 210, 63, 0.22)");
    c.fillStyle = shade;
    c.fillRect(-width / 2, -390, width, 780);
    for (let i = 0; i < 26; i++) {
      const [x, y] = [((i * 0.618) % 1) * width - width / 2, ((i * 0.381) % 1) * 700 - 350];
      disc(c, 6 + (i % 4) * 3, "rgba(255, 247, 232, 0.09)", x, y);
    }
  });
  const ground = kit.picture("basin-floor", width + 640, 900, (c) => {
    c.fillStyle = "#15122f";
    c.fillRect(-width / 2 - 320, -430, width + 640, 880);
    c.fillStyle = "rgba(155, 123, 255, 0.13)";
    for (let x = -720; x <= 720; x += 160) {
      for (const y of [-330, -185, -40]) {
        c.beginPath();
        c.roundRect(x - 73, y - 62, 146, 124, 22);
        c.fill();
      }
    }
    c.fillStyle = look.ink;
    c.fillRect(-width / 2 - 30, -450, width + 60, 36);
    c.fillStyle = look.rim[0];
    c.fillRect(-width / 2 - 20, -440, width + 40, 18);
  });
  layers.floor.add([...checkpoints, basin, ground, word, finish]);
  return {
    update({ clock }: StageTime) {
      checkpoints.forEach((image, index) => {
        const y = kit.prop(`checkpoint${index + 1}`, 0);
        image.setVisible(y > 0 && y > camera.y - 100 && y < camera.y + camera.height + 100);
        image.setPosition((left + right) / 2, y);
      });
      const y = kit.prop("finishY", 0);
      const middle = (left + right) / 2;
      for (const image of [finish, word, basin, ground]) image.setVisible(y > 0 && y < camera.y + camera.height + 400);
      finish.setPosition(middle, y);
      word.setPosition(middle, y - 150).setAlpha(0.85 + 0.15 * Math.sin(clock * 3));
      basin.setPosition(middle, y + 390);
      ground.setPosition(middle, kit.prop("floorY", 0) + 450);
    },
    destroy() {
      for (const image of [...checkpoints, finish, word, basin, ground]) image.destroy();
    },
  };
}

/** Streaks that blow across while a gust does. */
function createWind(kit: StageKit) {
  const { layers, camera } = kit;
  const images = Array.from({ length: streaks }, () =>
    kit.picture("wind", 260, 14, (c) => {
      c.fillStyle = "rgba(255, 247, 232, 0.8)";
      c.beginPath();
      c.roundRect(-125, -4, 250, 8, 4);
      c.fill();
    }),
  );
  layers.sparks.add(images);
  let strength = 0;
  return {
    update({ clock, seconds }: StageTime) {
      const wind = kit.prop("wind", 0);
      strength += ((wind === 0 ? 0 : 1) - strength) * Math.min(1, seconds * 6);
      images.forEach((image, index) => {
        image.setVisible(strength > 0.03 && !kit.reducedMotion);
        const pace = 0.9 + (index % 5) * 0.22;
        const share = (clock * pace + index * 0.37) % 1;
        const along = wind < 0 ? 1 - share : share;
        image.setPosition(left + along * width, camera.y + camera.height * (0.3 + 0.5 * ((index * 0.618) % 1)));
        image.setAlpha(strength * 0.55 * Math.min(1, Math.min(share, 1 - share) * 6));
      });
    },
    destroy() {
      for (const image of images) image.destroy();
    },
  };
}
