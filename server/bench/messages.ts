/** Messages of a busy live room as the TikTool service sends them (protocols 1.4): seeded, each with an id of its own. */
import { createRandom } from "../../shared/world/random.ts";

/** People who send. */
export const senders = 300;
/** Account ids are larger than a JSON number can hold exactly, like the real ones. */
const firstUserId = 6_892_636_000_000_000n;

/** Account id of a sender. */
export function userIdOf(index: number): string {
  return String(firstUserId * 1000n + BigInt(index));
}

/** An endless supply of messages. */
export interface Messages {
  next(nowMs: number): string;
  /** Gift units in all messages so far. */
  giftUnits(): number;
}

/** Creates an endless supply of messages: per hundred, 45 comments, 35 likes, 12 gift frames of combos, 8 arrivals. */
export function createMessages(seed: number): Messages {
  const random = createRandom(seed);
  let serial = 0;
  let likes = 0;
  const combos = new Map<number, { total: number; groupId: string }>();
  const base = (type: string, sender: number, nowMs: number) => ({
    type,
    timestamp: nowMs,
    msgId: String(7_561_300_000_000_000_000n + BigInt(serial++)),
    protoVersion: 3,
    user: {
      userId: userIdOf(sender),
      uniqueId: `viewer_${sender}`,
      nickname: `Viewer ${sender} 🎮`,
      profilePictureUrl: `https://p16-sign-va.tiktokcdn.com/tos-maliva-avt-0068/${sender}~tplv-tiktokx-cropcenter:100:100.webp?x-expires=1795516800&x-signature=abc%2BDEF%3D`,
      followRole: 1,
      userBadges: [],
      isModerator: false,
      isSubscriber: false,
      topGifterRank: null,
      level: 5,
    },
  });
  let giftUnits = 0;
  const gift = (sender: number, nowMs: number) => {
    giftUnits++;
    let combo = combos.get(sender);
    if (!combo) {
      combo = { total: 0, groupId: String(nowMs + serial) };
      combos.set(sender, combo);
    }
    combo.total++;
    const repeatEnd = combo.total >= 10;
    if (repeatEnd) combos.delete(sender);
    return {
      ...base("gift", sender, nowMs),
      ...{ giftId: 5655, giftName: "Rose", diamondCount: 1, repeatCount: combo.total, repeatEnd, giftType: 1 },
      giftPictureUrl: "https://p16-webcast.tiktokcdn.com/img/maliva/webcast-va/rose.png~tplv-obj.webp",
      groupId: combo.groupId,
      transactionId: `t${serial}`,
    };
  };
  const like = (sender: number, nowMs: number) => {
    const likeCount = 1 + random.index(15);
    likes += likeCount;
    return { ...base("like", sender, nowMs), likeCount, totalLikes: likes };
  };
  return {
    next(nowMs) {
      const sender = random.index(senders);
      const dice = random.index(100);
      const data =
        dice < 45
          ? { ...base("chat", sender, nowMs), comment: `go go go ${dice}`, emotes: [], language: "en" }
          : dice < 80
            ? like(sender, nowMs)
            : dice < 92
              ? gift(sender, nowMs)
              : { ...base("member", sender, nowMs), actionId: 1 };
      return JSON.stringify({ event: data.type, data });
    },
    giftUnits: () => giftUnits,
  };
}
