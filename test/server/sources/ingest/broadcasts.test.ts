/** Source ingest: when a broadcast begins and ends by what programs say, also where several send at once. */
import { describe, expect, it } from "vitest";
import { chat, start, step, unitsOf, viewer } from "./rig.ts";

describe("broadcasts", () => {
  const inRoom = (roomId: string, id: string, total: number) => step(id, total, { roomId });

  it("waits for the first event however long it takes, and leaves no timer", async () => {
    const { clock, status, send, ingest } = start();
    expect(status()).toMatchObject({ state: "waitingForLive", platform: "any" });
    expect(clock.pending()).toBe(0);
    clock.advance(24 * 3_600_000);
    expect(status()).toMatchObject({ state: "waitingForLive", counters: { silences: 0, connects: 1 } });
    send(chat("x"));
    expect(status().state).toBe("live");
    await ingest.stop();
    expect(clock.pending()).toBe(0);
    expect(ingest.receive(chat("x"))).toBeUndefined();
  });

  it("is over with streamEnd; late gifts count without a new one, streamStart or a later event begins it", () => {
    const { send, status, events, marks, clock } = start();
    send([inRoom("1", "a", 3), { type: "streamEnd", reason: "bye" }]);
    expect(status().state).toBe("waitingForLive");
    send([{ type: "streamEnd" }, inRoom("1", "b", 5)]);
    expect(status().state).toBe("waitingForLive");
    send({ type: "streamStart", roomId: "1" });
    expect(status().state).toBe("live");
    send([inRoom("1", "b", 5), inRoom("1", "c", 6), { type: "streamEnd" }]);
    clock.advance(30_000);
    send(chat("later"));
    expect(status().state).toBe("live");
    expect(unitsOf(events())).toBe(6);
    expect(marks).toEqual(["streamStart 1", "streamEnd 1", "streamStart 1", "streamEnd 1", "streamStart 1"]);
  });

  it("counts anew in the next broadcast", () => {
    const { send, events, marks } = start();
    const follow = (roomId: string, id: string) => ({ type: "follow", id, roomId, viewer });
    send([follow("1", "a"), inRoom("1", "b", 3), follow("1", "c"), { type: "streamEnd", roomId: "1" }]);
    expect(events()).toMatchObject([{ type: "follow" }, { count: 3 }]);
    send([follow("2", "d"), inRoom("2", "e", 3)]);
    // What was open in the one before is closed with it.
    expect(events()).toMatchObject([{ type: "giftStreakEnd" }, { type: "follow", roomId: "2" }, { count: 3 }]);
    expect(marks).toEqual(["streamStart 1", "streamEnd 1", "streamStart 2"]);
  });

  it("counts two programs' broadcasts beside each other, each gift once", () => {
    const { send, events, marks, status } = start();
    for (let total = 1; total <= 5; total++) {
      for (const room of ["1", "2"]) {
        const event = inRoom(room, `${room} ${total}`, total);
        send([event, event, { type: "streamStart", roomId: room }]);
      }
    }
    expect(unitsOf(events())).toBe(10);
    // The second ends and says nothing of the first; then the first ends, and the second goes on.
    send({ type: "streamEnd", roomId: "2" });
    expect(status().state).toBe("live");
    send({ type: "streamEnd", roomId: "1" });
    expect(status().state).toBe("waitingForLive");
    send(inRoom("2", "late", 6));
    expect([unitsOf(events()), status().state]).toEqual([1, "live"]);
    expect(marks).toEqual(["streamStart 1", "streamEnd 1", "streamStart 1"]);
  });

  it("takes over from a broadcast that nobody ended once it is forgotten, and what is late does not bring it back", () => {
    const { send, events, clock, status } = start();
    send(inRoom("1", "a", 3));
    clock.advance(10 * 60_000);
    send([inRoom("2", "b", 3), chat("late", { roomId: "1" }), inRoom("2", "c", 5)]);
    const gifts = events().filter(({ type }) => type === "gift");
    expect(gifts).toMatchObject([{ count: 3 }, { count: 3 }, { count: 2 }]);
    expect(status().roomId).toBe("2");
  });
});
