/** State: what lives and changes rarely, synced by the Colyseus schema. One generic shape serves every game; poses travel apart (poses.ts). */
import { type SchemaType, schema, t } from "@colyseus/schema";

/** A viewer (or bot) with something on the stage. Keyed by viewer key. */
export const ViewerState = schema(
  {
    name: t.string().default(""),
    handle: t.string().default(""),
    /** Address of the picture on our own server, "" for initials. */
    avatar: t.string().default(""),
    bot: t.boolean().default(false),
    /** Only seen in test events. */
    test: t.boolean().default(false),
    /** Tick of the last act: recent ones keep their name tag. */
    lastActTick: t.uint32().default(0),
  },
  "ViewerState",
);
export type ViewerState = SchemaType<typeof ViewerState>;

/** An entity's looks. Keyed by entity id in decimal. */
export const EntityState = schema(
  {
    kind: t.string().default(""),
    /** "dynamic", "fixed" or "kinematic", see EntitySpec. */
    motion: t.string().default("dynamic"),
    /** Touches without pushing. */
    sensor: t.boolean().default(false),
    /** "circle" (a = radius), "box" (a, b = width, height), "polygon" (corners = x0, y0, x1, y1, ...), "compound" (parts). */
    shape: t.string().default("circle"),
    a: t.float32().default(0),
    b: t.float32().default(0),
    corners: t.array("float32"),
    /** A compound's parts one after the other, see parts.ts. */
    parts: t.array("float32"),
    /** Key into `viewers`, "" for none. */
    viewer: t.string().default(""),
    /** What it wears, by name; see Entity.wear. */
    wear: t.map("float32"),
  },
  "EntityState",
);
export type EntityState = SchemaType<typeof EntityState>;

/** One row of a board, best first. */
export const BoardRowState = schema(
  {
    viewer: t.string().default(""),
    name: t.string().default(""),
    score: t.int32().default(0),
    wins: t.uint16().default(0),
  },
  "BoardRowState",
);
export type BoardRowState = SchemaType<typeof BoardRowState>;

/** One line of the feed: name + words. */
export const FeedRowState = schema(
  {
    /** Grows by one a line, so that a page knows what is new. */
    seq: t.uint32().default(0),
    tick: t.uint32().default(0),
    viewer: t.string().default(""),
    name: t.string().default(""),
    words: t.string().default(""),
    tone: t.string().default("plain"),
    test: t.boolean().default(false),
  },
  "FeedRowState",
);
export type FeedRowState = SchemaType<typeof FeedRowState>;

/** A meter that fills up, such as likes towards the next pulse. */
export const MeterState = schema(
  {
    title: t.string().default(""),
    /** "like": everyone's likes fill it; "power": the rules do. */
    icon: t.string().default("like"),
    value: t.uint32().default(0),
    max: t.uint32().default(1),
  },
  "MeterState",
);
export type MeterState = SchemaType<typeof MeterState>;

/** Paid acts waiting for their moment, summed per viewer and power. */
export const ReadyState = schema(
  {
    viewer: t.string().default(""),
    name: t.string().default(""),
    title: t.string().default(""),
    count: t.uint32().default(1),
    /** Place in the queue of that power, from 1. */
    position: t.uint16().default(1),
  },
  "ReadyState",
);
export type ReadyState = SchemaType<typeof ReadyState>;

/** A team's score, see Hud.score. */
export const ScoreState = schema(
  {
    /** Number of the team, from 1. */
    team: t.uint8().default(1),
    name: t.string().default(""),
    value: t.int32().default(0),
  },
  "ScoreState",
);
export type ScoreState = SchemaType<typeof ScoreState>;

/** An honour of the round, see Hud.awards. */
export const AwardState = schema(
  {
    title: t.string().default(""),
    viewer: t.string().default(""),
    name: t.string().default(""),
    value: t.string().default(""),
  },
  "AwardState",
);
export type AwardState = SchemaType<typeof AwardState>;

export const SourceState = schema(
  { id: t.string().default(""), state: t.string().default(""), detail: t.string().default("") },
  "SourceState",
);
export type SourceState = SchemaType<typeof SourceState>;

/** All that a stage is told and that lives for longer than a frame. */
export const ShowState = schema(
  {
    show: t.string().default(""),
    game: t.string().default(""),
    title: t.string().default(""),
    width: t.uint16().default(1080),
    height: t.uint16().default(1920),
    /** How much of the world is seen at once, in world units. */
    viewWidth: t.float32().default(1080),
    viewHeight: t.float32().default(1920),
    /** Centre of what is seen, as of the frame of poses that follows. */
    cameraX: t.float32().default(540),
    cameraY: t.float32().default(960),
    phase: t.string().default("lobby"),
    phaseStartTick: t.uint32().default(0),
    phaseEndTick: t.uint32().default(0),
    round: t.uint32().default(1),
    /** The operator holds the show: no tick runs until it goes on. */
    paused: t.boolean().default(false),
    /** Seconds of the show in a second: 1, but for a recorded show that is watched faster or slower. */
    speed: t.float32().default(1),
    /** What is wrong behind the stage (a disk that refuses), one sentence for the streamer, "" for nothing. Never drawn for viewers. */
    notice: t.string().default(""),
    headline: t.string().default(""),
    leader: t.string().default(""),
    podium: t.array("string"),
    score: t.array(ScoreState),
    awards: t.array(AwardState),
    /** Numbers of the game's own, see GameDefinition.props. */
    props: t.map("float32"),
    viewers: t.map(ViewerState),
    entities: t.map(EntityState),
    roundBoard: t.array(BoardRowState),
    showBoard: t.array(BoardRowState),
    feed: t.array(FeedRowState),
    meters: t.array(MeterState),
    ready: t.array(ReadyState),
    sources: t.array(SourceState),
    /** Viewers the source says are watching, 0 unknown. */
    watching: t.uint32().default(0),
  },
  "ShowState",
);
export type ShowState = SchemaType<typeof ShowState>;
