/** How My Game looks: drawings of what only it has, and pictures of its moments. Viewers' balls, panels and sounds are the stage's own. */
import type { EntityDrawing, GameView, StagedEntity, StageKit } from "uproar/game";

const view: GameView = {
  frame: { x: 0, y: 540, width: 970, height: 980 },
  joinHint: "Comment to play!",
  mount(kit) {
    return {
      // What has no drawing here is left to the stage.
      entity: (entity) => (entity.kind === "coin" ? drawCoin(kit, entity) : undefined),
      effect({ kind, x, y }) {
        if (kind !== "coin") return;
        kit.bits(x, y, 6, kit.look.gold);
        kit.sound("pop", 0.7);
      },
      frame: () => {},
      destroy: () => {},
    };
  },
};
export default view;

/** A gold coin that turns. */
function drawCoin(kit: StageKit, { a: radius }: StagedEntity): EntityDrawing {
  const { ink, gold, outlineUnits } = kit.look;
  const image = kit.picture("coin", radius * 2 + 8, radius * 2 + 8, (c) => {
    c.beginPath();
    c.arc(0, 0, radius, 0, Math.PI * 2);
    c.fillStyle = gold;
    c.fill();
    c.lineWidth = outlineUnits;
    c.strokeStyle = ink;
    c.stroke();
  });
  const { scaleX } = image;
  kit.layers.structure.add(image);
  return {
    draw({ x, y }, { clock }) {
      const turn = kit.reducedMotion ? 1 : Math.abs(Math.cos(clock * 3 + x));
      image.setPosition(x, y).setScale(scaleX * Math.max(0.15, turn), image.scaleY);
    },
    destroy: () => image.destroy(),
  };
}
