/**
 * Pose codec: where moving bodies are, many times a second, in few bytes. Room and stage each keep the last pose of every
 * entity; a frame says only what changed since the frame before, so frames need an ordered, reliable line (a WebSocket is).
 * A key frame carries everything and starts a new client.
 *
 * Frame: kind (1 byte), tick (varint), then
 *   key:   n, n x (id, x, y, angle)
 *   delta: removed n, n x slot | bitmap of the remaining slots that moved, each (dx, dy, angle) | added n, n x (id, x, y, angle)
 * Positions are whole numbers of `quantum` units, zigzag varints; angles are 1/256 turns, one byte. A slot is the place of an
 * entity in the order in which it was added, with gaps closed.
 */
import type { EntityId } from "../world/world.ts";

/** Smallest step of a position, in world units: half a unit is under half a pixel of a phone's screen. */
export const poseQuantum = 0.5;
const kindKey = 1;
const kindDelta = 2;
const turn = Math.PI * 2;

/** What the encoder needs of an entity. */
export interface Posed {
  readonly id: EntityId;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

export interface PoseEncoder {
  /** Encodes what changed since the last call. The bytes are valid until the next call. */
  delta(tick: number, entities: ReadonlyMap<EntityId, Posed>): Uint8Array;
  /** Encodes everything as of the last `delta`, for a client that has just joined. A copy of its own. */
  key(): Uint8Array;
}

interface Slot {
  id: EntityId;
  x: number;
  y: number;
  angle: number;
  seen: boolean;
}

const quantised = (value: number) => Math.round(value / poseQuantum);
const byteAngle = (angle: number) => Math.round((angle / turn) * 256) & 0xff;

/** Creates an encoder that knows no entity yet. */
export function createPoseEncoder(): PoseEncoder {
  const writer = createWriter();
  let slots: Slot[] = [];
  const byId = new Map<EntityId, Slot>();
  let lastTick = 0;
  const added: Slot[] = [];

  const writeWhole = (slot: Slot) => {
    writer.varint(slot.id);
    writer.zigzag(slot.x);
    writer.zigzag(slot.y);
    writer.byte(slot.angle);
  };
  const removeGone = () => {
    let gone = 0;
    for (const slot of slots) if (!slot.seen) gone++;
    writer.varint(gone);
    if (gone === 0) return;
    slots.forEach((slot, index) => {
      if (slot.seen) return;
      writer.varint(index);
      byId.delete(slot.id);
    });
    slots = slots.filter((slot) => slot.seen);
  };

  return {
    delta(tick, entities) {
      writer.start(kindDelta, tick);
      lastTick = tick;
      added.length = 0;
      for (const slot of slots) slot.seen = false;
      // First pass: who is here. Poses are written in slot order after the removals, so this pass only looks.
      for (const entity of entities.values()) {
        const slot = byId.get(entity.id);
        if (slot) {
          slot.seen = true;
          continue;
        }
        added.push({
          id: entity.id,
          x: quantised(entity.x),
          y: quantised(entity.y),
          angle: byteAngle(entity.angle),
          seen: true,
        });
      }
      removeGone();
      const bitmap = writer.reserve((slots.length + 7) >> 3);
      // Entities come oldest first, which is the order of the slots: one pass over both.
      let index = 0;
      for (const entity of entities.values()) {
        const slot = slots[index];
        if (slot?.id !== entity.id) continue;
        const x = quantised(entity.x);
        const y = quantised(entity.y);
        const angle = byteAngle(entity.angle);
        if (x !== slot.x || y !== slot.y || angle !== slot.angle) {
          writer.setBit(bitmap, index);
          writer.zigzag(x - slot.x);
          writer.zigzag(y - slot.y);
          writer.byte(angle);
          slot.x = x;
          slot.y = y;
          slot.angle = angle;
        }
        index++;
      }
      writer.varint(added.length);
      for (const slot of added) {
        writeWhole(slot);
        slots.push(slot);
        byId.set(slot.id, slot);
      }
      return writer.bytes();
    },
    key() {
      writer.start(kindKey, lastTick);
      writer.varint(slots.length);
      for (const slot of slots) writeWhole(slot);
      return writer.bytes().slice();
    },
  };
}

export interface PoseDecoder {
  /** Takes the next frame. Throws a RangeError on bytes that are no frame; the caller then asks for a new key frame by rejoining. */
  read(bytes: Uint8Array): void;
  /** Tick of the last frame. */
  readonly tick: number;
  /** Calls back with every entity's pose, in world units and radians. */
  each(visit: (id: EntityId, x: number, y: number, angle: number) => void): void;
}

/** Creates a decoder; its first frame must be a key frame. */
export function createPoseDecoder(): PoseDecoder {
  let slots: { id: EntityId; x: number; y: number; angle: number }[] = [];
  let tick = 0;
  let started = false;

  const readWhole = (reader: Reader) => ({
    id: reader.varint(),
    x: reader.zigzag(),
    y: reader.zigzag(),
    angle: reader.byte(),
  });
  const readKey = (reader: Reader) => {
    slots = [];
    for (let left = reader.varint(); left > 0; left--) slots.push(readWhole(reader));
    started = true;
  };
  const readDelta = (reader: Reader) => {
    if (!started) throw new RangeError("a pose frame came before the key frame");
    const gone = new Set<number>();
    for (let left = reader.varint(); left > 0; left--) gone.add(reader.varint());
    if (gone.size > 0) slots = slots.filter((_, index) => !gone.has(index));
    const bitmap = reader.skip((slots.length + 7) >> 3);
    slots.forEach((slot, index) => {
      if (!reader.bit(bitmap, index)) return;
      slot.x += reader.zigzag();
      slot.y += reader.zigzag();
      slot.angle = reader.byte();
    });
    for (let left = reader.varint(); left > 0; left--) slots.push(readWhole(reader));
  };

  return {
    read(bytes) {
      const reader = createReader(bytes);
      const kind = reader.byte();
      const frameTick = reader.varint();
      if (kind === kindKey) readKey(reader);
      else if (kind === kindDelta) readDelta(reader);
      else throw new RangeError(`no pose frame starts with ${kind}`);
      tick = frameTick;
    },
    get tick() {
      return tick;
    },
    each(visit) {
      for (const slot of slots) visit(slot.id, slot.x * poseQuantum, slot.y * poseQuantum, (slot.angle / 256) * turn);
    },
  };
}

function createWriter() {
  let buffer = new Uint8Array(4096);
  let length = 0;
  const grow = (extra: number) => {
    if (length + extra <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + extra));
    larger.set(buffer);
    buffer = larger;
  };
  const writer = {
    start(kind: number, tick: number) {
      length = 0;
      writer.byte(kind);
      writer.varint(tick);
    },
    byte(value: number) {
      grow(1);
      buffer[length++] = value;
    },
    varint(value: number) {
      grow(8);
      let rest = value;
      while (rest > 127) {
        buffer[length++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      buffer[length++] = rest;
    },
    zigzag(value: number) {
      writer.varint(value < 0 ? -value * 2 - 1 : value * 2);
    },
    /** Leaves room for n zero bytes and returns where. */
    reserve(n: number): number {
      grow(n);
      const at = length;
      buffer.fill(0, at, at + n);
      length += n;
      return at;
    },
    setBit(at: number, index: number) {
      buffer[at + (index >> 3)]! |= 1 << (index & 7);
    },
    bytes: () => buffer.subarray(0, length),
  };
  return writer;
}

type Reader = ReturnType<typeof createReader>;

function createReader(bytes: Uint8Array) {
  let at = 0;
  const reader = {
    byte(): number {
      const value = bytes[at++];
      if (value === undefined) throw new RangeError("a pose frame ended too early");
      return value;
    },
    varint(): number {
      let value = 0;
      let scale = 1;
      for (let i = 0; i < 8; i++) {
        const byte = reader.byte();
        value += (byte & 127) * scale;
        if (byte < 128) return value;
        scale *= 128;
      }
      throw new RangeError("a number in a pose frame is too long");
    },
    zigzag(): number {
      const value = reader.varint();
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    },
    skip(n: number): number {
      const start = at;
      at += n;
      if (at > bytes.length) throw new RangeError("a pose frame ended too early");
      return start;
    },
    bit: (start: number, index: number) => (bytes[start + (index >> 3)]! & (1 << (index & 7))) !== 0,
  };
  return reader;
}
