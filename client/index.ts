/** `uproar/client`: join a running show and draw it, with the stage's own parts or with one's own. What is not exported here is Uproar's own affair. */
import { createShow, type Show } from "./show/show.ts";
import { readOptions, type StageOptions } from "./stage/options.ts";

export type { GameView } from "../shared/game/view.ts";
export type { ShowState } from "../shared/protocol/state.ts";
export type { Effect } from "../shared/world/effect.ts";
export { ticksPerSecond } from "../shared/world/world.ts";
export { bodiesAt, type ShownBody } from "./show/bodies.ts";
export type { ConnectionStatus } from "./show/connection.ts";
export type { Motion, Pose } from "./show/motion.ts";
export type { Show } from "./show/show.ts";
export type { StageOptions } from "./stage/options.ts";

/** Which show to join. */
export interface JoinOptions {
  /** Address of the server, "http://127.0.0.1:2567". Default: where the page is from. It answers pages of its own address only: let a page of another one reach it through a proxy. Programs may join from anywhere. */
  readonly endpoint?: string;
  /** The stage's token, as in the address that the server prints. */
  readonly token: string;
}

/** Joins a show, in a browser or in Node, and joins again after every interruption until it is left. Never throws: `status` says how it goes. */
export function joinShow({ endpoint = globalThis.location.origin, token }: JoinOptions): Show {
  return createShow(endpoint, token);
}

/** How the stage is mounted. */
export interface MountOptions extends JoinOptions, Partial<Omit<StageOptions, "token">> {}

/** A stage on a page. */
export interface Stage {
  readonly show: Show;
  /** Takes it from the page and leaves the show. */
  destroy(): void;
}

/** Draws a show with all the stage's parts into an element that has a size, and goes with it when that changes. Needs a browser with WebGL, and a bundler that takes CSS. */
export async function mountStage(element: HTMLElement, { endpoint, token, ...options }: MountOptions): Promise<Stage> {
  const address = endpoint ?? globalThis.location.origin;
  // Loaded here, so that programs without a screen can join: Phaser wants a browser.
  const [{ loadFonts }, { startPicture }] = await Promise.all([import("./stage/fonts.ts"), import("./stage/mount.ts")]);
  const show = createShow(address, token);
  await loadFonts();
  const picture = startPicture(element, show, { ...readOptions(""), ...options, token }, address);
  return {
    show,
    destroy() {
      picture.destroy();
      show.leave();
    },
  };
}
