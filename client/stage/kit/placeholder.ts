/** Placeholder: a decent outline for an entity no view draws, from its shape alone. */
import type { EntityDrawing, StagedEntity, StageLayers } from "../../../shared/game/view.ts";
import { look } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { drawCompound, type Outlined, reachOf, traceShape } from "./shapes.ts";

const edge = look.outlineUnits;
/** Largest picture of one entity, units to a side. */
const mostUnits = 2000;

/** Creates the drawing. Round ones follow a changing radius; others keep the size they came with. */
export function createPlaceholder(pictures: Pictures, layers: StageLayers, entity: StagedEntity): EntityDrawing {
  const { shape, a } = entity;
  const [width, height] = sizeOf(entity);
  const image = pictures.image(keyOf(entity), width + edge * 2, height + edge * 2, (c) => {
    if (entity.shape === "compound") drawCompound(c, entity.parts, look.paper);
    else drawSimple(c, { ...entity, shape: entity.shape });
  });
  const base = image.scaleX;
  layers.structure.add(image);
  return {
    draw(now) {
      const grown = shape === "circle" && a > 0 ? now.a / a : 1;
      image
        .setPosition(now.x, now.y)
        .setRotation(now.angle)
        .setScale(base * grown);
    },
    destroy: () => image.destroy(),
  };
}

function drawSimple(c: CanvasRenderingContext2D, outlined: Outlined): void {
  traceShape(c, outlined, edge / 2);
  c.fillStyle = look.paper;
  c.fill();
  c.lineJoin = "round";
  c.lineWidth = edge;
  c.strokeStyle = look.ink;
  c.stroke();
}

function sizeOf({ shape, a, b, corners, parts }: StagedEntity): [width: number, height: number] {
  if (shape === "box") return [Math.min(mostUnits, a), Math.min(mostUnits, b)];
  const farthest = corners.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const reach = shape === "circle" ? a : shape === "polygon" ? farthest : reachOf(parts);
  return [Math.min(mostUnits, reach * 2), Math.min(mostUnits, reach * 2)];
}

function keyOf({ shape, a, b, corners, parts }: StagedEntity): string {
  const numbers = parts.map((part) => [part.shape, part.x, part.y, part.angle, part.a, part.b, ...part.corners]);
  return `placeholder:${shape}:${a}:${b}:${corners.join(",")}:${numbers.join(";")}`;
}
