/** Live events of a room: what its rules do to it, when, and what becomes of its code's faults; on a real store. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type LiveEvents, type LiveEventsOptions, liveEvents } from "../../../server/plugin/live-events.ts";
import { UserError } from "../../../server/user-error.ts";
import { actionsFor } from "../../../shared/game/define.ts";
import { aChat, aGift } from "../../support/events.ts";

class YardRoom {
  roomName = "yard";
  readonly enemies: { size: number; for: string; by: string }[] = [];
  live: LiveEvents | undefined;
  disposed = 0;
  onDispose(): string | Promise<string> {
    this.disposed++;
    return "the room's own";
  }
}

const defineAction = actionsFor<YardRoom>();
const actions = {
  spawnEnemy: defineAction({
    title: "ENEMY",
    summary: "Lets an enemy in.",
    params: z.object({ size: z.number().min(1).max(5).default(1) }),
    apply(room, { size }, { member, by }) {
      room.enemies.push({ size, for: member?.key ?? "", by: by?.viewer.name ?? "" });
      return undefined;
    },
  }),
  trip: defineAction({
    title: "TRIP",
    summary: "Throws.",
    params: z.object({}),
    apply() {
      throw new Error("a bug in the room");
    },
  }),
  flash: defineAction({
    title: "FLASH",
    summary: "Shows and says something.",
    params: z.object({}),
    apply(_room, _params, { member }, show) {
      show.effect("flash", { power: 3 });
      show.feed(member, "flashed");
      return undefined;
    },
  }),
};

const rules = `game: yard
rules:
  - { id: talk, on: chat, command: enemy, do: spawnEnemy }
  - { id: flash, on: chat, command: flash, do: flash }
  - { id: rose, on: gift, value: { from: 1, to: 9 }, do: { spawnEnemy: { size: 3 } } }
  - { id: trip, on: gift, value: { from: 10, to: 19 }, do: trip }
`;

let folder: string;
const running: LiveEvents[] = [];
const said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-plugin-"));
  said.length = 0;
});
afterEach(async () => {
  for (const live of running.splice(0)) await live.stop().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

async function start(room: YardRoom, options: Partial<LiveEventsOptions<YardRoom>> = {}): Promise<LiveEvents> {
  const live = await liveEvents(room, {
    ...{ rules, actions, sources: ["ingest"], data: join(folder, "data"), env: {}, log: (line) => said.push(line) },
    ...options,
  });
  running.push(live);
  room.live = live;
  return live;
}

/** Updates until something holds. */
async function until(live: LiveEvents, check: () => void): Promise<void> {
  await vi.waitFor(
    () => {
      live.update(1000 / 30);
      check();
    },
    { timeout: 8000, interval: 2 },
  );
}

const statesOf = async (live: LiveEvents) => {
  const asked = live.ledgerRows();
  live.update(100);
  return (await asked).rows.map(({ id, state }) => [id, state]);
};

describe("acts of viewers", () => {
  test("call the room's actions with params of the rule file, and gifts have rows", async () => {
    const room = new YardRoom();
    const live = await start(room);
    live.offer(aChat("enemy", "bo"));
    live.offer(aGift(5, "ana"));
    await until(live, () => expect(room.enemies).toHaveLength(2));
    expect(room.enemies).toEqual([
      { size: 1, for: "tiktok:bo", by: "bo" },
      { size: 3, for: "tiktok:ana", by: "ana" },
    ]);
    expect(await statesOf(live)).toEqual([["gift-ana-5-1", "applied"]]);
    expect(live.viewer("tiktok:ana")!.viewer.name).toBe("ana");
    expect(await live.ledgerTotals(live.show)).toMatchObject({ applied: { rows: 1, value: 5 } });
  });

  test("an action that throws is counted, its gift waits, and the room goes on", async () => {
    const room = new YardRoom();
    const live = await start(room);
    const acts: string[] = [];
    live.on("decision", (entry) => acts.push(...entry.acts.map((act) => `${act.action} ${act.state}: ${act.reason}`)));
    live.offer(aGift(12, "ana"));
    live.offer(aGift(5, "bo"));
    await until(live, () => expect(room.enemies).toHaveLength(1));
    expect(acts).toEqual(["trip waits: the action failed", "spawnEnemy applied: "]);
    expect(live.status()).toMatchObject({ banked: 1, errors: 1, lastError: "action trip: a bug in the room" });
    expect(await statesOf(live)).toEqual([
      ["gift-ana-12-1", "banked"],
      ["gift-bo-5-1", "applied"],
    ]);
  });

  test("who listens hears of decisions, acts, effects and lines, and harms nobody by throwing", async () => {
    const live = await start(new YardRoom());
    const heard: unknown[] = [];
    live.on("effect", () => {
      throw new Error("a bug in a listener");
    });
    live.on("effect", ({ kind, power }) => heard.push([kind, power]));
    const end = live.on("feed", ({ name, words }) => heard.push([name, words]));
    live.on("decision", ({ event, traces }) => heard.push([event?.type, traces.map(({ rule }) => rule.id)]));
    live.offer(aChat("flash", "bo"));
    await until(live, () => expect(heard).toHaveLength(3));
    expect(heard).toEqual([
      ["chat", ["flash"]],
      ["flash", 3],
      ["bo", "flashed"],
    ]);
    end();
    live.offer(aChat("flash!", "cy"));
    await until(live, () => expect(heard).toHaveLength(5));
    expect(live.feed.map(({ name }) => name)).toEqual(["bo", "cy"]);
    expect(live.status()).toMatchObject({ errors: 2, lastError: 'a listener of "effect": a bug in a listener' });
  });
});

describe("phases", () => {
  test("gifts wait while the room says that nobody plays, and act with the next round", async () => {
    const room = new YardRoom();
    const live = await start(room);
    live.update(100);
    expect(live.now).toMatchObject({ name: "play", round: 1 });
    live.phase("lobby");
    live.update(100);
    expect(live.now).toMatchObject({ name: "lobby", round: 2 });
    live.offer(aGift(5));
    live.offer(aChat("enemy"));
    await until(live, () => expect(live.status().banked).toBe(1));
    live.update(60_000);
    expect(room.enemies).toEqual([]);
    live.round();
    await until(live, () => expect(room.enemies).toHaveLength(1));
    expect(live.now).toMatchObject({ name: "play", round: 2 });
    live.round();
    live.update(100);
    expect(live.now).toMatchObject({ name: "play", round: 3 });
    expect(() => live.phase("half-time" as "lobby")).toThrow(UserError);
  });

  test("play has no end of its own", async () => {
    const live = await start(new YardRoom());
    for (let second = 0; second < 600; second++) live.update(1000);
    expect(live.now).toMatchObject({ name: "play", round: 1 });
    expect(live.status()).toMatchObject({ ticks: 36_000, ticksSkipped: 0 });
  });
});

test("targets and conditions ask the room for bodies, teams and the leader", async () => {
  const room = new YardRoom();
  const bodies = new Map([
    ["tiktok:ana", "red"],
    ["tiktok:bo", "blue"],
  ]);
  const live = await start(room, {
    teams: ["red", "blue"],
    teamOf: (key) => bodies.get(key) ?? "",
    joinTeam: (key, team) => void bodies.set(key, team),
    hasBody: (key) => bodies.has(key),
    leader: () => "tiktok:bo",
    rules: `game: yard
teams: { blue: [blue] }
rules:
  - { on: chat, command: hello, do: flash }
  - { on: chat, command: all, do: { spawnEnemy: { size: 1 }, target: everyone } }
  - { on: chat, command: mates, do: { spawnEnemy: { size: 2 }, target: team } }
  - { on: chat, command: first, do: { spawnEnemy: { size: 3 }, target: leader } }
  - { on: chat, command: red, if: 'viewer.team == "red" && playing == 2', do: { spawnEnemy: { size: 4 } } }
`,
  });
  for (const who of ["ana", "bo", "cy"]) live.offer(aChat("hello", who));
  for (const text of ["all", "mates", "first", "red"]) live.offer(aChat(text, "ana"));
  await until(live, () => expect(room.enemies).toHaveLength(5));
  expect(room.enemies.map(({ size, for: whom }) => `${size} ${whom}`).sort()).toEqual([
    "1 tiktok:ana",
    "1 tiktok:bo",
    "2 tiktok:ana",
    "3 tiktok:bo",
    "4 tiktok:ana",
  ]);
  live.offer(aChat("blue", "cy"));
  await until(live, () => expect(bodies.get("tiktok:cy")).toBe("blue"));
});

test("answers of the room that throw count as none", async () => {
  const room = new YardRoom();
  const live = await start(room, {
    hasBody() {
      throw new Error("no bodies yet");
    },
    rules: `${rules}  - { on: chat, command: all, do: { spawnEnemy: { size: 1 }, target: everyone } }\n`,
  });
  live.offer(aChat("all"));
  live.offer(aChat("enemy"));
  await until(live, () => expect(room.enemies).toHaveLength(1));
  expect(live.status().lastError).toBe("hasBody: no bodies yet");
});

describe("the rule file", () => {
  const write = (text: string): string => {
    const path = join(folder, "rules.yaml");
    writeFileSync(path, text);
    return path;
  };

  test.each([
    ["an action", rules.replace("do: spawnEnemy }", "do: spawnEnemi }"), /rules\.yaml:3:\d+.*spawnEnemi.*spawnEnemy/],
    ["a param", rules.replace("size: 3", "sice: 3"), /rules\.yaml:5:\d+.*sice.*size/],
    ["a range", rules.replace("size: 3", "size: 30"), /rules\.yaml:5:\d+.*at most 5/],
    ["the game", rules.replace("game: yard", "game: yart"), /rules\.yaml:1:\d+.*yart.*yard/],
    ["options it has not", `${rules}options: { speed: 2 }\n`, /rules\.yaml:7:\d+.*speed/],
  ])("is refused with the place when it names %s wrongly", async (_name, text, problem) => {
    for (const given of [text, write(text)])
      await expect(start(new YardRoom(), { rules: given })).rejects.toThrow(problem);
    // Nothing is left open by it.
    await start(new YardRoom());
  });

  test("is read again when it is saved; a broken one changes nothing", { timeout: 30_000 }, async () => {
    const room = new YardRoom();
    const live = await start(room, { rules: write(rules) });
    live.update(100);
    write(rules.replace("size: 3", "size: 4"));
    await until(live, () => expect(said.join("\n")).toContain("rules:"));
    live.offer(aGift(5));
    await until(live, () => expect(room.enemies).toMatchObject([{ size: 4 }]));
    write(rules.replace("size: 3", "size: 40"));
    await until(live, () => expect(live.status().trouble).toContain("The rule file"));
    live.offer(aGift(6));
    await until(live, () => expect(room.enemies).toMatchObject([{ size: 4 }, { size: 4 }]));
  });

  test("sets options of the room's own", async () => {
    const live = await start(new YardRoom(), {
      options: z.strictObject({ speed: z.number().default(1) }),
      rules: `${rules}options: { speed: 2 }\n`,
    });
    expect(live.options).toEqual({ speed: 2 });
  });
});

describe("the end", () => {
  test("of the room ends them, before the room's own, and what waits acts in the next one", async () => {
    const room = new YardRoom();
    const live = await start(room);
    live.phase("lobby");
    live.update(100);
    live.offer(aGift(5, "ana"));
    await until(live, () => expect(live.status().banked).toBe(1));
    // Accepted and not looked at yet.
    live.offer(aGift(6, "bo"));
    expect(await room.onDispose()).toBe("the room's own");
    expect([room.disposed, said]).toEqual([1, []]);
    live.update(100);
    const next = new YardRoom();
    const again = await start(next);
    await until(again, () => expect(next.enemies).toHaveLength(2));
    expect(await statesOf(again)).toEqual([
      ["gift-ana-5-1", "applied"],
      ["gift-bo-6-1", "applied"],
    ]);
    expect(again.show).not.toBe(live.show);
  });

  test("a folder belongs to one room; one that is just leaving it is waited for", async () => {
    const first = await start(new YardRoom());
    const second = start(new YardRoom());
    await expect(second).rejects.toThrow(/in use by the room yard of this process\. Give each room a folder/);
    const other = new YardRoom();
    await start(other, { data: join(folder, "other") });
    const stopping = first.stop();
    const third = await start(new YardRoom());
    await stopping;
    expect(third.status().trouble).toBe("");
  });
});

test.each([
  ["a room without a name", { game: "" }, /choose one: liveEvents\(this, \{ game/],
  ["a name that does not do", { game: "my game" }, /"my game" does not do/],
  ["teams without teamOf", { teams: ["red"] }, /needs teamOf/],
  ["an unknown source", { sources: ["tiktok"] }, /There is no source "tiktok"/],
  ["no rule file", { rules: "nowhere.yaml" }, /nowhere\.yaml does not exist/],
] satisfies [string, Partial<LiveEventsOptions<YardRoom>>, RegExp][])("%s is refused", async (_name, options, why) => {
  await expect(start(new YardRoom(), options)).rejects.toThrow(why);
});
