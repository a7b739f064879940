/** Sizes from picture files as real encoders write them, and files that lie or end too soon. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PictureType, pictureSize } from "../../../server/http/picture-size.ts";
import { avatarSize, drawAvatar } from "../../../server/simulator/avatar.ts";
import { aJpeg, aPng, aWebp } from "./pictures.ts";

/** 3 x 5 pixels each, written by ImageMagick (libjpeg-turbo 2.1.5, libwebp); JPEG tables are left in, they stand before the size. */
const encoded: [string, PictureType, string][] = [
  [
    "JPEG",
    "image/jpeg",
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAAFAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwT/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQA1j/2Q==",
  ],
  [
    "progressive JPEG",
    "image/jpeg",
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wgARCAAFAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAVAQEBAAAAAAAAAAAAAAAAAAACA//aAAwDAQACEAMQAAABgG3/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAEFAn//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAEDAQE/AX//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/AX//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAY/An//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/IX//2gAMAwEAAgADAAAAEPP/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAEDAQE/EH//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/EH//xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAE/EH//2Q==",
  ],
  ["lossy WebP", "image/webp", "UklGRjQAAABXRUJQVlA4ICgAAACQAQCdASoDAAUAB0CWJaACdLoAA5gA/uUK+Cepco/+N48CvJdjoAAA"],
  ["lossless WebP", "image/webp", "UklGRhwAAABXRUJQVlA4TA8AAAAvAgABAAcQ/Y/+ByKi/wEA"],
  [
    "WebP with alpha",
    "image/webp",
    "UklGRlgAAABXRUJQVlA4WAoAAAAQAAAAAgAABAAAQUxQSAoAAAABB9C/iAhERP8DVlA4ICgAAACQAQCdASoDAAUAB0CWJaACdLoAA5gA/uUK+Cepco/+N48CvJdjoAAA",
  ],
];

test.each(encoded)("%s: 3 x 5", (_, type, base64) => {
  expect(pictureSize(type, Buffer.from(base64, "base64"))).toEqual({ width: 3, height: 5 });
});

test("the simulator's own pictures pass", () => {
  expect(pictureSize("image/png", drawAvatar("7"))).toEqual({ width: avatarSize, height: avatarSize });
});

describe.each<[PictureType, (width: number, height: number) => Buffer, number]>([
  ["image/png", aPng, 0xffff_ffff],
  ["image/jpeg", aJpeg, 0xffff],
  ["image/webp", (width, height) => aWebp("VP8 ", width, height), 0x3fff],
  ["image/webp", (width, height) => aWebp("VP8L", width, height), 0x4000],
  ["image/webp", (width, height) => aWebp("VP8X", width, height), 0x100_0000],
])("%s (%#)", (type, build, most) => {
  test("any size is read as it was written", () => {
    const side = fc.integer({ min: 1, max: most });
    fc.assert(
      fc.property(side, side, (width, height) => {
        expect(pictureSize(type, build(width, height))).toEqual({ width, height });
      }),
    );
  });

  test("a file cut anywhere gives the size or none, and never fails", () => {
    const whole = build(300, 200);
    let known = 0;
    for (let length = 0; length <= whole.length; length++) {
      const size = pictureSize(type, whole.subarray(0, length));
      if (size) expect(size).toEqual({ width: 300, height: 200 });
      if (size) known++;
    }
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(whole.length);
  });

  test("any bytes after the first ones give a size or none", () => {
    const start = build(1, 1);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 2, max: 20 }), (bytes, at) => {
        const size = pictureSize(type, Buffer.concat([start.subarray(0, at), bytes]));
        if (size) expect(Math.min(size.width, size.height)).toBeGreaterThan(0);
      }),
    );
  });
});

test.each<[string, PictureType, Buffer]>([
  ["a PNG without width", "image/png", aPng(0, 5)],
  [
    "a PNG whose header is not first",
    "image/png",
    Buffer.from(aPng(3, 5).toString("latin1").replace("IHDR", "tEXt"), "latin1"),
  ],
  ["a JPEG without height", "image/jpeg", aJpeg(3, 0)],
  ["a JPEG whose pixels come first", "image/jpeg", Buffer.from("ffd8ffda000c03010002110311003f00", "hex")],
  ["a WebP of an unknown kind", "image/webp", aWebp("VP9 ", 3, 5)],
])("%s has no size", (_, type, bytes) => expect(pictureSize(type, bytes)).toBeUndefined());

test("the size of a thumbnail inside a JPEG does not count", () => {
  const thumbnail = aJpeg(1, 1);
  const exif = Buffer.concat([Buffer.from([0xff, 0xe1, 0, thumbnail.length + 2]), thumbnail]);
  const whole = aJpeg(9000, 8000);
  const bytes = Buffer.concat([whole.subarray(0, 2), exif, whole.subarray(2)]);
  expect(pictureSize("image/jpeg", bytes)).toEqual({ width: 9000, height: 8000 });
});
