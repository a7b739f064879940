/** Mounts the stage into an element: the picture of a show, as large as the element is. The stage's page and the client library share it. */
import * as Phaser from "phaser";
import type { GameView } from "../../shared/game/view.ts";
import type { Show } from "../show/show.ts";
import type { StageHandle } from "./handle.ts";
import { createAvatarStore } from "./kit/faces.ts";
import type { StageOptions } from "./options.ts";
import { plainView } from "./plain/view.ts";
import { followGame } from "./playing.ts";
import { StageScene } from "./scene.ts";
import { createSound } from "./sound.ts";

/** A picture on a page. */
export interface MountedStage {
  /** What it shows now. */
  report(): StageHandle;
  /** Takes it from the page. The show goes on being heard. */
  destroy(): void;
}

/** An element that is being resized is drawn anew when it has been still for so long, in ms. */
const resizeRestMs = 180;

/** Pixels to draw: those of the element on this screen, or fewer with `res`. */
function pixelsOf(parent: HTMLElement, { res }: StageOptions): { width: number; height: number } {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const width = Math.max(160, parent.clientWidth * ratio);
  const height = Math.max(160, parent.clientHeight * ratio);
  const cut = res > 0 ? Math.min(1, res / Math.min(width, height)) : 1;
  return { width: Math.round(width * cut), height: Math.round(height * cut) };
}

/** Starts the picture in an element that has a size. `endpoint` is where viewers' pictures come from. */
export function startPicture(parent: HTMLElement, show: Show, options: StageOptions, endpoint: string): MountedStage {
  let view: GameView = plainView;
  const scene = new StageScene({
    show,
    options,
    avatars: createAvatarStore(endpoint),
    sound: createSound(options.sound),
    view: () => view,
  });
  const game = new Phaser.Game({
    type: Phaser.WEBGL,
    parent,
    ...pixelsOf(parent, options),
    // The ground is the page's own background: painted once, not in every frame.
    transparent: true,
    ...(options.fps > 0 ? { fps: { limit: options.fps } } : {}),
    banner: false,
    audio: { noAudio: true },
    disableContextMenu: true,
    // A page that frames the stage keeps its keys.
    autoFocus: false,
    input: { keyboard: false, mouse: false, touch: false },
    scale: { mode: Phaser.Scale.NONE },
    render: {
      powerPreference: "high-performance",
      // Edges are soft in the pictures already; four samples a pixel would only cost.
      antialiasGL: false,
      // Phaser 4.2's shader for several textures compares an interpolated number with ==; turned pictures lose pieces
      // where it comes out a hair off (seen with SwiftShader). One texture at a time has nothing to compare.
      maxTextures: 1,
    },
    scene,
  });
  let timer = 0;
  const resized = new ResizeObserver(() => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const { width, height } = pixelsOf(parent, options);
      if (width === game.scale.width && height === game.scale.height) return;
      game.scale.resize(width, height);
      scene.scene.restart();
    }, resizeRestMs);
  });
  resized.observe(parent);
  const leaveGame = followGame(
    () => show.state,
    (loaded) => {
      view = loaded;
      scene.scene.restart();
    },
  );
  return {
    report: () => scene.report(),
    destroy() {
      leaveGame();
      resized.disconnect();
      window.clearTimeout(timer);
      game.destroy(true);
    },
  };
}
