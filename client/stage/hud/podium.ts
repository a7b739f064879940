/** The podium after a round: up to three viewers, or the teams by their score, the winner crowned, and the round's honours below. */
import type * as Phaser from "phaser";
import type { ShowState } from "../../../shared/protocol/state.ts";
import { ticksPerSecond } from "../../../shared/world/world.ts";
import type { Faces } from "../kit/faces.ts";
import { drawBall, drawCrown, drawHighlight, drawInitials, faceRadius, faceReach } from "../kit/shapes.ts";
import { popIn } from "../kit/wear.ts";
import type { Layout } from "../layout.ts";
import { initials } from "../text.ts";
import type { HudParts, Panel } from "./panel.ts";
import {
  awardFace,
  awardMiddle,
  cardHeight,
  cardWidth,
  drawPodium,
  type Figure,
  type Honour,
  maxAwards,
  type Podium,
  stepsOf,
} from "./podium-card.ts";
import { teamColor } from "./score.ts";

/** The last knock-out is watched before the podium comes. */
const delaySeconds = 1.3;
/** Seconds until the winner has appeared. */
const winnerSeconds = 0.9;
const maxFigures = 3;

/** Viewers on the steps. The round's board holds its best rows only, so that points of the others are not known. */
function viewersOf({ roundBoard, viewers }: ShowState, keys: readonly string[]): Figure[] {
  const rows = keys.map((key) => roundBoard.find((candidate) => candidate.viewer === key));
  const allKnown = rows.every((row) => row !== undefined);
  return keys.map((key, place) => {
    const row = rows[place];
    const viewer = viewers.get(key);
    const score = allKnown && row ? `+${row.score}` : "";
    return { key, name: viewer?.name ?? row?.name ?? "", avatar: viewer?.avatar ?? "", score, team: 0 };
  });
}

function teamsOf({ score }: ShowState): Figure[] {
  return [...score]
    .sort((a, b) => b.value - a.value || a.team - b.team)
    .slice(0, maxFigures)
    .map(({ team, name, value }) => ({ key: "", name, avatar: "", score: String(value), team }));
}

function honoursOf({ awards, viewers }: ShowState): Honour[] {
  return [...awards].slice(0, maxAwards).map(({ title, viewer, name, value }) => {
    return { title, key: viewer, name, avatar: viewers.get(viewer)?.avatar ?? "", value };
  });
}

/** What the podium says, undefined when nobody stands on it. */
export function podiumOf(state: ShowState): Podium | undefined {
  const keys = state.podium.slice(0, maxFigures);
  const honours = honoursOf(state);
  if (keys.length > 0) return { title: "WINNER", figures: viewersOf(state, keys), honours, isDraw: false };
  const figures = teamsOf(state);
  const [first, second] = figures;
  if (!first) return undefined;
  const isDraw = first.score === second?.score;
  // "Reds win", but "Red wins".
  const verb = /s$/i.test(first.name) ? "WIN" : "WINS";
  return { title: isDraw ? "DRAW" : `${first.name.toUpperCase()} ${verb}`, figures, honours, isDraw };
}

const textOf = ({ title, figures, honours }: Podium) =>
  [
    ...(figures[0]!.team > 0 ? [title] : []),
    ...figures.map(({ name, score }) => `${name} ${score}`.trim()),
    ...honours.map(({ title: what, name, value }) => `${what}: ${name} ${value}`),
  ].join(", ");

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
  const build = (podium: Podium) => {
    const isNew = stand === undefined;
    const hasCheered = cheered;
    clear();
    // What is told a moment later (an honour, a name) is no reason to cheer again.
    cheered = !isNew && hasCheered;
    shown = JSON.stringify(podium);
    text = textOf(podium);
    stand = createStand(parts, faces, root, podium);
    const height = cardHeight(podium.honours.length);
    // Higher with honours: the card of a badge comes below it.
    const up = podium.honours.length > 0 ? 36 : 10;
    root.setPosition(middle.x + (middle.width - cardWidth) / 2, middle.y + (middle.height - height) / 2 - up);
  };
  return {
    update(state, { phase, tick, clock }) {
      const age = (tick - state.phaseStartTick) / ticksPerSecond - delaySeconds;
      const podium = phase === "results" && age >= 0 ? podiumOf(state) : undefined;
      if (!podium) {
        if (stand) clear();
        return;
      }
      if (!stand || shown !== JSON.stringify(podium)) build(podium);
      root.setVisible(true).setAlpha(Math.min(1, age / 0.3));
      stand?.animate(age, clock);
      if (age > winnerSeconds && !cheered) {
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
  podium: Podium,
): Stand {
  const steps = stepsOf(podium);
  const sheet = pictures.sheet(cardWidth, cardHeight(podium.honours.length));
  root.add(sheet.image);
  sheet.redraw("podium", (c) => drawPodium(c, podium));
  const figures = podium.figures.map((figure, place) => {
    const image = figure.team > 0 ? teamImage(pictures, figure) : faces.image(figure);
    root.add(image);
    return { image, base: image.scaleX * (steps[place]!.face / faceRadius), step: steps[place]! };
  });
  const small = podium.honours.map((honour, row) => {
    const image = faces.image(honour).setPosition(awardFace.x, awardMiddle(row));
    root.add(image.setScale((image.scaleX * awardFace.radius) / faceRadius));
    return image;
  });
  const crown = pictures.image("crown:large", 200, 130, (c) => {
    c.translate(0, 52);
    c.scale(1.6, 1.6);
    drawCrown(c);
  });
  root.add(crown.setVisible(false));
  return {
    animate(age, clock) {
      for (const { image, base, step } of figures) {
        const up = reducedMotion ? 1 : popIn(Math.max(0, age - step.delay) * 0.9);
        const hop = reducedMotion ? 0 : Math.abs(Math.sin(clock * 3 + step.x)) * (step.isFirst ? 14 : 6);
        image.setPosition(step.x, step.top - step.face + 2 - hop).setScale(base * Math.max(0.001, up));
        if (!step.isFirst) continue;
        const fall = Math.max(0, 1 - Math.max(0, age - 1.35) / 0.35);
        crown.setVisible(age > 1.35).setPosition(step.x, image.y - step.face - 34 - fall * fall * 90);
      }
    },
    destroy() {
      sheet.destroy();
      for (const { image } of figures) image.destroy();
      for (const image of small) image.destroy();
      crown.destroy();
    },
  };
}

/** A team as a ball of its colour, with the first letters of its name. */
function teamImage(pictures: HudParts["pictures"], { team, name }: Figure): Phaser.GameObjects.Image {
  return pictures.image(`team-ball:${team}:${name}`, faceReach * 2, faceReach * 2, (c) => {
    drawBall(c, teamColor(team));
    drawInitials(c, initials(name));
    drawHighlight(c);
  });
}
