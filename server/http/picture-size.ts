/** Reads how large a picture is from the head of its file, without decoding anything. */

/** The kinds of picture that pass. */
export type PictureType = "image/png" | "image/jpeg" | "image/webp";

/** Pixels, each 1 or more. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Finds the size in a file's bytes; undefined when the file says none, or says it where a decoder would not look. */
export function pictureSize(type: PictureType, bytes: Buffer): PictureSize | undefined {
  const size = readers[type](bytes);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

const readers: Readonly<Record<PictureType, (bytes: Buffer) => PictureSize | undefined>> = {
  "image/png": pngSize,
  "image/jpeg": jpegSize,
  "image/webp": webpSize,
};

const textAt = (bytes: Buffer, at: number, length: number) => bytes.toString("latin1", at, at + length);

/** The header chunk must come first (PNG, 5.6). */
function pngSize(bytes: Buffer): PictureSize | undefined {
  if (bytes.length < 24 || textAt(bytes, 12, 4) !== "IHDR") return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Goes from segment to segment up to the frame header (ITU T.81, B.2.2), over thumbnails inside other segments. */
function jpegSize(bytes: Buffer): PictureSize | undefined {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) at++;
    else if (isFrameHeader(marker)) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    // Pixels, the end, or a marker without a length: nothing that may come before the frame header.
    else if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xda)) return undefined;
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15; three codes between them mean something else: Huffman tables, a reserved one, arithmetic coding. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** One of three kinds of first chunk (RFC 9649, 2.5 to 2.7); the extended kind says the size of the whole canvas. */
function webpSize(bytes: Buffer): PictureSize | undefined {
  if (bytes.length < 30) return undefined;
  switch (textAt(bytes, 12, 4)) {
    case "VP8 ":
      if (bytes.readUIntBE(23, 3) !== 0x9d012a) return undefined;
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      if (bytes[20] !== 0x2f) return undefined;
      const bits = bytes.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}
