/** Known games: where the games of somebody's own are that the shows of a data folder were played with, so that those can go on and be seen again. */
import type { AnyGame } from "../shared/game/define.ts";
import { type Games, gameIdsOf } from "../shared/replay/beginning.ts";
import { addressOfGame, gameIds, loadGame, placeOf } from "./games.ts";
import type { Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";

/** Setting of the store: the module of each game of somebody's own, by id. */
const settingName = "ownGames";

type Settings = Pick<Store, "setting">;

/** A recorded show, as far as its games go. */
interface RecordedGames {
  readonly head: Parameters<typeof gameIdsOf>[0];
  readonly gameAddresses: Readonly<Record<string, string>>;
}

/** Notes where these games are, if they did not come with Uproar. */
export async function noteGames(
  store: Pick<Store, "setting" | "saveSetting">,
  games: readonly AnyGame[],
): Promise<void> {
  const known = await addressesIn(store);
  const own = games.filter((game) => placeOf(game)?.isShipped === false);
  if (own.every((game) => known[game.id] === addressOfGame(game))) return;
  const added = Object.fromEntries(own.map((game) => [game.id, addressOfGame(game)]));
  await store.saveSetting(settingName, { ...known, ...added });
}

/** The module of a game, "" when nothing is known of it. */
export async function addressIn(store: Settings, id: string): Promise<string> {
  return (await addressesIn(store))[id] ?? "";
}

/** Loads a game of a show by its id, else from its `address`. Throws a UserError when there is none. */
export async function loadGameOfShow(id: string, address: string): Promise<AnyGame> {
  if (gameIds().includes(id) || address === "") return loadGame(id);
  try {
    return await loadGame(address);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`The game of the show is not as it was. ${error.message} Say where it is with --game.`, {
      cause: error,
    });
  }
}

/**
 * Loads all games of a recorded show; one that is `asked` for stands in for that of its id. Throws a UserError when it is another game, or
 * when one is missing.
 */
export async function loadGamesOfShow({ head, gameAddresses }: RecordedGames, asked?: string): Promise<Games> {
  const ids = gameIdsOf(head);
  const own = asked === undefined ? undefined : await loadGame(asked);
  if (own && !ids.includes(own.id)) {
    throw new UserError(`The show was played with ${ids.join(", ")}, and --game ${asked} is "${own.id}".`);
  }
  const games = new Map<string, AnyGame>();
  for (const id of ids) games.set(id, own?.id === id ? own : await loadGameOfShow(id, gameAddresses[id] ?? ""));
  return games;
}

/** What games of somebody's own are loaded by, by their ids. */
export async function addressesIn(store: Settings): Promise<Readonly<Record<string, string>>> {
  return ((await store.setting(settingName)) ?? {}) as Record<string, string>;
}
