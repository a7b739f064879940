/** Known games: where the games of somebody's own are that the shows of a data folder were played with, so that those can go on and be seen again. */
import type { AnyGame } from "../shared/game/define.ts";
import { addressOfGame, gameIds, loadGame, placeOf } from "./games.ts";
import type { Store } from "./store/store.ts";
import { UserError } from "./user-error.ts";

/** Setting of the store: the module of each game of somebody's own, by id. */
const settingName = "ownGames";

type Settings = Pick<Store, "setting">;

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

/**
 * Loads the game of a show: the one that is `asked` for, else by its id, else from its `address`. Throws a UserError when that is another
 * game, or none.
 */
export async function loadGameOfShow(id: string, address: string, asked?: string): Promise<AnyGame> {
  if (asked !== undefined) {
    const game = await loadGame(asked);
    if (game.id === id) return game;
    throw new UserError(`The show was played with the game "${id}", and --game ${asked} is "${game.id}".`);
  }
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

async function addressesIn(store: Settings): Promise<Readonly<Record<string, string>>> {
  return ((await store.setting(settingName)) ?? {}) as Record<string, string>;
}
