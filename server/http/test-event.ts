/** Test events: what the operator sends by hand becomes a marked LiveEvent that plays but never counts. */
import { z } from "zod";
import { type LiveEvent, liveEventSchema } from "../../shared/events/live-event.ts";
import type { Viewer } from "../../shared/events/viewer.ts";
import type { ActionTrial } from "../../shared/sim/input.ts";

const name = z.string().trim().min(1).max(60);
/** Given with or without "@"; what is left must be a name. */
const handle = z
  .string()
  .transform((text) => text.trim().replace(/^[@\s]+/, ""))
  .pipe(name);

/** Body of `POST /api/test-event`; `{"type": "gift"}` is enough. */
export const testEventSchema = z.strictObject({
  type: z.enum(["chat", "gift", "like", "follow", "share", "subscribe", "join"]),
  viewer: z.strictObject({ handle: handle.default("tester"), name: name.optional() }).prefault({}),
  /** Comment, for chat. */
  text: z.string().max(500).default("hello"),
  /** For gifts; `unitValue` in diamonds decides the tier. */
  gift: z
    .strictObject({
      id: z.string().min(1).max(64).default("test"),
      name: z.string().max(120).default("Test gift"),
      unitValue: z.number().min(0).max(1_000_000).default(1),
    })
    .prefault({}),
  /** Gifts or likes. */
  count: z.number().int().min(1).max(10_000).default(1),
});

/** Body of `POST /api/test-event` that tries one action of the game that plays. */
export const testActionSchema = z.strictObject({
  action: z.string().min(1).max(100),
  params: z.record(z.string(), z.unknown()).default({}),
  viewer: z.strictObject({ handle: handle.default("tester"), name: name.optional() }).prefault({}),
});

/** What the show is told of a checked body. */
export function actionTrialOf({ action, params, viewer }: z.output<typeof testActionSchema>): ActionTrial {
  return { action, params, viewer: testViewer(viewer) };
}

function testViewer({ handle: id, name: shown = id }: { handle: string; name?: string | undefined }): Viewer {
  return {
    ...{ platform: "test", id, handle: id, name: shown },
    roles: { moderator: false, subscriber: false, follower: false, owner: false },
    levels: { gifter: 0, team: 0 },
  };
}

/** Makes the LiveEvent of a checked body. `id` must be new for each. */
export function liveEventOf(body: z.output<typeof testEventSchema>, id: string, nowMs: number): LiveEvent {
  const { type, viewer, count } = body;
  const base = { id: `test:${id}`, source: "test", roomId: "", ts: nowMs, receivedAt: nowMs, test: true, type };
  const person = testViewer(viewer);
  const parts: Readonly<Record<typeof type, object>> = {
    chat: { text: body.text },
    gift: { gift: { ...body.gift, currency: "diamond" }, count, streakKey: "", streakTotal: count },
    like: { count, roomDelta: count, roomTotal: 0 },
    follow: {},
    share: {},
    subscribe: { months: 1, tier: "", giftCount: 0 },
    join: {},
  };
  return liveEventSchema.parse({ ...base, viewer: person, ...parts[type] });
}
