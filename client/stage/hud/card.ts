/** Cards: one small card at a time at the foot of the arena, for a badge or an honour, with the face of whose it is. */
import type * as Phaser from "phaser";
import type { ShowState } from "../../../shared/protocol/state.ts";
import type { Faces } from "../kit/faces.ts";
import { drawIcon } from "../kit/icons.ts";
import { capMiddle, faceRadius, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look, textFont } from "../look.ts";
import { cleanText, fitText } from "../text.ts";
import { drawName, type HudParts } from "./panel.ts";

const width = 620;
const height = 84;
const maxWaiting = 4;
const lifeSeconds = 2.6;

/** Name and picture are those of when it was told: who leaves the stage before its turn keeps them. */
interface Told {
  readonly text: string;
  readonly key: string;
  readonly name: string;
  readonly avatar: string;
}

export interface Cards {
  /** `viewer` is whose it is, "" for nobody's. */
  show(text: string, viewer: string): void;
  update(state: ShowState | undefined, seconds: number): void;
  /** What is read now. */
  text(): string;
}

/** Creates the cards, none shown. */
export function createCards({ pictures, layer, reducedMotion }: HudParts, { middle }: Layout, faces: Faces): Cards {
  const sheet = pictures.sheet(width, height);
  const x = middle.x + middle.width / 2;
  // Below the podium: badges are given when it comes.
  const y = middle.y + middle.height - 14;
  layer.add(sheet.image.setOrigin(0.5).setVisible(false));
  const waiting: Told[] = [];
  let shown: Told | undefined;
  let face: Phaser.GameObjects.Image | undefined;
  let age = 0;
  let text = "";
  let known: ShowState | undefined;

  const clear = () => {
    face?.destroy();
    face = undefined;
    shown = undefined;
    text = "";
    sheet.image.setVisible(false);
  };
  const put = (told: Told) => {
    const { key, name } = told;
    shown = told;
    age = 0;
    text = [name, told.text].filter((part) => part !== "").join(" ");
    if (name !== "") {
      face = faces.image(told);
      face.setScale((face.scaleX * 33) / faceRadius);
      layer.add(face);
    }
    sheet.redraw(`${key}|${text}`, (c) => drawCard(c, cleanText(told.text), name));
  };
  const place = () => {
    const rise = Math.min(1, age / 0.35);
    const fall = Math.min(1, (lifeSeconds - age) / 0.3);
    const back = 1 + 2.2 * (rise - 1) ** 3 + 1.2 * (rise - 1) ** 2;
    const at = reducedMotion ? y : y + (1 - back) * 90;
    const alpha = Math.max(0, Math.min(rise * 2, fall, 1));
    sheet.image.setVisible(true).setPosition(x, at).setAlpha(alpha);
    face?.setPosition(x - width / 2 + 46, at).setAlpha(alpha);
  };
  return {
    show(words, viewer) {
      if (words === "" || waiting.length >= maxWaiting) return;
      const { name = "", avatar = "" } = known?.viewers.get(viewer) ?? {};
      waiting.push({ text: words, key: viewer, name, avatar });
    },
    update(state, seconds) {
      known = state;
      age += seconds;
      if (shown && age >= lifeSeconds) clear();
      const next = shown ? undefined : waiting.shift();
      if (next) put(next);
      if (shown) place();
    },
    text: () => text,
  };
}

function drawCard(c: CanvasRenderingContext2D, words: string, name: string): void {
  c.fillStyle = look.ink;
  fillRound(c, 0, 0, width, height, height / 2);
  c.strokeStyle = look.gold;
  c.lineWidth = 4;
  c.beginPath();
  c.roundRect(3, 3, width - 6, height - 6, height / 2);
  c.stroke();
  if (name === "") {
    c.save();
    c.translate(46, height / 2);
    c.scale(0.66, 0.66);
    drawIcon(c, "star", look.gold);
    c.restore();
  }
  const room = width - 96 - 30;
  c.font = displayFont(44);
  const shownWords = fitText(words, name === "" ? room : room * 0.56, (part) => c.measureText(part).width);
  const wordsWidth = c.measureText(shownWords).width;
  c.textAlign = "right";
  c.fillStyle = look.gold;
  c.fillText(shownWords, name === "" ? 96 + wordsWidth : width - 34, height / 2 + capMiddle(c, "H"));
  c.font = textFont(34);
  c.fillStyle = look.paper;
  if (name !== "") drawName(c, name, 96, height / 2 + capMiddle(c, "Hx"), room - wordsWidth - 18);
}
