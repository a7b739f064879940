/** What a streamer may tune in Marble Dash: the `options` of its rule file, all with defaults. */
import { z } from "zod";
import { type PhaseTable, phaseOptions } from "../../game/phases.ts";
import { moduleNames } from "./modules.ts";
import { maxScreens } from "./track.ts";

/** The phases of a race. */
export const phases = {
  lobby: { seconds: 30, min: 0, max: 300, summary: "Marbles drop into the hopper as people come." },
  countdown: { seconds: 5, min: 0, max: 10, summary: "The hopper shakes everybody up, then its gate opens." },
  play: { seconds: 65, min: 20, max: 300, summary: "Longest race before sudden death." },
  sudden: { seconds: 30, min: 10, max: 120, summary: "Every gate is open and everything runs faster." },
  results: { seconds: 8, min: 0, max: 60, summary: "Podium." },
} as const satisfies PhaseTable;

/** Modules a streamer may choose from; the last stretch and a viewer's own module are always there. */
const chosen = moduleNames.filter((name) => name !== "finale" && name !== "carousel");

/** Options of Marble Dash; `{}` gives the defaults. */
export const marbleDashOptions = z.strictObject({
  ...phaseOptions(phases),
  track: z.enum(["mixed", "easy", "normal", "hard"]).default("mixed").meta({
    description:
      "easy: no saws. normal: one stretch with saws. hard: three, points count double. mixed: another each race.",
  }),
  screens: z
    .int()
    .min(0)
    .max(maxScreens)
    .default(0)
    .meta({ description: "Length of the track in screens, 4 to 9; 0 chooses 7 or 8 for each race." }),
  modules: z
    .array(z.enum(chosen))
    .max(40)
    .default([])
    .meta({ description: "Stretches that may be used; empty for all. One named twice comes more often." }),
  teams: z.literal([0, 2, 3, 4]).default(0).meta({
    description: "0: everybody for themselves. 2, 3 or 4: so many teams, whose points count together.",
  }),
  maxMarbles: z
    .int()
    .min(2)
    .max(60)
    .default(40)
    .meta({ description: "Most marbles at once; others run in the next race." }),
  lateStart: z
    .number()
    .min(0)
    .max(1)
    .default(0.4)
    .meta({ description: "Share of the way up to which newcomers still drop in behind the last marble." }),
  returns: z.int().min(0).max(9).default(2).meta({
    description: "How often a burst marble comes back at its last checkpoint: by a new comment, or after 8 s.",
  }),
  cutSeconds: z
    .number()
    .min(3)
    .max(60)
    .default(10)
    .meta({ description: "How long after the third marble the race is cut." }),
  gravity: z.number().min(0.5).max(1.5).default(1).meta({ description: "How fast marbles fall, 1 = normal." }),
  catchUp: z
    .number()
    .min(0)
    .max(2)
    .default(1)
    .meta({ description: "How much faster marbles behind the pack fall, and slower those far ahead; 0 = not at all." }),
  cameraAhead: z
    .int()
    .min(0)
    .max(400)
    .default(270)
    .meta({ description: "How far below the middle of the picture the pack is kept, in world units." }),
  points: z
    .strictObject({
      places: z
        .array(z.int().min(0).max(1000))
        .min(1)
        .max(10)
        .default([10, 7, 5, 3, 2])
        .meta({ description: "For the first, the second and so on." }),
      finish: z.int().min(0).max(1000).default(1).meta({ description: "For everybody else who finishes." }),
    })
    .prefault({})
    .meta({ description: "Points; they count double on a hard track." }),
  bots: z
    .strictObject({
      fillTo: z
        .int()
        .min(0)
        .max(20)
        .default(8)
        .meta({ description: "Bots join a lobby until it has so many marbles; 0 = none." }),
    })
    .prefault({})
    .meta({ description: "Labelled bots that fill small rooms." }),
});

/** The options with their defaults filled in. */
export type MarbleDashOptions = z.output<typeof marbleDashOptions>;
