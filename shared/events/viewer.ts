/** Viewer: the person behind an event, the same for every platform. */
import { z } from "zod";

/** Longest name and handle kept, in UTF-16 units; longer ones are cut where they enter (design: viewers' text is data). */
export const maxNameLength = 60;

export const viewerSchema = z.strictObject({
  /** Platform the account lives on: "tiktok", "twitch", ... Together with `id` it names one viewer. */
  platform: z.string().min(1).max(32),
  /** The platform's stable account id, always a string (64-bit ids lose digits as numbers). */
  id: z.string().min(1).max(128),
  /** The @handle without "@"; can change, so never a key. */
  handle: z.string().max(maxNameLength),
  /** Display name, any script. */
  name: z.string().max(maxNameLength),
  /** Address of the picture at the platform; only the server ever fetches it. */
  avatarUrl: z.string().max(2048).optional(),
  roles: z.strictObject({
    moderator: z.boolean(),
    subscriber: z.boolean(),
    follower: z.boolean(),
    owner: z.boolean(),
  }),
  /** Platform levels, 0 when unknown: TikTok gifter grade and team (fan club) level. */
  levels: z.strictObject({ gifter: z.number().int().min(0), team: z.number().int().min(0) }),
});

/** Who did it. Identity is `platform` + `id`; everything else can change between two events. */
export type Viewer = z.infer<typeof viewerSchema>;

/** Names one viewer across platforms: `tiktok:6892636847263982501`. Used as key in state, boards and bank. */
export type ViewerKey = string;

/** The key of a viewer; two platforms never collide in it. */
export function viewerKey(viewer: Viewer): ViewerKey {
  return `${viewer.platform}:${viewer.id}`;
}
