/** A show of several games whose process dies again and again goes on in the same game and turn, and its record replays the same. */
import { beforeEach, expect, test } from "vitest";
import { createIngest } from "../../../server/ingest/ingest.ts";
import { storedShow } from "../../../server/recorded-show.ts";
import { type OpenOptions, openShow, playBy, relive } from "../../../server/room/opening.ts";
import { createShow } from "../../../server/room/show.ts";
import { privateShow } from "../../../server/show-export.ts";
import type { Store } from "../../../server/store/store.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createPlayer, playKnown } from "../../../shared/replay/player.ts";
import { aChat, aGift, aViewer } from "../../support/events.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aSmallGame, rulesFor } from "../../support/small-games.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";
import { Memory, openMemory } from "../store/memory-store.ts";

type What = OpenOptions["playlist"];

/** What is left when the process dies. */
let disk: Memory;
let store: Store;
let shows = 0;
const clock = createManualClock();

beforeEach(() => {
  disk = new Memory();
  store = openMemory(disk);
});

/** Opens a show as a start of the program does. */
async function start(playlist: What) {
  const said: string[] = [];
  const opened = await openShow({
    ...{ store, mode: "auto", clock, playlist, seed: 7, version: "0.0.0", season: "one", id: `show-${++shows}` },
    loadGame: async (id) => playlist.find(({ game }) => game.id === id)!.game,
    warn: (line) => said.push(line),
  });
  const ingest = createIngest({ clock });
  const show = createShow({ ...opened, ingest, clock });
  const relived = relive(show, opened);
  playBy(
    show,
    opened,
    playlist.map(({ rules }) => rules),
  );
  return { show, ingest, writer: opened.writer, isResumed: opened.isResumed, relived, said };
}
type Running = Awaited<ReturnType<typeof start>>;

/** The program dies: all that is left is what is on disk. */
async function die({ writer }: Running): Promise<void> {
  await writer.flush();
  await store.close();
  store = openMemory(disk);
}

/** One tick in which the events are journaled, are safe and enter. */
async function tick({ show, ingest, writer }: Running, events: readonly LiveEvent[]): Promise<void> {
  for (const event of events) ingest.offer(event);
  show.tick();
  await writer.flush();
}

test("a playlist that broke off goes on bit for bit, whichever game plays; its record replays without a difference", async () => {
  const other = aSmallGame("other");
  const third = aSmallGame("third");
  const gifts = (action: string) => `  - { id: w, on: chat, do: wave }\n  - { id: g, on: gift, do: ${action} }\n`;
  const what: What = [
    { game: tinyGame, rules: tinyRules(gifts("[wave, jump]")) },
    { game: other, rules: rulesFor(other, gifts("giant")), rounds: 2 },
    { game: third, rules: rulesFor(third, gifts("pulse")) },
  ];
  const games = new Map(what.map(({ game }) => [game.id, game]));
  let running = await start(what);
  const played = new Set<string>();
  for (let at = 1; at <= 900; at++) {
    const isGift = at % 7 === 0;
    if (at % 90 === 40) running.show.act("endRound");
    if (at % 90 === 20) running.show.act({ action: "wave", params: {}, viewer: aViewer("op") });
    if (at === 300) running.show.changeRules(rulesFor(third, gifts("jump")));
    await tick(running, isGift ? [aGift(1, `v${at % 4}`, at)] : [aChat(`${at}`, "ana")]);
    played.add(running.show.simulation.game.id);
    if (at % 64 > 0) continue;
    const { simulation } = running.show;
    const [hash, turn] = [simulation.hash(), simulation.turn];
    await die(running);
    const changed = { game: third, rules: at > 300 ? rulesFor(third, gifts("jump")) : what[2]!.rules };
    running = await start([what[0]!, what[1]!, changed]);
    expect(running).toMatchObject({ isResumed: true, said: [], relived: { differsAt: undefined } });
    expect([running.show.simulation.hash(), running.show.simulation.turn]).toEqual([hash, turn]);
  }
  expect([...played].sort()).toEqual(["other", "third", "tiny"]);
  await running.writer.flush();
  const record = (await store.show(running.show.id))!;
  const { head, entries } = storedShow(store, record);
  expect(head.beginning.playlist?.map(({ game, rounds }) => `${game} ${rounds}`)).toEqual([
    "tiny 1",
    "other 2",
    "third 1",
  ]);
  const player = createPlayer({ games, head });
  for await (const entry of entries()) {
    player.give(entry);
    for (const _ of playKnown(player));
  }
  expect([player.difference, player.comparedTick > 600]).toEqual([undefined, true]);
  expect(player.simulation.hash()).toBe(running.show.simulation.hash());
  // Under made-up names the show is another one, and as exact.
  const shared = await privateShow({ head, entries }, games);
  const again = createPlayer({ games, head: shared.head });
  for await (const entry of shared.entries()) {
    again.give(entry);
    for (const _ of playKnown(again));
  }
  expect(again.difference).toBeUndefined();
  expect(JSON.stringify(shared.head.beginning.playlist)).toBe(JSON.stringify(head.beginning.playlist));
  const totals = await store.ledgerTotals();
  expect(totals.applied.rows + totals.banked.rows + totals.rejected.rows).toBe(128);
}, 60_000);

test("another playlist begins a new show", async () => {
  const other = aSmallGame("other");
  const alone = { game: tinyGame, rules: tinyRules("  - { id: w, on: chat, do: wave }\n") };
  const both: What = [alone, { game: other, rules: rulesFor(other, "  - { id: w, on: chat, do: wave }\n") }];
  await die(await start(both));
  const again = await start([...both, alone]);
  expect(again.isResumed).toBe(false);
  expect(again.said.join()).toContain("it was played with tiny, other, and this is tiny, other, tiny");
});
