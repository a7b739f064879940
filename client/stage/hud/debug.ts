/** `?debug=1`: the safe zone, what a phone covers, sources and numbers. Never on unless asked for. */
import type { ShowState } from "../../../shared/protocol/state.ts";
import type { Layout } from "../layout.ts";
import { look, textFont } from "../look.ts";
import type { HudParts } from "./panel.ts";

/** Numbers shown in the corner. */
export interface DebugNumbers {
  readonly fps: number;
  readonly tick: number;
  readonly behindTicks: number;
  readonly entities: number;
  readonly particles: number;
  readonly textures: number;
  readonly status: string;
}

export interface DebugOverlay {
  update(state: ShowState | undefined, numbers: DebugNumbers): void;
}

/** Creates the overlay. */
export function createDebugOverlay({ pictures, layer }: HudParts, layout: Layout): DebugOverlay {
  const { safe, width, height } = layout;
  const guides = pictures.sheet(width, height);
  guides.redraw("guides", (c) => {
    c.strokeStyle = "rgba(255, 255, 255, 0.55)";
    c.setLineDash([14, 12]);
    c.lineWidth = 3;
    c.strokeRect(safe.x, safe.y, safe.width, safe.height);
    c.setLineDash([]);
    if (layout.wide) return;
    c.font = textFont(28);
    c.fillStyle = "rgba(255, 255, 255, 0.55)";
    c.fillText("host, viewers (covered)", safe.x + 10, safe.y - 14);
    c.fillText("comments, gift bar (covered)", safe.x + 10, safe.y + safe.height + 46);
    c.fillStyle = "rgba(255, 92, 138, 0.1)";
    c.fillRect(0, 1400, 640, 520);
    c.fillStyle = "rgba(255, 255, 255, 0.55)";
    c.translate(width - 34, 900);
    c.rotate(Math.PI / 2);
    c.fillText("buttons (covered)", 0, 0);
  });
  const numbersAt = layout.wide ? { x: 40, y: 800 } : { x: 60, y: 1560 };
  const panel = pictures.sheet(520, 280);
  panel.image.setPosition(numbersAt.x, numbersAt.y);
  layer.add([guides.image, panel.image]);
  return {
    update(state, numbers) {
      const sources = state ? [...state.sources].map((source) => `${source.id}: ${source.state} ${source.detail}`) : [];
      const lines = [
        `${numbers.status}  ${numbers.fps} fps`,
        `tick ${numbers.tick}  behind ${numbers.behindTicks}`,
        `${numbers.entities} entities  ${numbers.particles} particles  ${numbers.textures} textures`,
        state ? `${state.game}  ${state.phase}  round ${state.round}  watching ${state.watching}` : "no state yet",
        ...sources.slice(0, 4),
      ];
      panel.redraw(lines.join("\n"), (c) => {
        c.fillStyle = "rgba(11, 9, 32, 0.7)";
        c.fillRect(0, 0, 520, 16 + lines.length * 32);
        c.font = `600 22px monospace`;
        c.fillStyle = look.paper;
        lines.forEach((line, index) => {
          c.fillText(line, 14, 34 + index * 32, 492);
        });
      });
    },
  };
}
