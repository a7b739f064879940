/** What tests of the package tiktok-live-connector send on its wire, and what stands in for TikTok's own pages meanwhile. */
import { RoomIdRouteConfig, RouteConfig } from "tiktok-live-connector";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import { someSettings } from "../../../support/source.ts";
import type { GiftFrame } from "../conformance.ts";
import type { WireMessage } from "./fake-webcast.ts";

/** Settings that follow @Streamer through the sign server at `url`. */
export const settingsFor = (url: string, env: SourceSettings["env"] = {}): SourceSettings =>
  someSettings({ user: "@Streamer", env: { SIGN_API_URL: `${url}/`, SIGN_API_KEY: "secret-1", ...env } });
/** A message as text that the fake server encodes. */
export const wire = (method: string, data: object): string => JSON.stringify({ method, data });
/** A viewer as messages name them. */
export const user = (id: string) => ({ id, displayId: `u${id}`, nickname: `U${id}` });

/** A gift. */
export function giftMessage({
  viewerId,
  giftId,
  groupId,
  messageId,
  streakable,
  total,
  end,
  atMs,
}: GiftFrame): WireMessage {
  return {
    method: "WebcastGiftMessage",
    data: {
      common: { msgId: messageId || "0", createTime: String(atMs) },
      user: user(viewerId),
      giftId,
      groupId: groupId || "0",
      repeatCount: total,
      repeatEnd: end ? 1 : 0,
      gift: { id: giftId, name: "Rose", type: streakable ? 1 : 2, diamondCount: 1 },
    },
  };
}

/** A comment, as text; `atMs` is when it was written. */
export function chatMessage(viewerId: string, content: string, atMs?: number): string {
  return wire("WebcastChatMessage", { user: user(viewerId), content, common: { createTime: String(atMs ?? 0) } });
}

/** What TikTok says. */
export interface StandIn {
  /** The streamer's room, "" when it says none. */
  roomId: string;
  /** 2 is live, 4 is over. */
  roomStatus: number;
}

/** Has nobody ask TikTok itself while a file's tests run; what it would say is told here. */
export function standInForTiktok(): StandIn {
  const standIn: StandIn = { roomId: "", roomStatus: 2 };
  const original = { ...RouteConfig };
  const { fetchRoomIdComposite } = RouteConfig;
  const skipPages = (skip: boolean): void => {
    RoomIdRouteConfig.skipFetchRoomInfoFromHtmlRoute = skip;
    RoomIdRouteConfig.skipFetchRoomInfoFromApiLiveRoute = skip;
  };
  beforeAll(() => {
    skipPages(true);
    const toldStatus = async () => ({ data: { status: standIn.roomStatus } });
    RouteConfig.fetchRoomInfo = toldStatus as unknown as typeof RouteConfig.fetchRoomInfo;
    RouteConfig.fetchRoomIdComposite = async (asked) => standIn.roomId || fetchRoomIdComposite(asked);
  });
  afterAll(() => {
    skipPages(false);
    Object.assign(RouteConfig, original);
  });
  beforeEach(() => {
    Object.assign(standIn, { roomId: "", roomStatus: 2 });
  });
  return standIn;
}
