/** Test builders: the head of picture files of any size, with bytes behind it that stand for the pixels. */

const pixels = Buffer.alloc(100, 7);

/** A PNG by its signature and header. */
export function aPng(width = 96, height = 96): Buffer {
  const header = Buffer.alloc(21);
  header.writeUInt32BE(13, 0);
  header.write("IHDR", 4, "latin1");
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), header, pixels]);
}

/** A JPEG with an application segment, fill bytes and a baseline frame header. */
export function aJpeg(width = 96, height = 96): Buffer {
  const frame = Buffer.from("ffffffc0000b08000000000101110000", "hex");
  frame.writeUInt16BE(height, 7);
  frame.writeUInt16BE(width, 9);
  return Buffer.concat([Buffer.from("ffd8ffe000044a46", "hex"), frame, pixels]);
}

/** A WebP whose first chunk is of a kind. */
export function aWebp(kind = "VP8 ", width = 96, height = 96): Buffer {
  const head = Buffer.alloc(30);
  head.write(`RIFF\0\0\0\0WEBP${kind}`, 0, "latin1");
  if (kind === "VP8L") {
    head[20] = 0x2f;
    head.writeUInt32LE((((height - 1) << 14) | (width - 1)) >>> 0, 21);
  } else if (kind === "VP8X") {
    head.writeUIntLE(width - 1, 24, 3);
    head.writeUIntLE(height - 1, 27, 3);
  } else {
    head.writeUIntBE(0x9d012a, 23, 3);
    head.writeUInt16LE(width, 26);
    head.writeUInt16LE(height, 28);
  }
  return Buffer.concat([head, pixels]);
}
