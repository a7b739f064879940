/** What the simulator writes in each protocol: the real sources read all of it back, and clients get what they ask for. */
import { describe, expect, it } from "vitest";
import type { SourceDefinition, SourceEvent } from "../../../server/ingest/source.ts";
import { createAudience } from "../../../server/simulator/audience.ts";
import { createExtras } from "../../../server/simulator/extras.ts";
import { hostileNames } from "../../../server/simulator/garbage.ts";
import { createPerson } from "../../../server/simulator/people.ts";
import type { Happening, Note, Protocol, Visit } from "../../../server/simulator/protocol.ts";
import { type ProtocolId, protocols } from "../../../server/simulator/protocols.ts";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import euler from "../../../server/sources/euler.ts";
import tikfinity from "../../../server/sources/tikfinity.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { createRandom } from "../../../shared/world/random.ts";
import { someListener, someSettings, tiktokEventTypes } from "../../support/source.ts";

const sources: Record<ProtocolId, SourceDefinition> = { tiktool, euler, tikfinity };
const ids = Object.keys(protocols) as ProtocolId[];
const room = { roomId: "7179537496482700001", title: "wires", base: "http://127.0.0.1:9" };
const standing = { viewers: 3, likes: 4, nowMs: 1_800_000_000_000 };
const person = { ...createPerson(0, 0, createRandom(1)), follower: true, moderator: true, subscriber: true };
const visit = (query = ""): Visit => ({ query: new URLSearchParams(`uniqueId=ana${query}`) });

/** What a source hears on one line: the greeting, then these frames. */
function hear(id: ProtocolId, frames: readonly string[], query = "") {
  const heard = { events: [] as SourceEvent[], rooms: [] as string[], ignored: [] as string[], endings: 0 };
  const listener = someListener({
    live: (roomId) => heard.rooms.push(roomId),
    event: (event) => {
      heard.events.push(event);
      return "accepted";
    },
    ignored: (reason) => heard.ignored.push(reason),
    closed: () => {
      heard.endings++;
    },
  });
  const ear = sources[id].listen!(someSettings({ user: "ana" }), listener);
  for (const frame of [...protocols[id].greeting(visit(query), room, standing), ...frames]) ear.hear(frame);
  return heard;
}
const write = (protocol: Protocol, note: Note, query = "") => protocol.frames([note], visit(query), room);

const gift = { id: 9001, name: "Spark", diamonds: 5, weight: 1, combo: [1, 1] as [number, number] };
const hosts = [
  { id: "6958047938976040001", score: 122 },
  { id: "6843116833038452002", score: 75 },
];
const viewer = {
  platform: "tiktok",
  id: person.id,
  handle: person.handle,
  name: person.nickname,
  avatarUrl: `http://127.0.0.1:9/avatars/${person.id}.png`,
  roles: { follower: true, moderator: true, subscriber: true, owner: false },
  levels: { gifter: person.level, team: 0 },
};
const combo = { type: "gift", person, groupId: "1795344000997", transactionId: "t1", atMs: 0 } as const;

/** What happens, and what every source is to make of it. */
const acts: [Happening, object][] = [
  [
    { type: "chat", person, text: "merhaba 👋", atMs: 0 },
    { type: "chat", viewer, text: "merhaba 👋" },
  ],
  [
    { type: "like", person, count: 7, roomTotal: 99, atMs: 0 },
    { type: "like", viewer, count: 7, roomTotal: 99 },
  ],
  [
    { ...combo, gift: { ...gift, type: 1 }, total: 3, end: false },
    {
      ...{ type: "gift", viewer, total: 3, end: false, streakable: true, groupId: "1795344000997" },
      gift: { id: "9001", name: "Spark", unitValue: 5, currency: "diamond" },
    },
  ],
  [
    { ...combo, gift: { ...gift, type: 1 }, total: 3, end: true },
    { type: "gift", total: 3, end: true, streakable: true },
  ],
  [
    { ...combo, gift: { ...gift, type: 2 }, total: 1, end: false },
    { type: "gift", total: 1, end: false, streakable: false },
  ],
  [
    { type: "join", person, atMs: 0 },
    { type: "join", viewer },
  ],
  [
    { type: "follow", person, atMs: 0 },
    { type: "follow", viewer },
  ],
  [
    { type: "share", person, atMs: 0 },
    { type: "share", viewer },
  ],
  [
    { type: "subscribe", person, atMs: 0 },
    { type: "subscribe", viewer },
  ],
  [
    { type: "viewers", count: 41, total: 99, top: [person], atMs: 0 },
    { type: "viewers", count: 41 },
  ],
  [
    { type: "battle", battleId: "7571", phase: "active", seconds: 15, hosts, atMs: 0 },
    { type: "battle", phase: "active", scores: [122, 75] },
  ],
  [
    { type: "battle", battleId: "7571", phase: "ended", seconds: 15, hosts, atMs: 0 },
    { type: "battle", phase: "ended", scores: [122, 75] },
  ],
  [
    { type: "battleScores", battleId: "7571", hosts, atMs: 0 },
    { type: "battleScores", scores: [122, 75] },
  ],
  [
    { type: "pin", person, text: "gg", pinned: true, atMs: 0 },
    { type: "pin", viewer, text: "gg", pinned: true },
  ],
  [
    { type: "pin", person, text: "gg", pinned: false, atMs: 0 },
    { type: "pin", pinned: false },
  ],
  [
    { type: "caption", text: "hello", final: true, atMs: 0 },
    { type: "caption", text: "hello", final: true, language: "en" },
  ],
  [
    { type: "envelope", person, diamonds: 100, people: 5, atMs: 0 },
    { type: "envelope", value: 100, people: 5 },
  ],
  [
    { type: "emote", person, emoteId: "7001", atMs: 0 },
    { type: "emote", viewer, emoteId: "7001", url: "http://127.0.0.1:9/avatars/7001.png" },
  ],
  [
    { type: "intro", text: "welcome", atMs: 0 },
    { type: "intro", text: "welcome" },
  ],
  [{ type: "streamEnd", atMs: 0 }, { type: "streamEnd" }],
];
/** What has a message without an id or a time of its own. */
const bare = { tiktool: [], euler: [], tikfinity: ["battle", "battleScores", "streamEnd"] } as Record<
  ProtocolId,
  string[]
>;
const unknownTo = { tiktool: [], euler: [], tikfinity: ["pin", "caption"] } as Record<ProtocolId, string[]>;

describe.each(ids)("%s", (id) => {
  const protocol = protocols[id];

  it.each(acts)("is read back: %j", (what, expected) => {
    const note = { what, atMs: 1_800_000_000_123, id: "7564827000000000042" };
    const { events, ignored, rooms } = hear(id, write(protocol, note));
    expect(rooms).toContain(room.roomId);
    expect(ignored.filter((reason) => reason !== "control")).toEqual([]);
    if (unknownTo[id].includes(what.type)) expect(events).toEqual([]);
    else {
      const stamped = bare[id].includes(what.type) ? {} : { id: note.id, ts: note.atMs };
      expect(events).toMatchObject([{ roomId: room.roomId, ...stamped, ...expected }]);
    }
  });

  it("withholds an id without taking anything else away", () => {
    for (const [what] of acts.filter(([{ type }]) => !bare[id].includes(type) && !unknownTo[id].includes(type))) {
      const [event] = hear(id, write(protocol, { what, atMs: 1_800_000_000_123, id: "" })).events;
      expect(event, what.type).toMatchObject({ id: "", ts: 1_800_000_000_123 });
    }
  });

  it("leaves the picture of who has none away", () => {
    const what: Happening = { type: "join", person: { ...person, hasPicture: false }, atMs: 0 };
    const [event] = hear(id, write(protocol, { what, atMs: 1, id: "1" })).events;
    expect(event).toMatchObject({ type: "join" });
    expect(event && "viewer" in event && event.viewer?.avatarUrl).toBeUndefined();
  });

  it("has closes, a nudge and garbage that the source takes for what they are", () => {
    const { classes, heard } = { classes: new Set<string>(), heard: hear(id, protocol.nudge(room)?.frames ?? []) };
    const ear = sources[id].listen!(someSettings({ user: "ana" }), someListener());
    if ("meaningOf" in ear) {
      const meaningOf = ear.meaningOf as (code: number, reason: string) => { class: string };
      for (const close of protocol.closes) if (close !== "cut") classes.add(meaningOf(close.code, close.reason).class);
      for (const [name, close] of Object.entries(protocol.waits)) {
        if (close === undefined || close === "cut") continue;
        const expected = id === "euler" && name === "quota" ? "rateLimited" : name;
        expect(meaningOf(close.code, close.reason).class).toBe(expected);
      }
      expect([...classes].sort()).toEqual(["network", "refresh"]);
    }
    // A nudge ends the line, but for TikFinity, which goes on with the same broadcast.
    if (protocol.needsBroadcast) expect(heard.rooms).toEqual([room.roomId, room.roomId]);
    else expect(heard.endings).toBe(1);
  });

  it("garbage is survived, and never tells of a gift", () => {
    const random = createRandom(4);
    const frames = Array.from({ length: 400 }, () => protocol.garbage(random, room));
    const last = write(protocol, { what: { type: "chat", person, text: "still here", atMs: 0 }, atMs: 5, id: "5" });
    const { events, ignored } = hear(id, [...frames, ...last]);
    expect(new Set(frames).size).toBeGreaterThan(20);
    expect(ignored.filter((reason) => reason === "broken").length).toBeGreaterThan(20);
    expect(events.filter(({ type }) => type === "gift")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "chat", text: "still here" });
    const names = events.map((event) => "viewer" in event && event.viewer?.name);
    expect(hostileNames.filter((name) => names.includes(name)).length).toBeGreaterThan(3);
  });

  it("tells of all events of the platform within half a minute of a storm", () => {
    const scenario = loadScenario("storm");
    const audience = createAudience({ scenario, seed: 2 });
    const extras = createExtras({ audience, scenario, seed: 2, scenes: true, floods: false });
    const frames: string[] = [];
    for (let ms = 0; ms < 30_000; ms += 100) {
      for (const what of [...audience.advance(100), ...extras.advance(100)]) {
        if (what.type !== "leave") frames.push(...write(protocol, { what, atMs: ms + 1, id: `${frames.length}` }));
      }
    }
    frames.push(
      ...write(protocol, { what: { type: "viewers", count: 1, total: 1, top: [], atMs: 0 }, atMs: 1, id: "v" }),
    );
    frames.push(...write(protocol, { what: { type: "streamEnd", atMs: 0 }, atMs: 1, id: "e" }));
    const { events, ignored } = hear(id, frames);
    // Made by ingest, not told by a provider.
    const made = ["giftStreakEnd", "streamStart", "error"];
    const wanted = tiktokEventTypes.filter((type) => !made.includes(type) && !unknownTo[id].includes(type));
    expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([...wanted].sort());
    expect(ignored.filter((reason) => reason !== "control")).toEqual([]);
  });
});

describe("euler's features", () => {
  const note = (id: string): Note => ({ what: { type: "follow", person, atMs: 0 }, atMs: 1_800_000_000_000, id });

  it("bundles at most a hundred messages unless asked not to", () => {
    const notes = Array.from({ length: 130 }, (_, nr) => note(String(nr)));
    const frames = protocols.euler.frames(notes, visit(), room).map((frame) => JSON.parse(frame));
    expect(frames.map(({ messages }) => messages.length)).toEqual([100, 30]);
    const bare = protocols.euler.frames(notes, visit("&features.bundleEvents=false"), room);
    expect(bare).toHaveLength(130);
    expect(JSON.parse(bare[0]!)).toMatchObject({ type: "WebcastSocialMessage" });
    expect(hear("euler", bare, "&features.bundleEvents=false").events).toHaveLength(130);
  });

  it.each(acts)("schema v1 is read back: %j", (what, expected) => {
    const query = "&features.schemaVersion=v1";
    const frames = write(protocols.euler, { what, atMs: 1_800_000_000_123, id: "77" }, query);
    expect(frames.join()).toContain('"event":{"msgId":"77"');
    expect(frames.join()).not.toContain('"common"');
    expect(hear("euler", frames, query).events).toMatchObject([{ id: "77", ts: 1_800_000_000_123, ...expected }]);
  });

  it("turns away what it does not simulate", () => {
    const door = { isOffline: (handle: string) => handle === "off", isKey: (key: string) => key === "good" };
    const codes = (query: string) => protocols.euler.refusal({ query: new URLSearchParams(query) }, door);
    expect(codes("uniqueId=ana&apiKey=good&features.schemaVersion=v2")).toBeUndefined();
    expect(codes("uniqueId=ana&jwtKey=good")).toBeUndefined();
    expect(codes("uniqueId=ana&apiKey=bad")).toMatchObject({ code: 4401 });
    expect(codes("apiKey=good")).toMatchObject({ code: 4400 });
    expect(codes("uniqueId=ana&apiKey=good&features.schemaVersion=v9")).toMatchObject({ code: 4400 });
    expect(codes("uniqueId=ana&apiKey=good&features.rawMessages=true")).toMatchObject({ code: 4400 });
    expect(codes("uniqueId=@off&apiKey=good")).toMatchObject({ code: 4404 });
  });
});
