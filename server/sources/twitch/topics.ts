/** What a token lets EventSub tell of: the subscriptions to ask for, and the sentence about what is missing (protocols 7). */
import type { TokenInfo, TwitchApi } from "./api.ts";
import type { TwitchContext, TwitchKind } from "./fields.ts";

/** Who listens to whom. */
interface Parties {
  channelId: string;
  /** Owner of the token. */
  userId: string;
}

interface Topic {
  type: string;
  version: string;
  /** What it tells of, for people. */
  name: string;
  /** What the chat tells of, too; undefined where only EventSub does. */
  kind?: TwitchKind;
  /** Any of these lets the token ask for it; none: every token may. */
  scopes: readonly string[];
  condition(parties: Parties): Record<string, string>;
  /** Asked for instead where Twitch does not know this one. */
  otherwise?: string;
}

const ofChannel = ({ channelId }: Parties) => ({ broadcaster_user_id: channelId });

const streams = { version: "1", name: "the broadcast", scopes: [], condition: ofChannel } as const;
const subscriptions = {
  version: "1",
  name: "subscriptions",
  kind: "subscriptions",
  scopes: ["channel:read:subscriptions"],
  condition: ofChannel,
} as const;

/** In the order in which they are asked for: what could be told twice comes before the chat that would tell it again. */
const topics: readonly Topic[] = [
  { ...streams, type: "stream.online" },
  { ...streams, type: "stream.offline" },
  {
    type: "channel.raid",
    version: "1",
    name: "raids",
    kind: "raids",
    scopes: [],
    condition: ({ channelId }) => ({ to_broadcaster_user_id: channelId }),
  },
  {
    // Cheers and all else that bits pay for, so `channel.cheer` beside it would count them twice.
    type: "channel.bits.use",
    version: "1",
    name: "bits",
    kind: "bits",
    scopes: ["bits:read"],
    condition: ofChannel,
    otherwise: "channel.cheer",
  },
  { ...subscriptions, type: "channel.subscribe" },
  { ...subscriptions, type: "channel.subscription.gift" },
  { ...subscriptions, type: "channel.subscription.message" },
  {
    type: "channel.follow",
    version: "2",
    name: "follows",
    scopes: ["moderator:read:followers"],
    condition: ({ channelId, userId }) => ({ broadcaster_user_id: channelId, moderator_user_id: userId }),
  },
  {
    type: "channel.channel_points_custom_reward_redemption.add",
    version: "1",
    name: "channel points",
    scopes: ["channel:read:redemptions", "channel:manage:redemptions"],
    condition: ofChannel,
  },
];

const chat: Topic = {
  type: "channel.chat.message",
  version: "1",
  name: "chat",
  kind: "chat",
  scopes: ["user:read:chat"],
  condition: ({ channelId, userId }) => ({ broadcaster_user_id: channelId, user_id: userId }),
};

/** What each subscription's messages tell of, where the chat does, too. */
export const kindByType: ReadonlyMap<string, TwitchKind> = new Map(
  [...topics, chat].flatMap(({ type, kind, otherwise }) =>
    kind === undefined
      ? []
      : [type, ...(otherwise ? [otherwise] : [])].map((name): [string, TwitchKind] => [name, kind]),
  ),
);

/** Who counts what, see `TwitchContext`. */
export type Counts = Pick<TwitchContext, "subscribed" | "partial">;

export interface Grants extends Counts {
  /** One sentence about what the token does not allow, "" when it allows all. */
  missing: string;
}

/**
 * Subscribes a session to all that the token allows. `granted` is told before the chat is asked for, as its messages repeat bits.
 * Throws what the API throws; what it merely does not allow is left out.
 */
export async function subscribeAll(
  api: TwitchApi,
  token: TokenInfo,
  channelId: string,
  sessionId: string,
  granted: (counts: Counts) => void,
): Promise<Grants> {
  const parties = { channelId, userId: token.userId };
  const has: Topic[] = [];
  const missing: Topic[] = [];
  const ask = async (topic: Topic): Promise<void> => {
    const request = { type: topic.type, version: topic.version, condition: topic.condition(parties) };
    let answer: "granted" | number = 403;
    if (topic.scopes.length === 0 || topic.scopes.some((scope) => token.scopes.has(scope))) {
      answer = await api.subscribe(request, sessionId);
      if (answer === 400 && topic.otherwise)
        answer = await api.subscribe({ ...request, type: topic.otherwise }, sessionId);
    }
    (answer === "granted" ? has : missing).push(topic);
  };
  await Promise.all(topics.map(ask));
  granted(countsOf(has, missing));
  await ask(chat);
  const counts = countsOf(has, missing);
  return { ...counts, missing: sentenceAbout(missing, counts.subscribed, token) };
}

/** A kind of which one topic is missing is not EventSub's: what that topic tells of would be heard by nobody. */
function countsOf(has: readonly Topic[], missing: readonly Topic[]): Counts {
  const lacks = new Set(missing.map(({ kind }) => kind));
  const told = new Set(has.flatMap(({ kind }) => kind ?? []));
  return {
    subscribed: new Set([...told].filter((kind) => !lacks.has(kind))),
    partial: new Set([...told].filter((kind) => lacks.has(kind))),
  };
}

/** Short, as the beginning is what is shown: first what nobody tells of now, then what the chat tells of instead. */
function sentenceAbout(missing: readonly Topic[], subscribed: Counts["subscribed"], token: TokenInfo): string {
  const lost = missing.filter(({ kind }) => kind === undefined);
  const inChat = missing.filter(({ kind }) => kind !== undefined && !subscribed.has(kind));
  const sentences = [
    lost.length === 0 ? "" : `TWITCH_TOKEN does not allow ${listed(lost, token)}; these are not heard.`,
    inChat.length === 0 ? "" : `TWITCH_TOKEN does not allow ${listed(inChat, token)}; read from the chat instead.`,
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** Their names, with the scope where that is what the token lacks. */
function listed(missing: readonly Topic[], { scopes: own }: TokenInfo): string {
  const lacksScope = ({ scopes }: Topic) => scopes.length > 0 && !scopes.some((scope) => own.has(scope));
  const names = missing.map((topic) => (lacksScope(topic) ? `${topic.name} (${topic.scopes[0]})` : topic.name));
  return [...new Set(names)].join(", ");
}
