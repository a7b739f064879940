/** The page's debug handle, `window.uproar`: what the stage shows now, read only, for tests and for looking into a live page. */
import type { WorldFrame } from "../../shared/game/view.ts";

/** What the handle tells. */
export interface StageHandle {
  readonly connected: boolean;
  readonly status: string;
  /** Tick of the picture. */
  readonly tick: number;
  readonly phase: string;
  /** Entities drawn. */
  readonly entities: number;
  /** Name tags readable now. */
  readonly names: readonly string[];
  /** What each panel says. */
  readonly hud: Readonly<Record<string, string>>;
  /** What of the world is seen, in its units. */
  readonly camera: WorldFrame;
  readonly fps: number;
  /** Pictures and particles held: they must not grow for ever. */
  readonly textures: number;
  readonly particles: number;
}

declare global {
  interface Window {
    readonly uproar?: StageHandle;
  }
}

/** Puts the handle on the window. Each read asks anew. */
export function exposeHandle(read: () => StageHandle): void {
  const handle = {};
  for (const name of Object.keys(read()) as (keyof StageHandle)[]) {
    Object.defineProperty(handle, name, { enumerable: true, get: () => read()[name] });
  }
  Object.defineProperty(window, "uproar", { value: Object.freeze(handle), configurable: false, writable: false });
}
