/** The plain floor: a field as large as the world with a frame around it and a soft pattern that shows when the picture moves. */
import type * as Phaser from "phaser";
import type { StageKit } from "../../../shared/game/view.ts";

/** About the side of a tile of the pattern, in units: as many whole ones as the world has room for. */
const tileSide = 360;
/** Thickness of the frame, and how far its ink reaches beyond it. */
const frameWidth = 16;
const inkWidth = 8;
const patternColor = "rgba(255, 247, 232, 0.055)";

export interface PlainFloor {
  /** Puts the pattern under what is seen now. */
  frame(): void;
  destroy(): void;
}

/** Creates the floor. Its pictures are small ones that are stretched or repeated: a world may be ten screens high. */
export function createPlainFloor(kit: StageKit): PlainFloor {
  const { width, height } = kit.world;
  const made: Phaser.GameObjects.Image[] = [];
  const add = (image: Phaser.GameObjects.Image) => {
    made.push(image);
    kit.layers.floor.add(image);
    return image;
  };
  const field = kit.picture("plain-field", 64, 64, (c) => {
    const [middle, edge] = kit.look.surface;
    const shade = c.createLinearGradient(0, -32, 0, 32);
    shade.addColorStop(0, middle);
    shade.addColorStop(1, edge);
    c.fillStyle = shade;
    c.fillRect(-32, -32, 64, 64);
  });
  add(field.setPosition(width / 2, height / 2).setDisplaySize(width, height));
  const columns = Math.max(1, Math.round(width / tileSide));
  const rows = Math.max(1, Math.round(height / tileSide));
  const [tileWidth, tileHeight] = [width / columns, height / rows];
  const tiles: Phaser.GameObjects.Image[] = [];
  const frame = createFrame(kit, width, height);
  return {
    frame() {
      let used = 0;
      const { camera } = kit;
      const [fromColumn, fromRow] = [Math.floor(camera.x / tileWidth), Math.floor(camera.y / tileHeight)];
      const toColumn = Math.min(columns, Math.ceil((camera.x + camera.width) / tileWidth));
      const toRow = Math.min(rows, Math.ceil((camera.y + camera.height) / tileHeight));
      for (let column = Math.max(0, fromColumn); column < toColumn; column++) {
        for (let row = Math.max(0, fromRow); row < toRow; row++) {
          const tile = tiles[used] ?? newTile(kit, tileWidth, tileHeight);
          tiles[used++] = tile;
          tile.setPosition((column + 0.5) * tileWidth, (row + 0.5) * tileHeight).setVisible(true);
        }
      }
      for (let index = used; index < tiles.length; index++) tiles[index]!.setVisible(false);
    },
    destroy() {
      for (const image of [...made, ...tiles, ...frame]) image.destroy();
    },
  };
}

/** A ring and dots, paler than anything that matters. */
function newTile(kit: StageKit, width: number, height: number): Phaser.GameObjects.Image {
  const tile = kit.picture(`plain-tile:${width}:${height}`, width, height, (c) => {
    c.strokeStyle = patternColor;
    c.lineWidth = 6;
    c.beginPath();
    c.arc(0, 0, Math.min(width, height) * 0.3, 0, Math.PI * 2);
    c.stroke();
    c.fillStyle = patternColor;
    for (const x of [-width / 2, width / 2]) {
      for (const y of [-height / 2, height / 2]) {
        c.beginPath();
        c.arc(x, y, 12, 0, Math.PI * 2);
        c.fill();
      }
    }
  });
  // Under what stands on the floor, above the field.
  kit.layers.floor.addAt(tile, 1);
  return tile;
}

/** Four bars in the rim's colours, ink at both sides of each. */
function createFrame(kit: StageKit, width: number, height: number): Phaser.GameObjects.Image[] {
  const { rim, ink } = kit.look;
  const thickness = frameWidth + inkWidth * 2;
  const bar = (length: number, from: string, to: string) =>
    kit
      .picture(`plain-frame:${from}:${to}`, 256, thickness, (c) => {
        c.fillStyle = ink;
        c.fillRect(-128, -thickness / 2, 256, thickness);
        const shade = c.createLinearGradient(-128, 0, 128, 0);
        shade.addColorStop(0, from);
        shade.addColorStop(1, to);
        c.fillStyle = shade;
        c.fillRect(-128, -frameWidth / 2, 256, frameWidth);
      })
      .setDisplaySize(length, thickness);
  const inset = thickness / 2;
  const bars = [
    bar(width, rim[0], rim[0]).setPosition(width / 2, inset),
    bar(width, rim[1], rim[1]).setPosition(width / 2, height - inset),
    bar(height - inkWidth * 2, rim[0], rim[1])
      .setRotation(Math.PI / 2)
      .setPosition(inset, height / 2),
    bar(height - inkWidth * 2, rim[0], rim[1])
      .setRotation(Math.PI / 2)
      .setPosition(width - inset, height / 2),
  ];
  for (const image of bars) kit.layers.floor.add(image);
  return bars;
}
