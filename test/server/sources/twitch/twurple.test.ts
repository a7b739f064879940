/**
 * Source twitch beside @twurple, Twitch's best kept client, as the judge: the fake Twitch of these tests is one that it works with,
 * both ask Twitch for the same, and both understand the same. (Why it does not listen itself: server/sources/twitch/token-line.ts.)
 */
import { readFileSync } from "node:fs";
import { ApiClient } from "@twurple/api";
import { StaticAuthProvider } from "@twurple/auth";
import { ChatMessage, parseTwitchMessage, UserNotice } from "@twurple/chat";
import { EventSubWsListener } from "@twurple/eventsub-ws";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import type { SourceEvent } from "../../../../server/ingest/source.ts";
import { parseIrcLine } from "../../../../server/sources/twitch/irc.ts";
import twitch from "../../../../server/sources/twitch.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { type Asked, everyScope, fixtureLines, startFakeTwitch, twitchSettings, welcome } from "./fake-twitch.ts";

const chatLines = readFileSync(new URL("../../../fixtures/twitch/chat.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  vi.unstubAllEnvs();
});

/** What the source makes of frames, heard as from a recording. */
function eventsOf(frames: readonly string[]): SourceEvent[] {
  const events: SourceEvent[] = [];
  const hear = (event: SourceEvent) => {
    events.push(event);
    return "accepted" as const;
  };
  const ear = twitch.listen(someSettings({ user: "streamer" }), someListener({ event: hear }));
  for (const frame of frames) ear.hear(frame);
  return events;
}

/** @twurple's listener with everything subscribed to that the source asks for; `facts` is what it heard. */
function startTwurple(url: string): { listener: EventSubWsListener; facts: string[] } {
  vi.stubEnv("TWURPLE_MOCK_API_PORT", new URL(url).port);
  const logger = { minLevel: "critical" } as const;
  const authProvider = new StaticAuthProvider("client", "t0ken", everyScope);
  const listener = new EventSubWsListener({ apiClient: new ApiClient({ authProvider, logger }), logger });
  const facts: string[] = [];
  const nothing = () => undefined;
  listener.onStreamOnline("1", nothing);
  listener.onStreamOffline("1", nothing);
  listener.onChannelChatMessage("1", "1", (said) =>
    facts.push(`chat ${said.messageId} ${said.chatterId} ${said.messageText}`),
  );
  listener.onChannelBitsUse("1", (used) => facts.push(`gift ${used.userId ?? "anonymous"} ${used.bits}`));
  listener.onChannelFollow("1", "1", (follow) => facts.push(`follow ${follow.userId}`));
  listener.onChannelSubscription("1", (sub) => !sub.isGift && facts.push(`subscribe ${sub.userId} ${sub.tier} 1 0`));
  listener.onChannelSubscriptionGift("1", (gift) =>
    facts.push(`subscribe ${gift.gifterId ?? "anonymous"} ${gift.tier} 0 ${gift.amount}`),
  );
  listener.onChannelSubscriptionMessage("1", (sub) =>
    facts.push(`subscribe ${sub.userId} ${sub.tier} ${sub.cumulativeMonths} 0`),
  );
  listener.onChannelRaidTo("1", (raid) => facts.push(`raid ${raid.raidingBroadcasterId} ${raid.viewers}`));
  listener.onChannelRedemptionAdd("1", (act) =>
    facts.push(`redeem ${act.userId} ${act.rewardId} ${act.rewardTitle} ${act.rewardCost}`),
  );
  listener.start();
  cleanups.push(() => listener.stop());
  return { listener, facts };
}

/** An event in the words of `facts`. */
function factOf(event: SourceEvent): string {
  const who = "viewer" in event ? event.viewer?.id : "";
  switch (event.type) {
    case "chat":
      return `chat ${event.id} ${who} ${event.text}`;
    case "gift":
      return `gift ${who} ${event.total}`;
    case "subscribe":
      return `subscribe ${who} ${event.tier} ${event.months} ${event.giftCount}`;
    case "raid":
      return `raid ${who} ${event.viewers}`;
    case "redeem":
      return `redeem ${who} ${event.rewardId} ${event.title} ${event.cost}`;
    default:
      return `${event.type} ${who}`;
  }
}

const wordsOf = (granted: readonly Asked[]) =>
  granted
    .map(({ type, version, condition }) => `${type} ${version} ${JSON.stringify(Object.entries(condition).sort())}`)
    .sort();

describe("beside @twurple", () => {
  it("asks Twitch for the same", async () => {
    const [ours, theirs] = [await startFakeTwitch("eventSub"), await startFakeTwitch("eventSub")];
    const ingest = createIngest({ clock: createManualClock(), random: () => 0.5 });
    cleanups.push(
      () => ours.stop(),
      () => theirs.stop(),
      ingest.stop,
    );
    ingest.start(twitch, twitchSettings(ours.url, "t0ken"));
    startTwurple(theirs.url);
    await until(() => ours.granted.length === 10 && theirs.granted.length === 10);
    expect(wordsOf(ours.granted)).toEqual(wordsOf(theirs.granted));
  });

  it("understands the same of EventSub's messages", async () => {
    const server = await startFakeTwitch("eventSub");
    cleanups.push(() => server.stop());
    const { facts } = startTwurple(server.url);
    await until(() => server.granted.length === 10);
    // Those that were subscribed to, each once, of this channel, and new, as the library drops old ones by the machine's clock.
    const wanted = new Set(server.granted.map(({ type }) => type));
    const frames = new Map<string, string>();
    for (const text of fixtureLines) {
      const { metadata, payload } = JSON.parse(text);
      if (metadata.message_type !== "notification" || !wanted.has(metadata.subscription_type)) continue;
      if ((payload.event.source_broadcaster_user_id ?? "1") !== "1") continue;
      metadata.message_timestamp = new Date().toISOString();
      payload.subscription.id = `s-${metadata.subscription_type}`;
      frames.set(metadata.message_id, JSON.stringify({ metadata, payload }));
    }
    for (const frame of frames.values()) server.send(frame);
    const granted = JSON.stringify({
      metadata: { message_type: "uproar_counts" },
      payload: { subscribed: ["chat", "bits"] },
    });
    const ours = eventsOf([welcome("a"), granted, ...frames.values()])
      .map(factOf)
      .filter((fact) => !fact.startsWith("streamEnd"));
    expect(ours.length).toBeGreaterThan(9);
    await until(() => facts.length >= ours.length);
    expect(facts).toEqual(ours);
  });

  it("reads the same from lines of the chat", () => {
    for (const text of chatLines) {
      const theirs = parseTwitchMessage(text);
      const ours = parseIrcLine(text);
      expect(ours?.command, text).toBe(theirs.command);
      expect([...ours!.tags], text).toEqual([...theirs.tags]);
    }
  });

  it("understands the same of what viewers say and do in the chat", () => {
    let compared = 0;
    for (const text of chatLines.filter((one) => !one.includes("source-room-id"))) {
      const message = parseTwitchMessage(text);
      if (message instanceof ChatMessage) {
        const { userId, isBroadcaster, isMod, isSubscriber, isFounder } = message.userInfo;
        const [said, gift] = eventsOf([text]);
        expect(said, text).toMatchObject({ type: "chat", id: message.id });
        if (said?.type !== "chat") continue;
        expect(gift?.type === "gift" ? gift.total : 0).toBe(message.bits);
        const roles = {
          owner: isBroadcaster,
          moderator: isMod,
          subscriber: isSubscriber || isFounder,
          follower: false,
        };
        if (said.viewer.id !== "anonymous") expect([said.viewer.id, said.viewer.roles]).toEqual([userId, roles]);
        compared++;
      } else if (message instanceof UserNotice && message.tags.get("msg-id") === "announcement") {
        expect(eventsOf([text])).toMatchObject([{ type: "chat", text: message.text }]);
        compared++;
      }
    }
    expect(compared).toBe(5);
  });
});
