/** What a streamer may tune in Last Ball: the `options` of its rule file, all with defaults. */
import { z } from "zod";
import { type PhaseTable, phaseOptions } from "../../game/phases.ts";
import { arenaNames } from "./presets.ts";

/** The phases of a round. */
export const lastBallPhases = {
  lobby: { seconds: 20, min: 0, max: 300, summary: "Gathering before a round." },
  countdown: { seconds: 4, min: 0, max: 10, summary: "Everyone rolls to a starting place." },
  play: {
    seconds: 85,
    min: 20,
    max: 600,
    summary: "Longest play before sudden death; hits grow so that most rounds end earlier.",
  },
  sudden: { seconds: 25, min: 12, max: 120, summary: "Longest sudden death; the last 8 s close the platform." },
  results: { seconds: 8, min: 0, max: 60, summary: "Podium." },
} satisfies PhaseTable;

/** Options of Last Ball; `{}` gives the defaults. */
export const lastBallOptions = z.strictObject({
  mode: z
    .enum(["ring-out", "hp"])
    .default("ring-out")
    .meta({ description: "ring-out: past the rim is out. hp: hits cost health, the rim throws balls back." }),
  arena: z.enum(arenaNames).default("classic").meta({
    description: "classic: bar and bumpers. open: no bar, more bumpers. pinball: bumpers inside, a short slow bar.",
  }),
  teams: z.literal([0, 2, 3, 4]).default(0).meta({
    description: "0: everybody for themselves. 2, 3 or 4: so many teams, the last one standing wins.",
  }),
  ...phaseOptions(lastBallPhases),
  maxBalls: z.int().min(2).max(48).default(40).meta({ description: "Most balls at once; others play the next round." }),
  lives: z.int().min(1).max(5).default(2).meta({ description: "Lives per round; 2 = one return by a new comment." }),
  revenge: z
    .boolean()
    .default(true)
    .meta({ description: "Whoever returns marks the ball that knocked them out; marks are bonus points." }),
  returnSize: z
    .number()
    .min(0.4)
    .max(1)
    .default(0.6)
    .meta({ description: "Strength of a ball that returns, 1 = full." }),
  shrinkSteps: z.int().min(0).max(8).default(4).meta({ description: "How often the platform shrinks during play." }),
  shrinkTo: z.number().min(0.4).max(1).default(0.6).meta({ description: "Platform at the end of play, 1 = full." }),
  suddenTo: z.number().min(0.3).max(0.6).default(0.35).meta({ description: "Platform in sudden death, 1 = full." }),
  hitPower: z.number().min(0.3).max(3).default(1).meta({ description: "Strength of hits, 1 = normal." }),
  seekStrength: z.number().min(0.3).max(2).default(1).meta({ description: "How eagerly balls look for a fight." }),
  inactivitySeconds: z
    .number()
    .min(10)
    .max(600)
    .default(40)
    .meta({ description: "Silence after which a ball shrinks by 1 % a second." }),
  health: z.number().min(20).max(500).default(100).meta({ description: "Health of a ball in mode hp." }),
  points: z
    .strictObject({
      win: z.int().min(0).max(1000).default(10).meta({ description: "For the last ball." }),
      topKnockOuts: z
        .array(z.int().min(0).max(1000))
        .max(3)
        .default([5, 3, 2])
        .meta({ description: "For most, second and third most knock-outs." }),
      revenge: z.int().min(0).max(100).default(1).meta({ description: "Per mark on a ball that is knocked out." }),
    })
    .prefault({})
    .meta({ description: "Points on the show's board." }),
  bots: z
    .strictObject({
      fillTo: z
        .int()
        .min(0)
        .max(20)
        .default(8)
        .meta({ description: "Bots join a lobby until it has so many balls, and teams are even." }),
    })
    .prefault({})
    .meta({ description: "Labelled bots that fill small rooms." }),
});

/** The options with their defaults filled in. */
export type LastBallOptions = z.output<typeof lastBallOptions>;
