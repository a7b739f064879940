/** Pictures of simulated viewers: a cheerful face as a small PNG, drawn without any image library. */
import { crc32, deflateSync } from "node:zlib";

/** Width and height, pixels. */
export const avatarSize = 96;

type Colour = readonly [number, number, number];

const backgrounds: readonly Colour[] = [
  [255, 107, 107],
  [255, 159, 67],
  [254, 202, 87],
  [29, 209, 161],
  [72, 219, 251],
  [84, 160, 255],
  [95, 39, 205],
  [255, 107, 181],
];
const skins: readonly Colour[] = [
  [255, 224, 189],
  [241, 194, 125],
  [198, 134, 66],
  [141, 85, 36],
  [255, 244, 163],
  [180, 240, 190],
];
const ink: Colour = [40, 34, 56];
const white: Colour = [255, 255, 255];

/** Draws the face that belongs to an id; the same id gives the same bytes. */
export function drawAvatar(id: string): Buffer {
  const hash = crc32(id);
  const look = {
    background: backgrounds[hash % backgrounds.length]!,
    skin: skins[(hash >>> 4) % skins.length]!,
    eyeGap: 11 + ((hash >>> 8) % 6),
    eyeSize: 5 + ((hash >>> 12) % 4),
    smile: 14 + ((hash >>> 16) % 9),
  };
  // Every line begins with a 0: no PNG filter.
  const line = 1 + avatarSize * 3;
  const pixels = Buffer.alloc(line * avatarSize);
  for (let y = 0; y < avatarSize; y++) {
    for (let x = 0; x < avatarSize; x++) {
      pixels.set(colourAt(x - avatarSize / 2 + 0.5, y - avatarSize / 2 + 0.5, look), y * line + 1 + x * 3);
    }
  }
  return encodePng(pixels);
}

interface Look {
  background: Colour;
  skin: Colour;
  eyeGap: number;
  eyeSize: number;
  smile: number;
}

/** Colour at a point measured from the middle, pixels. */
function colourAt(x: number, y: number, look: Look): Colour {
  const head = avatarSize * 0.38;
  if (Math.hypot(x, y - 2) > head) return look.background;
  const eye = Math.hypot(Math.abs(x) - look.eyeGap, y + 7);
  if (eye < look.eyeSize - 3) return white;
  if (eye < look.eyeSize) return ink;
  const mouth = Math.hypot(x, y - 6);
  if (y > 9 && mouth < look.smile && mouth > look.smile - 5) return ink;
  return look.skin;
}

function encodePng(pixels: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(avatarSize, 0);
  header.writeUInt32BE(avatarSize, 4);
  // 8 bits per channel, RGB.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(pixels);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
