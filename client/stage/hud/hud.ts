/** The HUD: all panels of a page, put in their places and updated together. */
import type * as Phaser from "phaser";
import type { BannerTone, SoundName } from "../../../shared/game/view.ts";
import type { ShowState } from "../../../shared/protocol/state.ts";
import type { Faces } from "../kit/faces.ts";
import type { Layout } from "../layout.ts";
import { type Banners, createBanners } from "./banner.ts";
import { createBoardPanel } from "./board.ts";
import { createCards } from "./card.ts";
import { createClockPanel } from "./clock.ts";
import { createCountdown } from "./countdown.ts";
import { createEndCard } from "./end.ts";
import { createFeedPanel } from "./feed.ts";
import { createLobbyCard } from "./lobby.ts";
import { createMeterPanel } from "./meter.ts";
import { createNotice } from "./notice.ts";
import type { HudParts, HudTime } from "./panel.ts";
import { createPausedSign } from "./paused.ts";
import { createPodium } from "./podium.ts";
import { createReadyPanel } from "./ready.ts";
import { createTitlePanel } from "./title.ts";

/** What the HUD asks of the stage. */
export interface HudEvents {
  sound(name: SoundName, pitch?: number): void;
  /** The winner has just appeared on the podium. */
  cheer(): void;
}

/** How it is with the line to the room. */
export interface HudLine {
  /** One sentence about the connection, "" when all is well. */
  readonly problem: string;
  /** The show was stopped in order. */
  readonly hasEnded: boolean;
}

export interface Hud {
  update(state: ShowState | undefined, time: Omit<HudTime, "reserved">, line: HudLine): void;
  banner(text: string, tone: BannerTone, seconds: number): void;
  /** A small card for a badge or an honour; `viewer` "" for nobody's. */
  card(text: string, viewer: string): void;
  /** Whether something large lies over the arena. */
  coversArena(): boolean;
  /** What each panel says now. */
  texts(): Record<string, string>;
}

/** Creates the HUD of a scene. */
export function createHud(
  parts: HudParts,
  layout: Layout,
  faces: Faces,
  scene: Phaser.Scene,
  joinHint: string,
  events: HudEvents,
): Hud {
  // A layer of their own: what told of the show goes away with it.
  const layer = scene.make.container({}, false);
  parts.layer.add(layer);
  const inShow = { ...parts, layer };
  const ready = createReadyPanel(inShow, layout);
  const panels = {
    title: createTitlePanel(inShow, layout.title),
    clock: createClockPanel(inShow, layout.clock),
    board: createBoardPanel(inShow, layout),
    meter: createMeterPanel(inShow, layout),
    ready,
    feed: createFeedPanel(inShow, layout),
    lobby: createLobbyCard(inShow, layout, joinHint),
    podium: createPodium(inShow, layout, faces, scene, events.cheer),
    paused: createPausedSign(inShow, layout),
    countdown: createCountdown(inShow, layout, (text) => events.sound(text === "GO!" ? "go" : "tick", 0.5)),
  };
  const banners: Banners = createBanners(inShow, layout);
  const cards = createCards(inShow, layout, faces);
  const endCard = createEndCard(parts, layout);
  const notice = createNotice(parts, layout);
  let phase = "";
  return {
    update(state, time, { problem, hasEnded }) {
      notice.update(problem, time.seconds);
      endCard.update(hasEnded, time.seconds);
      layer.setVisible(!hasEnded);
      banners.update(time.seconds);
      cards.update(state, time.seconds);
      if (!state) return;
      if (state.phase !== phase && state.phase === "results") banners.clear();
      phase = state.phase;
      const full = { ...time, reserved: ready.reserved };
      for (const panel of Object.values(panels)) panel.update(state, full);
    },
    banner: (text, tone, seconds) => banners.show(text, tone, seconds),
    card: (text, viewer) => cards.show(text, viewer),
    coversArena: () => panels.podium.text() !== "" || endCard.text() !== "",
    texts() {
      const said = Object.entries(panels).map(([name, panel]) => [name, panel.text()]);
      return Object.fromEntries([
        ...said,
        ["banner", banners.text()],
        ["card", cards.text()],
        ["notice", notice.text()],
        ["end", endCard.text()],
      ]);
    },
  };
}
