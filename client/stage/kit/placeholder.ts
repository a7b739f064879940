/**
 * Placeholder: a decent picture of an entity that no view draws, from its shape alone. A colour for each kind; what is fixed, what the
 * game moves, what rolls freely and what only senses look different, so that a game can be played before anything is drawn for it.
 */
import type { EntityDrawing, StagedEntity, StagedPart, StageLayers } from "../../../shared/game/view.ts";
import { hueIndex } from "../hue.ts";
import { darker, look, shadowFill, withAlpha } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { fillDisc, reachOf, traceShape } from "./shapes.ts";

type Context = CanvasRenderingContext2D;
type Manner = "sensor" | StagedEntity["motion"];

const edge = look.outlineUnits;
/** A box longer than this is one short piece that is stretched: a wall may be ten screens high, a picture may not. */
const longUnits = 1200;
const pieceUnits = 240;
/** Largest picture of one entity, units to a side. */
const mostUnits = 2000;
/** Where shadows fall. */
const shadowX = 6;
const shadowY = 14;

/** Creates the drawing. Round ones follow a changing radius; others keep the size they came with. */
export function createPlaceholder(pictures: Pictures, layers: StageLayers, entity: StagedEntity): EntityDrawing {
  const { shape, a } = entity;
  const manner: Manner = entity.sensor ? "sensor" : entity.motion;
  const key = keyOf(entity);
  const size = sizeOf(entity);
  const drawn = { width: shortened(size.width), height: shortened(size.height) };
  const parts = piecesOf(entity, drawn);
  const make = (name: string, draw: (c: Context) => void) =>
    pictures
      .image(`${name}:${key}`, drawn.width + edge * 2, drawn.height + edge * 2, draw)
      .setDisplaySize(openEnd(size.width, drawn.width), openEnd(size.height, drawn.height));
  const shadow = manner === "dynamic" ? make("shape-shadow", (c) => drawShadow(c, parts)) : undefined;
  const image = make(`shape:${manner}:${entity.kind}`, (c) => drawShape(c, parts, manner, hueOfKind(entity.kind)));
  const [baseX, baseY] = [image.scaleX, image.scaleY];
  if (shadow) layers.shadows.add(shadow);
  layerOf(layers, manner).add(image);
  return {
    draw(now) {
      const grown = shape === "circle" && a > 0 ? now.a / a : 1;
      for (const each of [image, shadow]) each?.setRotation(now.angle).setScale(baseX * grown, baseY * grown);
      image.setPosition(now.x, now.y);
      shadow?.setPosition(now.x + shadowX, now.y + shadowY);
    },
    destroy() {
      image.destroy();
      shadow?.destroy();
    },
  };
}

/** Colour of a kind: the same in every show. */
const hueOfKind = (kind: string): string => look.hues[hueIndex(kind, look.hues.length)]!;

/** What is only sensed lies on the ground, what rolls is among the bodies. */
function layerOf(layers: StageLayers, manner: Manner) {
  if (manner === "sensor") return layers.floor;
  return manner === "dynamic" ? layers.bodies : layers.structure;
}

const shortened = (length: number) => (length > longUnits ? pieceUnits : length);
/** A stretched piece has no outline at its ends, or it would be stretched with it. */
const openEnd = (length: number, drawn: number) => (length > drawn ? length : length + edge * 2);

function sizeOf({ shape, a, b, corners, parts }: StagedEntity): { width: number; height: number } {
  if (shape === "box") return { width: a, height: b };
  const farthest = corners.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const reach = shape === "circle" ? a : shape === "polygon" ? farthest : reachOf(parts);
  return { width: Math.min(mostUnits, reach * 2), height: Math.min(mostUnits, reach * 2) };
}

/** The entity as parts; a long box as a piece that reaches beyond the picture's ends. */
function piecesOf(entity: StagedEntity, drawn: { width: number; height: number }): readonly StagedPart[] {
  const { shape, a, b, corners, parts } = entity;
  if (shape === "compound") return parts;
  const beyond = (length: number, short: number) => (length > short ? short * 2 : length);
  const [width, height] = shape === "box" ? [beyond(a, drawn.width), beyond(b, drawn.height)] : [a, b];
  return [{ shape, a: width, b: height, corners, x: 0, y: 0, angle: 0 }];
}

function keyOf({ shape, a, b, corners, parts }: StagedEntity): string {
  const numbers = parts.map((part) => [part.shape, part.x, part.y, part.angle, part.a, part.b, ...part.corners]);
  return `${shape}:${a}:${b}:${corners.join(",")}:${numbers.join(";")}`;
}

/** Calls back with each part traced as the path, in its place. */
function eachPart(c: Context, parts: readonly StagedPart[], draw: (part: StagedPart) => void): void {
  for (const part of parts) {
    c.save();
    c.translate(part.x, part.y);
    c.rotate(part.angle);
    traceShape(c, part);
    draw(part);
    c.restore();
  }
}

function drawShadow(c: Context, parts: readonly StagedPart[]): void {
  // One colour without overlaps: shadows of parts must not add up.
  c.fillStyle = look.ink;
  eachPart(c, parts, () => c.fill());
  c.globalCompositeOperation = "source-in";
  c.fillStyle = shadowFill;
  c.fillRect(-mostUnits, -mostUnits, mostUnits * 2, mostUnits * 2);
}

function drawShape(c: Context, parts: readonly StagedPart[], manner: Manner, hue: string): void {
  c.lineJoin = "round";
  if (manner === "sensor") {
    drawSensor(c, parts, hue);
    return;
  }
  c.lineWidth = edge * 1.5;
  c.strokeStyle = look.ink;
  eachPart(c, parts, () => c.stroke());
  // The fill covers the inner half of each line, so that only the line around all parts is left.
  c.fillStyle = manner === "fixed" ? darker(hue, 0.42) : hue;
  eachPart(c, parts, () => c.fill());
  eachPart(c, parts, () => {
    c.clip();
    if (manner === "kinematic") drawStripes(c);
    // Light along each part's edge would show where the parts of a compound meet.
    else if (parts.length === 1) drawLight(c, manner === "fixed" ? 0.16 : 0.4);
  });
  // What the game moves turns around its middle.
  if (manner === "kinematic") {
    fillDisc(c, 0, 0, 15, look.ink);
    fillDisc(c, 0, 0, 9, look.paper);
  }
}

function drawSensor(c: Context, parts: readonly StagedPart[], hue: string): void {
  c.fillStyle = withAlpha(hue, 0.14);
  c.strokeStyle = withAlpha(hue, 0.75);
  c.lineWidth = 10;
  c.setLineDash([22, 16]);
  eachPart(c, parts, () => {
    c.fill();
    c.clip();
    c.stroke();
  });
}

/** Slanting stripes: a machine. */
function drawStripes(c: Context): void {
  c.strokeStyle = "rgba(255, 247, 232, 0.3)";
  c.lineWidth = 16;
  c.beginPath();
  for (let x = -mostUnits; x < mostUnits; x += 44) {
    c.moveTo(x - mostUnits / 2, mostUnits / 2);
    c.lineTo(x + mostUnits / 2, -mostUnits / 2);
  }
  c.stroke();
}

/** Light along the edge, inside the path. */
function drawLight(c: Context, strength: number): void {
  c.strokeStyle = `rgba(255, 255, 255, ${strength})`;
  c.lineWidth = 12;
  c.stroke();
}
