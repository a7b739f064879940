/** A YouTube Data API played by a test: answers about videos, channels and the pages of one chat, as its documentation tells. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FakeServer } from "../conformance-rig.ts";

/** The broadcast that every question is about unless a test says otherwise. */
export const fakeVideoId = "dQw4w9WgXcQ";

/** One request as it came. */
export interface Asked {
  path: string;
  query: URLSearchParams;
}

/** An answer that a test gives by hand. */
export interface HandAnswer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export interface FakeYoutube extends FakeServer {
  /** Every request so far. */
  readonly asked: Asked[];
  /** Answers this path by hand until told otherwise; "cut" breaks the connection. `undefined` goes back to usual. */
  answer(path: string, how: (HandAnswer | "cut") | undefined): void;
  /** What the service asks to wait, ms. */
  pollingIntervalMillis: number | undefined;
  /** Sets fields that the next pages have beside their own. */
  pageFields: object;
  /** What its clock shows, ms since 1970; default the machine's. */
  nowMs: number | undefined;
  /** Leaves questions about the chat without an answer. */
  silent: boolean;
  /** It no longer knows any place in the chat that it told of. */
  forgetful: boolean;
  /** Messages of before that a new line's first page tells again; default none. */
  history: number;
}

/** A video's answer as the service gives it. */
export function aVideo(id: string, details: object | undefined, liveBroadcastContent: string = "live"): object {
  return {
    kind: "youtube#video",
    id,
    snippet: { liveBroadcastContent },
    ...(details && { liveStreamingDetails: details }),
  };
}

export function aVideoList(...items: object[]): string {
  return JSON.stringify({ kind: "youtube#videoListResponse", items });
}

/** An error's body as the service gives it. */
export function anError(code: number, reason: string, message: string = reason): string {
  return JSON.stringify({ error: { code, message, errors: [{ message, domain: "youtube", reason }] } });
}

/** What was sent into the chat: an item of a page, or a body that stands for a whole answer, given once. */
type Entry = { item: string } | { body: string | Buffer };

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Starts it. Frames that are JSON become messages of the chat, others whole answers; an answer about videos becomes the video's. */
export async function startFakeYoutube(): Promise<FakeYoutube> {
  const log: Entry[] = [];
  const given = new Set<Entry>();
  const byHand = new Map<string, HandAnswer | "cut">();
  let video = aVideoList(aVideo(fakeVideoId, { activeLiveChatId: "LC1", actualStartTime: "2027-01-15T07:00:00Z" }));
  let open = false;
  let dropped = false;
  let connects = 0;
  let told = 0;

  const page = (token: string | null): string | Buffer => {
    let index = token === null ? Math.max(0, told - fake.history) : Number(token.slice(1));
    const items: string[] = [];
    for (; index < log.length; index++) {
      const entry = log[index]!;
      if ("item" in entry) items.push(entry.item);
      else if (!given.has(entry)) {
        if (items.length > 0) break;
        given.add(entry);
        return entry.body;
      }
    }
    told = Math.max(told, index);
    const { pollingIntervalMillis, pageFields } = fake;
    const own = { kind: "youtube#liveChatMessageListResponse", nextPageToken: `p${index}`, pollingIntervalMillis };
    // Items as they were written: a number too long for JavaScript must arrive as it is.
    return JSON.stringify({ ...own, ...pageFields }).replace(/\}$/, `,"items":[${items.join(",")}]}`);
  };
  const answerTo = ({ path, query }: Asked): HandAnswer | { status: number; body: string | Buffer } | "cut" => {
    const starts = path !== "/liveChat/messages" && query.get("part") !== "liveStreamingDetails";
    if (starts && !open) {
      open = true;
      dropped = false;
      connects++;
    }
    const hand = byHand.get(path);
    if (dropped) return "cut";
    if (hand) return hand;
    if (path === "/videos") return { status: 200, body: video };
    if (path === "/liveChat/messages") {
      const token = query.get("pageToken");
      if (token !== null && fake.forgetful) return { status: 400, body: anError(400, "pageTokenInvalid") };
      return { status: 200, body: page(token) };
    }
    return { status: 404, body: anError(404, "notFound") };
  };
  const write = (response: ServerResponse, answer: ReturnType<typeof answerTo>): void => {
    if (answer === "cut") {
      response.destroy();
      return;
    }
    const more = "headers" in answer ? answer.headers : {};
    if (fake.nowMs !== undefined) response.setHeader("date", new Date(fake.nowMs).toUTCString());
    response.writeHead(answer.status, { "content-type": "application/json", connection: "close", ...more });
    response.end(answer.body);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const asked = { path: url.pathname.replace(/^\/youtube\/v3/, ""), query: url.searchParams };
    fake.asked.push(asked);
    if (!fake.silent || asked.path !== "/liveChat/messages") write(response, answerTo(asked));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const fake: FakeYoutube = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/youtube/v3`,
    asked: [],
    pollingIntervalMillis: 1000,
    pageFields: {},
    nowMs: undefined,
    silent: false,
    forgetful: false,
    history: 0,
    lines: () => (open ? 1 : 0),
    connects: () => connects,
    send(frame) {
      if (typeof frame !== "string" || !isJson(frame)) log.push({ body: frame });
      else if (frame.includes("youtube#videoListResponse")) video = frame;
      else log.push({ item: frame });
    },
    answer(path, how) {
      if (how) byHand.set(path, how);
      else byHand.delete(path);
    },
    drop() {
      open = false;
      dropped = true;
      server.closeAllConnections();
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return fake;
}
