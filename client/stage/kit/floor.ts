/** Floor: a field as large as the world with a frame around it and a soft pattern that shows when the picture moves. */
import type * as Phaser from "phaser";
import type { Floor, StageKit } from "../../../shared/game/view.ts";

/** About the side of a tile of the pattern, in units: as many whole ones as the world has room for. */
const tileSide = 360;
/** Thickness of the frame, and how far its ink reaches beyond it. */
const frameWidth = 16;
const inkWidth = 8;
const patternColor = "rgba(255, 247, 232, 0.055)";

/** Creates the floor. Its pictures are small ones that are stretched or repeated: a world may be ten screens high. */
export function createFloor(kit: StageKit): Floor {
  const { width, height } = kit.world;
  const root = kit.scene.make.container({}, false);
  const tileLayer = kit.scene.make.container({}, false);
  // Below whatever else lies on the ground.
  kit.layers.floor.addAt(root, 0);
  const field = kit.picture("floor-field", 64, 64, (c) => {
    const [middle, edge] = kit.look.surface;
    const shade = c.createLinearGradient(0, -32, 0, 32);
    shade.addColorStop(0, middle);
    shade.addColorStop(1, edge);
    c.fillStyle = shade;
    c.fillRect(-32, -32, 64, 64);
  });
  root.add([field.setPosition(width / 2, height / 2).setDisplaySize(width, height), tileLayer]);
  root.add(frameBars(kit, width, height));
  const columns = Math.max(1, Math.round(width / tileSide));
  const rows = Math.max(1, Math.round(height / tileSide));
  const [tileWidth, tileHeight] = [width / columns, height / rows];
  const tiles: Phaser.GameObjects.Image[] = [];
  return {
    frame() {
      let used = 0;
      const { camera } = kit;
      const [fromColumn, fromRow] = [Math.floor(camera.x / tileWidth), Math.floor(camera.y / tileHeight)];
      const toColumn = Math.min(columns, Math.ceil((camera.x + camera.width) / tileWidth));
      const toRow = Math.min(rows, Math.ceil((camera.y + camera.height) / tileHeight));
      for (let column = Math.max(0, fromColumn); column < toColumn; column++) {
        for (let row = Math.max(0, fromRow); row < toRow; row++) {
          const tile = tiles[used] ?? newTile(kit, tileLayer, tileWidth, tileHeight);
          tiles[used++] = tile;
          tile.setPosition((column + 0.5) * tileWidth, (row + 0.5) * tileHeight).setVisible(true);
        }
      }
      for (let index = used; index < tiles.length; index++) tiles[index]!.setVisible(false);
    },
    destroy: () => root.destroy(),
  };
}

/** A ring and dots, paler than anything that matters. */
function newTile(
  kit: StageKit,
  layer: Phaser.GameObjects.Container,
  width: number,
  height: number,
): Phaser.GameObjects.Image {
  const tile = kit.picture(`floor-tile:${width}:${height}`, width, height, (c) => {
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
  layer.add(tile);
  return tile;
}

/** Four bars in the rim's colours, ink at both sides of each. */
function frameBars(kit: StageKit, width: number, height: number): Phaser.GameObjects.Image[] {
  const { rim, ink } = kit.look;
  const thickness = frameWidth + inkWidth * 2;
  const bar = (length: number, from: string, to: string) =>
    kit
      .picture(`floor-frame:${from}:${to}`, 256, thickness, (c) => {
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
  return [
    bar(width, rim[0], rim[0]).setPosition(width / 2, inset),
    bar(width, rim[1], rim[1]).setPosition(width / 2, height - inset),
    bar(height - inkWidth * 2, rim[0], rim[1])
      .setRotation(Math.PI / 2)
      .setPosition(inset, height / 2),
    bar(height - inkWidth * 2, rim[0], rim[1])
      .setRotation(Math.PI / 2)
      .setPosition(width - inset, height / 2),
  ];
}
