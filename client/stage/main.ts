/** The stage page: reads its address, joins the show and starts the picture. */
import * as Phaser from "phaser";
import type { GameView } from "../../shared/game/view.ts";
import { createShow, type Show } from "../show/show.ts";
import { loadFonts } from "./fonts.ts";
import { exposeHandle } from "./handle.ts";
import { createAvatarStore } from "./kit/faces.ts";
import { readOptions, type StageOptions } from "./options.ts";
import { plainView } from "./plain/view.ts";
import { followGame } from "./playing.ts";
import { StageScene } from "./scene.ts";
import { createSound } from "./sound.ts";

/** A page that is being resized is drawn anew when it has been still for so long. */
const resizeRestMs = 180;

/** Pixels to draw: those of the page on this screen, or fewer with `?res=`. */
function pagePixels({ res }: StageOptions): { width: number; height: number } {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const width = Math.max(160, window.innerWidth * ratio);
  const height = Math.max(160, window.innerHeight * ratio);
  const cut = res > 0 ? Math.min(1, res / Math.min(width, height)) : 1;
  return { width: Math.round(width * cut), height: Math.round(height * cut) };
}

function startPicture(options: StageOptions, show: Show): void {
  let view: GameView = plainView;
  const scene = new StageScene({
    show,
    options,
    avatars: createAvatarStore(window.location.origin),
    sound: createSound(options.sound),
    view: () => view,
  });
  const game = new Phaser.Game({
    type: Phaser.WEBGL,
    parent: "stage",
    ...pagePixels(options),
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
  window.addEventListener("resize", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const { width, height } = pagePixels(options);
      game.scale.resize(width, height);
      scene.scene.restart();
    }, resizeRestMs);
  });
  followGame(
    () => show.state,
    (loaded) => {
      view = loaded;
      scene.scene.restart();
    },
  );
  exposeHandle(() => scene.report());
}

async function start(): Promise<void> {
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const options = readOptions(window.location.search, stillness);
  document.documentElement.classList.toggle("transparent", options.transparent);
  const show = createShow(window.location.origin, options.token);
  await loadFonts();
  startPicture(options, show);
}

start().catch((error: unknown) => {
  console.error("[stage]", error);
  const trouble = document.getElementById("trouble")!;
  trouble.hidden = false;
  trouble.textContent =
    "The stage could not start. It needs WebGL: turn on hardware acceleration for browser sources in OBS.";
});
