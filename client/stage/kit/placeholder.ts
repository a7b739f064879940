/** Placeholder: a decent outline for an entity no view draws, from its shape alone. */
import type { EntityDrawing, StagedEntity, StageLayers } from "../../../shared/game/view.ts";
import { look } from "../look.ts";
import type { Pictures } from "../picture.ts";

/** Creates the drawing. Round ones follow a changing radius; others keep the size they came with. */
export function createPlaceholder(pictures: Pictures, layers: StageLayers, entity: StagedEntity): EntityDrawing {
  const { shape, a, b, corners } = entity;
  const reach = shape === "polygon" ? corners.reduce((most, value) => Math.max(most, Math.abs(value)), 1) * 2 : 0;
  const width = Math.min(2000, shape === "circle" ? a * 2 : shape === "box" ? a : reach);
  const height = Math.min(2000, shape === "circle" ? a * 2 : shape === "box" ? b : reach);
  const edge = look.outlineUnits;
  const key = `placeholder:${shape}:${width}:${height}:${corners.join(",")}`;
  const image = pictures.image(key, width + edge * 2, height + edge * 2, (c) => {
    c.beginPath();
    if (shape === "circle") c.arc(0, 0, width / 2 - edge / 2, 0, Math.PI * 2);
    else if (shape === "box") c.roundRect(-width / 2, -height / 2, width, height, Math.min(18, height / 3));
    else for (let i = 0; i + 1 < corners.length; i += 2) c.lineTo(corners[i]!, corners[i + 1]!);
    c.closePath();
    c.fillStyle = look.paper;
    c.fill();
    c.lineJoin = "round";
    c.lineWidth = edge;
    c.strokeStyle = look.ink;
    c.stroke();
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
