/** A fast 64-bit fingerprint of plain data, the same on every machine: numbers are rounded before they enter. */

/** Positions and speeds are rounded to this many parts of a unit, so that the last bits of a float do not matter. */
const quantum = 1000;

/** Fingerprint of a JSON-like value as 16 hex digits. Object keys count in their own order; use the same order twice. */
export function hashOf(value: unknown): string {
  const hasher = createHasher();
  feed(hasher, value);
  return hasher.digest();
}

interface Hasher {
  int(value: number): void;
  text(value: string): void;
  digest(): string;
}

function feed(hasher: Hasher, value: unknown): void {
  if (typeof value === "number") hasher.int(Math.round(value * quantum));
  else if (typeof value === "string") hasher.text(value);
  else if (typeof value === "boolean") hasher.int(value ? 1 : 2);
  else if (value === null || value === undefined) hasher.int(-1);
  else if (Array.isArray(value)) {
    hasher.int(value.length);
    for (const item of value) feed(hasher, item);
  } else if (typeof value === "object") {
    for (const key of Object.keys(value)) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      hasher.text(key);
      feed(hasher, item);
    }
  }
}

/** Two 32-bit lanes with different starts and factors, each fed whole words (as MurmurHash3 does), mixed at the end. */
function createHasher(): Hasher {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const word = (value: number) => {
    low = Math.imul(low ^ value, 0xcc9e2d51);
    low = (low << 15) | (low >>> 17);
    high = Math.imul(high ^ value, 0x1b873593);
    high = ((high << 13) | (high >>> 19)) + low;
  };
  return {
    int(value) {
      word(value | 0);
      word(Math.floor(value / 0x1_0000_0000) | 0);
    },
    text(value) {
      word(value.length);
      // Two characters at a time: texts are most of a show.
      const { length } = value;
      for (let i = 0; i < length; i += 2)
        word(value.charCodeAt(i) | (i + 1 < length ? value.charCodeAt(i + 1) << 16 : 0));
    },
    digest() {
      const part = (value: number) => {
        const mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
        return ((mixed ^ (mixed >>> 13)) >>> 0).toString(16).padStart(8, "0");
      };
      return part(high) + part(low);
    },
  };
}
