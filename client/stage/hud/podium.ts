/** The podium: three faces with names and points after a round, the winner crowned. */
import type * as Phaser from "phaser";
import type { ShowState } from "../../../shared/protocol/state.ts";
import { ticksPerSecond } from "../../../shared/world/world.ts";
import type { Faces } from "../kit/faces.ts";
import { drawCrown, faceRadius, fillRound, outlinedText } from "../kit/shapes.ts";
import { popIn } from "../kit/wear.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look, textFont } from "../look.ts";
import { drawName, type HudParts, type Panel } from "./panel.ts";

/** The last knock-out is watched before the podium comes. */
const delaySeconds = 1.3;
const width = 820;
const height = 800;

interface Step {
  readonly x: number;
  readonly top: number;
  readonly face: number;
  readonly delay: number;
  readonly color: string;
}

/** First, second, third: places on the card. */
const steps: readonly Step[] = [
  { x: width / 2, top: 424, face: 104, delay: 0.9, color: "#ffd23f" },
  { x: width / 2 - 262, top: 500, face: 80, delay: 0.55, color: "#c9d4ff" },
  { x: width / 2 + 262, top: 536, face: 80, delay: 0.25, color: "#ff8f3f" },
];

const floor = height - 24;

function drawStep(c: CanvasRenderingContext2D, step: Step, place: number, name: string, score: string): void {
  const half = 122;
  c.fillStyle = look.ink;
  fillRound(c, step.x - half - 8, step.top - 8, half * 2 + 16, floor - step.top + 16, 26);
  const shade = c.createLinearGradient(0, step.top, 0, floor);
  shade.addColorStop(0, look.surface[0]);
  shade.addColorStop(1, look.surface[1]);
  c.fillStyle = shade;
  fillRound(c, step.x - half, step.top, half * 2, floor - step.top, 20);
  c.fillStyle = step.color;
  fillRound(c, step.x - half, step.top, half * 2, 16, 8);
  const size = place === 0 ? 38 : 34;
  c.font = textFont(size);
  // A long name is drawn smaller before it is cut, down to the floor for names.
  c.font = textFont(Math.max(30, Math.min(size, (size * (half * 2 - 24)) / Math.max(1, c.measureText(name).width))));
  c.fillStyle = look.paper;
  const nameWidth = Math.min(half * 2 - 24, c.measureText(name).width);
  drawName(c, name, step.x - nameWidth / 2, step.top + 64, half * 2 - 22);
  c.textAlign = "center";
  c.font = displayFont(place === 0 ? 92 : 66);
  outlinedText(c, String(place + 1), step.x, step.top + (place === 0 ? 178 : 140), step.color, 6);
  c.font = displayFont(42);
  if (score) outlinedText(c, score, step.x, floor - 24, look.good, 4);
}

interface Person {
  readonly key: string;
  readonly name: string;
  readonly avatar: string;
  /** "+7", or "" for nobody's: points of some only would look like a mistake. */
  readonly score: string;
}

/** Who stands on the steps. The round's board holds its best rows only, so that points of the others are not known. */
function peopleOf({ roundBoard, viewers }: ShowState, keys: readonly string[]): Person[] {
  const rows = keys.map((key) => roundBoard.find((candidate) => candidate.viewer === key));
  const allKnown = rows.every((row) => row !== undefined);
  return keys.map((key, place) => {
    const row = rows[place];
    const viewer = viewers.get(key);
    const score = allKnown && row ? `+${row.score}` : "";
    return { key, name: viewer?.name ?? row?.name ?? "", avatar: viewer?.avatar ?? "", score };
  });
}

/** Creates the podium; `onWinner` is called when the winner appears. */
export function createPodium(
  parts: HudParts,
  layout: Layout,
  faces: Faces,
  scene: Phaser.Scene,
  onWinner: () => void,
): Panel {
  const root = scene.make.container({}, false);
  const { middle } = layout;
  root.setPosition(middle.x + middle.width / 2 - width / 2, middle.y + middle.height / 2 - height / 2 - 10);
  parts.layer.add(root.setVisible(false));
  let stand: Stand | undefined;
  let text = "";
  let shown = "";
  let cheered = false;

  const clear = () => {
    stand?.destroy();
    stand = undefined;
    shown = "";
    text = "";
    cheered = false;
    root.setVisible(false);
  };
  return {
    update(state, { phase, tick, clock }) {
      const age = (tick - state.phaseStartTick) / ticksPerSecond - delaySeconds;
      const keys = phase === "results" ? state.podium.slice(0, 3) : [];
      if (keys.length === 0 || age < 0) {
        if (stand) clear();
        return;
      }
      if (!stand || shown !== keys.join("\n")) {
        clear();
        shown = keys.join("\n");
        const people = peopleOf(state, keys);
        text = people.map(({ name, score }) => `${name} ${score}`.trim()).join(", ");
        stand = createStand(parts, faces, root, people);
      }
      root.setVisible(true).setAlpha(Math.min(1, age / 0.3));
      stand.animate(age, clock);
      if (age > steps[0]!.delay && !cheered) {
        cheered = true;
        onWinner();
      }
    },
    text: () => text,
  };
}

/** The card with its steps, the faces on them and the crown. */
interface Stand {
  animate(age: number, clock: number): void;
  destroy(): void;
}

function createStand(
  { pictures, reducedMotion }: HudParts,
  faces: Faces,
  root: Phaser.GameObjects.Container,
  people: readonly Person[],
): Stand {
  const sheet = pictures.sheet(width, height);
  root.add(sheet.image);
  sheet.redraw("podium", (c) => drawCard(c, people));
  const figures = people.map((person, place) => {
    const image = faces.image(person);
    root.add(image);
    return { image, base: image.scaleX * (steps[place]!.face / faceRadius), step: steps[place]! };
  });
  const crown = pictures.image("crown:large", 200, 130, (c) => {
    c.translate(0, 52);
    c.scale(1.6, 1.6);
    drawCrown(c);
  });
  root.add(crown);
  return {
    animate(age, clock) {
      for (const { image, base, step } of figures) {
        const up = reducedMotion ? 1 : popIn(Math.max(0, age - step.delay) * 0.9);
        const hop = reducedMotion ? 0 : Math.abs(Math.sin(clock * 3 + step.x)) * (step === steps[0] ? 14 : 6);
        image.setPosition(step.x, step.top - step.face + 2 - hop).setScale(base * Math.max(0.001, up));
        if (step !== steps[0]) continue;
        const fall = Math.max(0, 1 - Math.max(0, age - 1.35) / 0.35);
        crown.setVisible(age > 1.35).setPosition(step.x, image.y - step.face - 34 - fall * fall * 90);
      }
    },
    destroy() {
      sheet.destroy();
      for (const { image } of figures) image.destroy();
      crown.destroy();
    },
  };
}

function drawCard(c: CanvasRenderingContext2D, people: readonly Person[]): void {
  c.fillStyle = "rgba(11, 9, 32, 0.8)";
  fillRound(c, 0, 0, width, height, 56);
  people.forEach((person, place) => {
    drawStep(c, steps[place]!, place, person.name, person.score);
  });
  c.textAlign = "center";
  c.font = displayFont(76);
  outlinedText(c, "WINNER", width / 2, 96, look.gold, 8);
}
