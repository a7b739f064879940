/** Name tags: pills beside the bodies, above all of them; at most twelve, by worth, moving or fading rather than covering a face. */
import type * as Phaser from "phaser";
import type { Box } from "../layout.ts";
import { look, nameSize, panelFill, textFont, titleColor } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { cleanText, directionOf, fitText } from "../text.ts";
import {
  chooseNames,
  maxCandidates,
  type NameClaim,
  placeTags,
  type TagBody,
  type TagSide,
  type TagWish,
} from "./place.ts";
import { capMiddle, drawChip, fillRound } from "./shapes.ts";

/** Widest name before it is cut, alone and in a crowd of so many bodies or more, and the height of a pill, in page units. */
const maxTextWidth = 250;
const crowdTextWidth = 150;
const crowdBodies = 24;
const pillHeight = 46;
const padding = 22;
/** A body whose middle is further than this outside of the tags' bounds is not named, in world units. */
const rim = 70;
/** Seconds between two choices of who is named, and between two placings. */
const chooseSeconds = 0.5;
const placeSeconds = 0.12;

/** What is known of a body that could have a name. */
export interface NamedBody extends TagBody, Omit<NameClaim, "shown" | "id"> {
  readonly key: string;
  readonly name: string;
  readonly test: boolean;
}

interface Tag {
  readonly image: Phaser.GameObjects.Image;
  readonly label: string;
  readonly text: string;
  readonly width: number;
  side: TagSide | undefined;
  /** Offset from the body, eased towards the wanted one. */
  dx: number;
  dy: number;
  wantX: number;
  wantY: number;
  placed: boolean;
  wanted: boolean;
  alpha: number;
}

export interface NameTags {
  /** Bodies as drawn now. The list is read during the call only. */
  update(bodies: readonly NamedBody[], seconds: number): void;
  /** Names readable now. */
  drawn(): string[];
}

/** What a tag says besides the name. */
const wordOf = ({ test, bot }: NamedBody) => (test ? "TEST" : bot ? "BOT" : "");
const labelOf = (body: NamedBody) => `${wordOf(body)}:${body.name}`;

/**
 * Creates the tags of a layer. `boundsNow` is what they stay within, in the layer's units; `scale` is world units to page units: a tag
 * never gets smaller than it is on the page.
 */
export function createNameTags(
  pictures: Pictures,
  layer: Phaser.GameObjects.Container,
  measureWith: CanvasRenderingContext2D,
  boundsNow: () => Box,
  scale: number,
): NameTags {
  const tags = new Map<number, Tag>();
  const size = 1 / Math.min(1, scale);
  let sinceChoice = Number.POSITIVE_INFINITY;
  let sincePlacing = Number.POSITIVE_INFINITY;

  const choose = (bodies: readonly NamedBody[]) => {
    const { x, y, width, height } = boundsNow();
    // A name that has no place would take one from somebody who can be read.
    const within = bodies.filter(
      (body) => body.x > x - rim && body.x < x + width + rim && body.y > y - rim && body.y < y + height + rim,
    );
    const chosen = new Set(
      chooseNames(
        within.map((body) => ({ ...body, shown: isShown(tags.get(body.id)) })),
        maxCandidates,
      ),
    );
    const most = within.length < crowdBodies ? maxTextWidth : crowdTextWidth;
    for (const body of bodies) {
      const tag = tags.get(body.id);
      if (tag) tag.wanted = chosen.has(body.id);
      else if (chosen.has(body.id)) tags.set(body.id, makeTag(body, pictures, layer, measureWith, size, most));
    }
  };
  const place = (bodies: readonly NamedBody[]) => {
    for (const tag of tags.values()) tag.placed = false;
    for (const spot of placeTags(wishesOf(tags, bodies, pillHeight * size), bodies, boundsNow())) {
      const body = bodies.find((candidate) => candidate.id === spot.id)!;
      putTag(tags.get(spot.id)!, spot.side, spot.x - body.x, spot.y - body.y);
    }
  };
  const drop = (id: number, tag: Tag) => {
    tag.image.destroy();
    tags.delete(id);
  };

  return {
    update(bodies, seconds) {
      sinceChoice += seconds;
      sincePlacing += seconds;
      if (sinceChoice > chooseSeconds) {
        sinceChoice = 0;
        choose(bodies);
      }
      if (sincePlacing > placeSeconds) {
        sincePlacing = 0;
        place(bodies);
      }
      for (const [id, tag] of tags) {
        const body = bodies.find((candidate) => candidate.id === id);
        if (!body || tag.label !== labelOf(body)) {
          drop(id, tag);
          continue;
        }
        moveTag(tag, body, seconds);
        if (!tag.wanted && tag.alpha < 0.03) drop(id, tag);
      }
    },
    drawn: () => [...tags.values()].filter((tag) => tag.alpha > 0.5).map((tag) => tag.text),
  };
}

/** Whether a tag can be read. */
const isShown = (tag: Tag | undefined) => (tag?.alpha ?? 0) > 0.2;

/** Draws a body's tag, hidden. `size` is world units to a unit of the page; the name is cut to so many units. */
function makeTag(
  body: NamedBody,
  pictures: Pictures,
  layer: Phaser.GameObjects.Container,
  measureWith: CanvasRenderingContext2D,
  size: number,
  mostWidth: number,
): Tag {
  const measure = (text: string) => {
    measureWith.font = textFont(nameSize);
    return measureWith.measureText(text).width;
  };
  const text = fitText(cleanText(body.name) || "…", mostWidth, measure);
  const word = wordOf(body);
  const chipWidth = word ? 62 : 0;
  const width = measure(text) + padding * 2 + (word ? chipWidth + 4 : 0);
  const label = labelOf(body);
  const image = pictures.image(`tag:${word}:${text}`, width + 4, pillHeight + 4, (c) => {
    c.fillStyle = panelFill;
    fillRound(c, -width / 2, -pillHeight / 2, width, pillHeight, pillHeight / 2);
    c.font = textFont(nameSize);
    c.fillStyle = look.paper;
    c.textAlign = "left";
    c.direction = directionOf(text);
    // With a right-to-left direction "left" still means the left end.
    c.fillText(text, -width / 2 + padding, capMiddle(c, "Hx"));
    c.direction = "ltr";
    c.translate(width / 2 - padding / 2 - chipWidth / 2, 0);
    if (word) drawChip(c, word, body.test ? look.rim[0] : titleColor, 19);
  });
  layer.add(image.setScale(image.scaleX * size).setVisible(false));
  const none = { side: undefined, dx: 0, dy: 0, wantX: 0, wantY: 0, placed: false, wanted: true, alpha: 0 };
  return { image, label, text, width: width * size, ...none };
}

/** What the tags that are wanted ask for, the worthiest first. */
function wishesOf(tags: ReadonlyMap<number, Tag>, bodies: readonly NamedBody[], height: number): TagWish[] {
  const wishes: TagWish[] = [];
  const wanted = bodies.filter(({ id }) => tags.get(id)?.wanted);
  const claims = wanted.map((body) => ({ ...body, shown: isShown(tags.get(body.id)) }));
  for (const id of chooseNames(claims, maxCandidates)) {
    const tag = tags.get(id)!;
    const body = wanted.find((candidate) => candidate.id === id)!;
    const { x, y, radius, vx, vy } = body;
    // A crown is most of a radius high.
    const headroom = body.leader ? radius * 0.95 : 6;
    wishes.push({ id, x, y, radius, vx, vy, headroom, width: tag.width, height, side: tag.side });
  }
  return wishes;
}

/** Gives a tag its place beside its body. */
function putTag(tag: Tag, side: TagSide, dx: number, dy: number): void {
  // To another side it goes unseen: on its way it would cross faces.
  if (side !== tag.side && tag.alpha > 0.05) return;
  tag.placed = true;
  tag.wantX = dx;
  tag.wantY = dy;
  if (tag.alpha <= 0.05) {
    tag.dx = dx;
    tag.dy = dy;
  }
  tag.side = side;
}

/** Moves a tag along with its body. It fades faster than it comes: what might cover a face leaves at once. */
function moveTag(tag: Tag, body: NamedBody, seconds: number): void {
  const visible = tag.placed && tag.wanted;
  tag.alpha += ((visible ? 1 : 0) - tag.alpha) * Math.min(1, seconds * (visible ? 9 : 16));
  tag.dx += (tag.wantX - tag.dx) * Math.min(1, seconds * 12);
  tag.dy += (tag.wantY - tag.dy) * Math.min(1, seconds * 12);
  tag.image
    .setPosition(body.x + tag.dx, body.y + tag.dy)
    .setAlpha(tag.alpha)
    .setVisible(tag.alpha > 0.03);
}
