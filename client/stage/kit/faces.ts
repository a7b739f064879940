/** Faces: the picture of each viewer's body, from the avatar or from initials, kept by viewer and bounded. */
import type * as Phaser from "phaser";
import { hueIndex } from "../hue.ts";
import { look } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { initials } from "../text.ts";
import { drawAvatar, drawBall, drawHighlight, drawInitials, faceReach } from "./shapes.ts";

/** Avatars kept decoded, and how many are fetched at once. */
const maxAvatars = 120;
const maxLoading = 4;
/** A failed avatar is tried again after this long. */
const retryMs = 60_000;

/** What a face is made of. */
export interface FaceOf {
  readonly key: string;
  readonly name: string;
  /** Same-origin address of the picture, "" for initials. */
  readonly avatar: string;
}

export interface Faces {
  /** Image of a body with this face, origin in the middle, `faceReach` units to each side. */
  image(face: FaceOf): Phaser.GameObjects.Image;
  /** Names what a face shows now; when it changes, ask for a new image. */
  version(face: FaceOf): string;
  hueOf(key: string): string;
}

/** Avatar pictures, shared by all scenes of the page. */
export interface AvatarStore {
  /** The decoded picture, or undefined while it loads, when it failed, or for "". */
  get(url: string): ImageBitmap | undefined;
}

/** Only pictures of our own server are fetched: the page must never be made to call another host. */
export function isOwnAddress(url: string, origin: string): boolean {
  try {
    return new URL(url, origin).origin === origin;
  } catch {
    return false;
  }
}

/** Creates the store; `origin` is the page's. */
export function createAvatarStore(origin: string): AvatarStore {
  const pictures = new Map<string, ImageBitmap>();
  const loading = new Set<string>();
  const failed = new Map<string, number>();

  const keep = (url: string, picture: ImageBitmap) => {
    pictures.set(url, picture);
    if (pictures.size <= maxAvatars) return;
    const [oldest, bitmap] = pictures.entries().next().value!;
    pictures.delete(oldest);
    bitmap.close();
  };
  const load = async (url: string) => {
    loading.add(url);
    try {
      const response = await fetch(new URL(url, origin), { credentials: "same-origin" });
      if (!response.ok) throw new Error(`the picture answered ${response.status}`);
      keep(url, await createImageBitmap(await response.blob(), { resizeWidth: 192, resizeHeight: 192 }));
    } catch {
      failed.set(url, performance.now());
      if (failed.size > 500) failed.delete(failed.keys().next().value!);
    } finally {
      loading.delete(url);
    }
  };
  return {
    get(url) {
      const picture = pictures.get(url);
      if (picture) return picture;
      if (!url || loading.has(url) || loading.size >= maxLoading || !isOwnAddress(url, origin)) return undefined;
      const failedAt = failed.get(url);
      if (failedAt === undefined || performance.now() - failedAt > retryMs) void load(url);
      return undefined;
    },
  };
}

/** Creates the faces of a scene. */
export function createFaces(pictures: Pictures, avatars: AvatarStore): Faces {
  const hueOf = (key: string) => look.hues[hueIndex(key, look.hues.length)]!;
  const version = ({ key, name, avatar }: FaceOf) =>
    avatars.get(avatar) ? `face:${key}:${avatar}` : `face:${key}:${initials(name)}`;
  return {
    hueOf,
    version,
    image(face) {
      const picture = avatars.get(face.avatar);
      return pictures.image(version(face), faceReach * 2, faceReach * 2, (c) => {
        drawBall(c, hueOf(face.key));
        if (picture) drawAvatar(c, picture);
        else drawInitials(c, initials(face.name));
        drawHighlight(c);
      });
    },
  };
}
