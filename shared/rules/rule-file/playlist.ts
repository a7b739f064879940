/** The `playlist` key of a rule file: games that take turns in one show. */
import { z } from "zod";
import { help, text } from "./parts.ts";

/** Most entries of a playlist, and most rounds of one entry in a row. */
export const maxPlaylist = 20;
export const maxEntryRounds = 100;

const game = z.string().min(1).max(200);

/** A list of games, each by its id or with what is special about its turn. */
export const playlistSchema = z
  .array(
    z.union([
      game,
      z.strictObject({
        game: help(game, "Its id."),
        rules: help(text.optional(), "Its rule file, seen from this one; the game's own when missing."),
        rounds: help(z.int().min(1).max(maxEntryRounds).optional(), "Rounds in a row; 1 when missing."),
      }),
    ]),
  )
  .min(1)
  .max(maxPlaylist);
