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
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      hasher.text(key);
      feed(hasher, item);
    }
  }
}

/** Two 32-bit FNV-1a lanes with different starts, mixed at the end. */
function createHasher(): Hasher {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  const byte = (value: number) => {
    low = Math.imul(low ^ value, 0x01000193);
    high = Math.imul(high ^ value ^ (low >>> 24), 0x01000193);
  };
  const word = (value: number) => {
    byte(value & 0xff);
    byte((value >>> 8) & 0xff);
    byte((value >>> 16) & 0xff);
    byte(value >>> 24);
  };
  return {
    int(value) {
      word(value | 0);
      word(Math.floor(value / 0x1_0000_0000) | 0);
    },
    text(value) {
      word(value.length);
      for (let i = 0; i < value.length; i++) word(value.charCodeAt(i));
    },
    digest() {
      const part = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
      return part(high) + part(low);
    },
  };
}
