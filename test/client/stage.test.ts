/** The stage page in a real Chromium, joined to a real room over a real WebSocket. */
import { expect, test } from "vitest";
import { hueIndex } from "../../client/stage/hue.ts";
import { colorNumber, look } from "../../client/stage/look.ts";
import { aScene, keyOf, type Scene } from "./fixture-room.ts";
import { fixture, open, openAgain, page, pixels, troubles, until, untilPasses, useStage } from "./stage-page.ts";

useStage();

test("shows the meters of the rules beside that of likes, as many as have room", async () => {
  const meters = ["Rage", "Storm", "Calm"].map((title) => ({ title, value: 30, max: 40 }));
  await open(aScene({ still: true, meters }));
  await until("uproar.connected && uproar.hud.meter !== ''");
  expect(await page.evaluate(() => window.uproar!.hud.meter)).toBe("PULSE in 66 · RAGE in 10 · STORM in 10");
});

test("shows every body, names in any script, and the panels", async () => {
  await open(aScene({ still: true, ready: [{ name: "kofi", title: "Giant", count: 2 }] }));
  await until("uproar.connected && uproar.entities === 23 && uproar.names.length >= 6");
  const shown = await page.evaluate(() => ({ names: window.uproar!.names, hud: window.uproar!.hud }));
  expect(shown.names).toEqual(expect.arrayContaining(["Mika", "محمد", "noor.alhadi"]));
  expect(shown.names.length).toBeLessThanOrEqual(12);
  expect(shown.hud.title).toBe("Last Ball 13 left");
  expect(shown.hud.clock).toMatch(/^0:[0-4]\d$/);
  expect(shown.hud.board).toBe("Mika 7, sam_plays 5, Ayşe 4");
  expect(shown.hud.meter).toBe("PULSE in 66");
  expect(shown.hud.feed).toContain("sam_plays SPIKES");
  expect(shown.hud.ready).toBe("kofi Giant ×2");
  expect(shown.hud.notice).toBe("");
  // The bumper at the top of the rim is paper around its heart, and the ground is opaque.
  await untilPasses(async () => {
    const [bumper, ground] = await pixels([
      [(485 + 430 * Math.cos(-1.37) - 18) / 1080, (1010 + 430 * Math.sin(-1.37)) / 1920],
      [0.5, 0.95],
    ]);
    expect(bumper).toBe("255,247,232,255");
    expect(ground).toMatch(/,255$/);
  });
  expect(troubles).toEqual([]);
});

test("comes back by itself and draws the new world after the server was stopped and started", async () => {
  await open(aScene({ startTick: 90_000, ready: [{ name: "kofi", title: "Giant", count: 2 }] }));
  await until("uproar.connected && uproar.entities === 23 && uproar.names.includes('Mika')");
  await until("uproar.hud.feed.includes('Mika dashed') && uproar.hud.ready !== ''");
  const { port } = fixture;
  await fixture.stop();
  await until("!uproar.connected && uproar.hud.notice.startsWith('Reconnecting')");
  const bodies = [
    { name: "Newcomer", x: 400, y: 900, words: "arrived" },
    { name: "ÇelikTR", x: 600, y: 1100 },
  ];
  // Another show, at an earlier tick than the one before, whose feed is numbered from 1 again.
  await openAgain(aScene({ show: "second", bodies, startTick: 60_000, phaseSeconds: 70 }), port);
  await until("uproar.connected && uproar.entities === 12 && uproar.names.includes('Newcomer')");
  const shown = await page.evaluate(() => ({ ...window.uproar!, hud: { ...window.uproar!.hud } }));
  expect(shown.names).not.toContain("Mika");
  expect(shown.hud).toMatchObject({
    title: "Last Ball 2 left",
    feed: "Newcomer arrived",
    board: "",
    ready: "",
    notice: "",
  });
  expect(troubles).toEqual([]);
});

test("says calmly that the show has ended, and goes on by itself when one runs again", async () => {
  await open(aScene());
  await until("uproar.connected && uproar.entities === 23 && uproar.hud.end === ''");
  const { port } = fixture;
  fixture.end();
  await until("uproar.status === 'ended' && uproar.hud.end === 'The show has ended'");
  // The room still tells something for a moment, which takes nothing back.
  fixture.pause(true);
  await until("uproar.hud.paused === 'Paused'");
  expect(await page.evaluate(() => window.uproar!.status)).toBe("ended");
  // Then nobody is there to join, which is no trouble either.
  let joinsInVain = 0;
  page.on("requestfailed", () => joinsInVain++);
  await fixture.stop();
  await untilPasses(async () => expect(joinsInVain).toBeGreaterThanOrEqual(3));
  const { status, hud } = await page.evaluate(() => ({ ...window.uproar! }));
  expect([status, hud.end, hud.notice]).toEqual(["ended", "The show has ended", ""]);
  await openAgain(aScene({ show: "second" }), port);
  await until("uproar.connected && uproar.hud.end === '' && uproar.entities === 23 && uproar.names.includes('Mika')");
  expect(troubles).toEqual([]);
});

test("says that the show is paused, stands still, and goes on with it", async () => {
  await open(aScene());
  await until("uproar.connected && uproar.entities === 23 && uproar.hud.paused === ''");
  fixture.pause(true);
  await until("uproar.hud.paused === 'Paused'");
  const stood = await page.evaluate(() => window.uproar!.tick);
  fixture.pause(false);
  await until(`uproar.hud.paused === '' && uproar.tick > ${stood + 60}`);
  expect(await page.evaluate(() => window.uproar!.hud.notice)).toBe("");
  expect(troubles).toEqual([]);
});

test.each([
  ["", false],
  ["debug=1", true],
])("with %j, what is wrong behind the stage is told: %s", async (query, isTold) => {
  await open(aScene({ still: true, notice: "The disk is full." }), query);
  await until("uproar.connected && uproar.entities === 23 && uproar.names.includes('Mika')");
  const said = Object.values(await page.evaluate(() => ({ ...window.uproar!.hud }))).join(" ");
  expect(said.includes("The disk is full.")).toBe(isTold);
});

test("a show taken back to an earlier tick is drawn from there", async () => {
  await open(aScene({ startTick: 90_000 }));
  await until("uproar.tick > 80_000 && uproar.entities === 23 && uproar.names.includes('Mika')");
  fixture.rewind(60_000);
  await until("uproar.tick > 50_000 && uproar.tick < 80_000");
  await until("uproar.entities === 23 && uproar.names.includes('Mika')");
  expect(troubles).toEqual([]);
});

test("a transparent page leaves everything but the game clear", async () => {
  await open(aScene({ still: true }), "transparent=1");
  await until("uproar.connected && uproar.entities === 23");
  await untilPasses(async () => {
    const [corner, below, floor] = await pixels([
      [0.01, 0.01],
      [0.5, 0.95],
      [430 / 1080, 1290 / 1920],
    ]);
    expect(corner).toBe("0,0,0,0");
    expect(below).toBe("0,0,0,0");
    expect(floor).toMatch(/,255$/);
  });
});

/** A world three screens high with somebody in each, seen from a camera. */
const tallScene = (camera: (tick: number) => { x: number; y: number }, changes: Partial<Scene> = {}): Scene => {
  const bodies = [960, 2880, 4800].map((y, index) => ({ name: `Screen ${index + 1}`, x: 540, y, radius: 90 }));
  return aScene({ game: "not-made-yet", bodies, still: true, tall: { height: 5760, camera }, ...changes });
};

test("of a world larger than the picture it shows what the camera sees, in its place, and names nobody else", async () => {
  await open(
    tallScene(() => ({ x: 540, y: 2980 })),
    "transparent=1",
  );
  await until("uproar.connected && uproar.camera.y === 2020 && uproar.names.length === 1");
  expect(await page.evaluate(() => ({ names: window.uproar!.names, camera: window.uproar!.camera }))).toEqual({
    names: ["Screen 2"],
    camera: { x: 0, y: 2020, width: 1080, height: 1920 },
  });
  await untilPasses(async () => {
    // The ring of the ball, 100 units above the middle, and floor below the middle.
    const [ball, floor] = await pixels([
      [(540 + 74) / 1080, 860 / 1920],
      [(540 + 74) / 1080, 1080 / 1920],
    ]);
    const hue = colorNumber(look.hues[hueIndex(keyOf("Screen 2"), look.hues.length)]!);
    const off = [hue >> 16, (hue >> 8) & 255, hue & 255].map((channel, at) => channel - Number(ball!.split(",")[at]));
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(8);
    expect(floor).toMatch(/^4\d,3\d,1[01]\d,255$/);
  });
  // The bodies of the other screens and the arena are not drawn at all.
  expect(await page.evaluate(() => window.uproar!.entities)).toBe(1);
  expect(troubles).toEqual([]);
});

test("the picture moves with the camera in step with its tick, and a leap of more than a screen is a cut", async () => {
  const y = (tick: number) => (tick < 700 ? 960 : tick < 1500 ? 960 + (tick - 700) * 2 : 4800);
  await open(tallScene((tick) => ({ x: 540, y: y(tick) }), { startTick: 690 }));
  await until("uproar.connected && uproar.entities > 0");
  // Before the first frame that it heard of it knows no place: it looks from there until its picture has come to it.
  const joined = await page.evaluate(() => window.uproar!.tick);
  await until(`uproar.tick > ${joined + 30}`);
  const looks: { tick: number; y: number }[] = [];
  await untilPasses(async () => {
    looks.push(await page.evaluate(() => ({ tick: window.uproar!.tick, y: window.uproar!.camera.y + 960 })));
    expect(looks.at(-1)!.tick).toBeGreaterThan(1530);
  });
  const moving = looks.filter(({ tick }) => tick > 700 && tick < 1490);
  expect(moving.length).toBeGreaterThan(3);
  // Half a tick of rounding, and the corner of its way.
  for (const look of moving) expect(Math.abs(look.y - y(look.tick))).toBeLessThan(6);
  await until("uproar.names.join() === 'Screen 3'");
  expect(troubles).toEqual([]);
});

test("a wide page has the arena in its middle, between the panels", async () => {
  await open(aScene({ still: true }), "", { width: 960, height: 540 });
  await until("uproar.connected && uproar.entities === 23 && uproar.names.includes('Mika')");
  // A body or a name may lie on some of the floor's places, and on none of the others.
  const floor = [
    [0.5, 0.3],
    [0.58, 0.36],
    [0.42, 0.6],
    [0.6, 0.72],
    [0.43, 0.8],
  ] as const;
  const beside = [
    [0.22, 0.9],
    [0.9, 0.7],
  ] as const;
  await untilPasses(async () => {
    const blues = (await pixels([...floor, ...beside])).map((color) => Number(color.split(",")[2]));
    expect(blues.slice(0, floor.length).filter((blue) => blue > 90 && blue < 130).length).toBeGreaterThanOrEqual(2);
    for (const blue of blues.slice(floor.length)) expect(blue).toBeLessThan(80);
  });
});

test("the results show the podium", async () => {
  const podium = ["Mika", "sam_plays", "Ayşe"];
  await open(aScene({ phase: "results", podium }), "", { width: 960, height: 540 });
  await until("uproar.connected && uproar.hud.podium !== ''");
  expect(await page.evaluate(() => window.uproar!.hud.podium)).toBe("Mika +7, sam_plays +5, Ayşe +4");
  expect(troubles).toEqual([]);
});

test("a podium with someone whose points are not known names no points at all", async () => {
  await open(aScene({ phase: "results", podium: ["Mika", "kofi", "Ayşe"] }), "", { width: 960, height: 540 });
  await until("uproar.connected && uproar.hud.podium !== ''");
  expect(await page.evaluate(() => window.uproar!.hud.podium)).toBe("Mika, kofi, Ayşe");
});

test("the score of teams stands with the clock, and they stand on the podium with the round's honours", async () => {
  const score = [
    { team: 1, name: "Sky", value: 1 },
    { team: 2, name: "Reds", value: 3 },
  ];
  const awards = [{ title: "Best save", name: "Ayşe", value: "4.1 s" }];
  await open(aScene({ phase: "results", score, awards }), "", { width: 960, height: 540 });
  await until("uproar.connected && uproar.hud.podium !== ''");
  const { podium, clock } = await page.evaluate(() => window.uproar!.hud as { podium: string; clock: string });
  expect(podium).toBe("REDS WIN, Reds 3, Sky 1, Best save: Ayşe 4.1 s");
  expect(clock).toMatch(/^1 : 3 0:\d\d$/);
  expect(troubles).toEqual([]);
});

test("a badge is a card with the name of whose it is, in every game", async () => {
  await open(aScene({ still: true }));
  await until("uproar.connected && uproar.names.includes('Mika')");
  fixture.effect({ kind: "badge", text: "3 in a row", viewer: keyOf("Mika") });
  await until("uproar.hud.card === 'Mika 3 in a row'");
  await until("uproar.hud.card === ''");
  expect(troubles).toEqual([]);
});

test("a wrong token says what to do and shows nothing", async () => {
  await open(aScene(), "", { width: 540, height: 960 }, "wrong");
  await until("uproar.status === 'refused' && uproar.hud.notice.includes('no longer valid')");
  expect(await page.evaluate(() => window.uproar!.entities)).toBe(0);
});

test("the handle tells and cannot be turned", async () => {
  await open(aScene({ still: true }));
  await until("uproar.connected");
  const changed = await page.evaluate(() => {
    const handle = window.uproar as unknown as Record<string, unknown>;
    try {
      handle.connected = "changed";
    } catch {
      // Modules are strict: writing throws.
    }
    return handle.connected;
  });
  expect(changed).toBe(true);
});
