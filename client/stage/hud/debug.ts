/** `?debug=1`: the safe zone, what a phone covers, sources, numbers and what is wrong behind the stage. Never on unless asked for. */
import type { ShowState } from "../../../shared/protocol/state.ts";
import type { Box, Layout } from "../layout.ts";
import { look, textFont } from "../look.ts";
import { wrapText } from "../text.ts";
import type { HudParts } from "./panel.ts";

const lineHeight = 22;
const padding = 12;
/** Sources in trouble that are listed, and lines that each text can take. */
const maxTroubled = 4;
const linesPerText = 4;

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
  /** What it says now. */
  text(): string;
}

/** Creates the overlay. */
export function createDebugOverlay({ pictures, layer }: HudParts, layout: Layout): DebugOverlay {
  const { width, height } = layout;
  const guides = pictures.sheet(width, height);
  guides.redraw("guides", (c) => drawGuides(c, layout));
  const { debug: box } = layout;
  const panel = pictures.sheet(box.width, box.height);
  panel.image.setPosition(box.x, box.y);
  layer.add([guides.image, panel.image]);
  let text = "";
  return {
    update(state, numbers) {
      const lines = [
        `${numbers.status}  ${numbers.fps} fps  tick ${numbers.tick} (${numbers.behindTicks})`,
        `${numbers.entities} bodies  ${numbers.particles} particles  ${numbers.textures} tex`,
        state ? `${state.phase}  round ${state.round}  watching ${state.watching}` : "no state yet",
        ...(state?.notice ? [state.notice] : []),
        ...(state ? sourceLines([...state.sources]) : []),
      ];
      text = lines.join("\n");
      panel.redraw(text, (c) => drawLines(c, lines, box));
    },
    text: () => text,
  };
}

/** Sources in trouble one by one, with what it means and what to do; those that are live together in a line. */
function sourceLines(sources: readonly { id: string; state: string; detail: string }[]): string[] {
  const live = sources.filter(({ state }) => state === "live").map(({ id }) => id);
  const others = sources.filter(({ state }) => state !== "live").slice(0, maxTroubled);
  return [
    ...(live.length > 0 ? [`live: ${live.join(", ")}`] : []),
    ...others.map(({ id, state, detail }) => `${id} ${state}: ${detail}`),
  ];
}

function drawLines(c: CanvasRenderingContext2D, texts: readonly string[], box: Box): void {
  c.font = "600 17px monospace";
  const width = (text: string) => c.measureText(text).width;
  const room = Math.floor((box.height - padding * 2) / lineHeight);
  const lines = texts.flatMap((text) => wrapText(text, box.width - padding * 2, linesPerText, width)).slice(0, room);
  c.fillStyle = "rgba(11, 9, 32, 0.7)";
  c.fillRect(0, 0, box.width, padding * 2 + lines.length * lineHeight);
  c.fillStyle = look.paper;
  lines.forEach((line, index) => {
    c.fillText(line, padding, padding + 19 + index * lineHeight);
  });
}

/** The safe zone, and on a tall page what a phone covers. */
function drawGuides(c: CanvasRenderingContext2D, { safe, width, wide, debug }: Layout): void {
  c.strokeStyle = "rgba(255, 255, 255, 0.55)";
  c.setLineDash([14, 12]);
  c.lineWidth = 3;
  c.strokeRect(safe.x, safe.y, safe.width, safe.height);
  c.setLineDash([]);
  if (wide) return;
  c.font = textFont(28);
  c.fillStyle = "rgba(255, 255, 255, 0.55)";
  c.fillText("host, viewers (covered)", safe.x + 10, safe.y - 14);
  c.fillText("comments, gifts (covered)", debug.x, debug.y - 12);
  c.fillStyle = "rgba(255, 92, 138, 0.1)";
  c.fillRect(0, 1400, 640, 520);
  c.fillStyle = "rgba(255, 255, 255, 0.55)";
  c.translate(width - 34, 900);
  c.rotate(Math.PI / 2);
  c.fillText("buttons (covered)", 0, 0);
}
