/** Pictures: textures drawn with a 2D canvas. Shared ones are drawn once and kept; sheets are redrawn when what they say changes. */
import * as Phaser from "phaser";

/** Most shared pictures kept besides those in use; names and viewers come and go for hours. */
const maxKept = 160;

type Draw = (context: CanvasRenderingContext2D) => void;

/** A picture of its own that can be redrawn. Origin is the top left. */
export interface Sheet {
  readonly image: Phaser.GameObjects.Image;
  readonly width: number;
  readonly height: number;
  /** Redraws when `content` differs from the last call's. */
  redraw(content: string, draw: Draw): void;
  destroy(): void;
}

export interface Pictures {
  /** An image of a picture drawn once per key, origin in the middle. Destroying the image releases the picture. */
  image(key: string, width: number, height: number, draw: Draw): Phaser.GameObjects.Image;
  sheet(width: number, height: number): Sheet;
  /** Textures held, for tests of memory. */
  readonly size: number;
}

/**
 * Creates the pictures of a scene. `detail` is texture pixels per unit: the page's scale, so that a unit is drawn as sharp as
 * the page can show it. When the scene ends its textures go with it.
 */
export function createPictures(scene: Phaser.Scene, detail: number): Pictures {
  const users = new Map<string, number>();
  let serial = 0;
  const prefix = `picture:${Math.round(detail * 100)}:`;

  const makeTexture = (key: string, width: number, height: number) => {
    const texture = scene.textures.createCanvas(
      key,
      Math.max(1, Math.ceil(width * detail)),
      Math.max(1, Math.ceil(height * detail)),
    );
    if (!texture) throw new Error(`[stage] texture ${key} exists already`);
    return texture;
  };
  const trim = () => {
    if (users.size <= maxKept) return;
    for (const [key, count] of users) {
      if (count > 0) continue;
      scene.textures.remove(key);
      users.delete(key);
      if (users.size <= maxKept) return;
    }
  };

  const release = (key: string) => users.set(key, Math.max(0, (users.get(key) ?? 1) - 1));
  const pictures: Pictures = {
    image(name, width, height, draw) {
      const key = prefix + name;
      if (!scene.textures.exists(key)) {
        const texture = makeTexture(key, width, height);
        texture.context.scale(detail, detail);
        texture.context.translate(width / 2, height / 2);
        draw(texture.context);
        texture.refresh();
        trim();
      }
      // Re-inserted so that the Map's order is that of last use.
      const count = users.get(key) ?? 0;
      users.delete(key);
      users.set(key, count + 1);
      const image = new Phaser.GameObjects.Image(scene, 0, 0, key).setDisplaySize(width, height);
      image.once("destroy", () => release(key));
      return image;
    },
    sheet(width, height) {
      const key = `${prefix}sheet:${serial++}`;
      const texture = makeTexture(key, width, height);
      users.set(key, 1);
      const image = new Phaser.GameObjects.Image(scene, 0, 0, key).setOrigin(0, 0).setDisplaySize(width, height);
      let shown: string | undefined;
      return {
        image,
        width,
        height,
        redraw(content, draw) {
          if (content === shown) return;
          shown = content;
          const { context } = texture;
          context.clearRect(0, 0, texture.width, texture.height);
          context.save();
          context.scale(detail, detail);
          draw(context);
          context.restore();
          texture.refresh();
        },
        destroy() {
          image.destroy();
          scene.textures.remove(key);
          users.delete(key);
        },
      };
    },
    get size() {
      return users.size;
    },
  };
  scene.events.once("shutdown", () => {
    for (const key of users.keys()) scene.textures.remove(key);
    users.clear();
  });
  return pictures;
}
