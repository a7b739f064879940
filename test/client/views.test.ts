/** Views of games in a real Chromium: loaded by their address, lent what they draw with, and never trusted with the show. */
import { expect, test } from "vitest";
import { aScene, type FixtureShape } from "./fixture-room.ts";
import { fixture, open, page, troubles, until, useStage } from "./stage-page.ts";

useStage();

const aStrangeShape: FixtureShape = {
  kind: "no such kind",
  shape: "polygon",
  corners: [-60, -50, 60, -50, 0, 70],
  x: 300,
  y: 1250,
};

test("a game without a view and a kind nobody knows are still drawn", async () => {
  await open(
    aScene({ game: "not-made-yet", shapes: [aStrangeShape], still: true }),
    "debug=1&phone=1&motion=reduced&res=360",
  );
  await until("uproar.connected && uproar.entities === 24 && uproar.names.includes('Mika')");
  expect(troubles).toEqual([]);
});

/** A view that uses every building block that has something to say, in plain JavaScript. */
const modestView = `export default {
  joinHint: "Say hello!",
  mount(kit) {
    const gauge = kit.gauge({ width: 200, label: "CHARGE" });
    const label = kit.label("Checkpoint 1", 60);
    kit.layers.structure.add([gauge.root.setPosition(300, 900), label, kit.icon("bolt", 90), kit.icon("no such icon", 90)]);
    return {
      entity: () => undefined,
      effect: ({ text }) => { kit.card(text); kit.banner(kit.phase() + " " + kit.world.width + " " + kit.camera.width); },
      frame: (time) => gauge.show(time.clock % 1, time),
      destroy() { gauge.destroy(); label.destroy(); },
    };
  },
};`;

test("a view is loaded by its game's address and has what the kit lends", async () => {
  await open(aScene({ game: "modest", views: { modest: modestView }, phase: "lobby", still: true }));
  await until("uproar.connected && uproar.hud.lobby.startsWith('Say hello!')");
  fixture.effect({ kind: "anything", text: "An honour" });
  await until("uproar.hud.card === 'An honour' && uproar.hud.banner === 'lobby 1080 1080'");
  expect(troubles).toEqual([]);
});

test("another game of the same show is drawn with its own view, and a third one without a view plainly", async () => {
  await open(aScene({ views: { modest: modestView }, phase: "lobby", phaseSeconds: 300 }));
  await until("uproar.entities === 23 && uproar.hud.lobby.startsWith('Comment to join!')");
  fixture.play("modest");
  await until("uproar.entities === 23 && uproar.hud.lobby.startsWith('Say hello!') && uproar.names.includes('Mika')");
  fixture.play("not-made-yet");
  await until("uproar.entities === 23 && uproar.hud.lobby.startsWith('Comment to join!')");
  expect(troubles).toEqual([]);
});

test.each([
  ["no module", "this is no JavaScript"],
  ["nothing to mount", "export default {}"],
  ["a mount that fails", "export default { mount() { throw new Error('mount') } }"],
  [
    "drawings and hooks that fail",
    `const fail = (what) => () => { throw new Error(what); };
     const drawing = { draw: fail("draw"), hit: fail("hit"), destroy: fail("destroy") };
     const entity = (it) => (it.viewer ? drawing : fail("entity")());
     export default { mount: () => ({ entity, effect: fail("effect"), frame: fail("frame"), destroy: fail("destroy") }) };`,
  ],
])("a view that is %s costs its picture and not the show's", async (_name, view) => {
  await open(aScene({ game: "broken", views: { broken: view }, phase: "lobby", phaseSeconds: 60 }));
  await until("uproar.connected && uproar.entities === 23 && uproar.names.includes('Mika')");
  fixture.effect({ kind: "hit", entity: 1, other: 2, x: 500, y: 900 });
  const before = await page.evaluate(() => window.uproar!.tick);
  await until(
    `uproar.tick > ${before + 60} && uproar.entities === 23 && uproar.hud.lobby.startsWith('Comment to join!')`,
  );
  expect(troubles).toEqual([]);
});
