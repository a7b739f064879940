/** What a streamer may tune in Core Clash: the `options` of its rule file, all with defaults. */
import { z } from "zod";
import { type PhaseTable, phaseOptions } from "../../game/phases.ts";

/** The phases of a round. */
export const phases = {
  lobby: { seconds: 15, min: 0, max: 300, summary: "Teams gather; who wants picks a side." },
  countdown: { seconds: 3, min: 0, max: 10, summary: "Everybody gets ready." },
  play: { seconds: 240, min: 30, max: 900, summary: "Longest play; it ends sooner when a team has its goals." },
  sudden: { seconds: 45, min: 10, max: 180, summary: "Longest sudden death after a draw: the next goal wins." },
  results: { seconds: 10, min: 0, max: 60, summary: "Podium and honours." },
} as const satisfies PhaseTable;

const number = (fallback: number, min: number, max: number, description: string) =>
  z.number().min(min).max(max).default(fallback).meta({ description });
const whole = (fallback: number, min: number, max: number, description: string) =>
  z.int().min(min).max(max).default(fallback).meta({ description });

/** Options of Core Clash; `{}` gives the defaults. */
export const coreClashOptions = z.strictObject({
  mode: z.enum(["versus", "coop"]).default("versus").meta({
    description:
      "versus: Cyan against Pink. coop: everybody is Cyan, against a machine that pushes as hard as they do.",
  }),
  ...phaseOptions(phases),
  goalsToWin: whole(3, 1, 10, "Goals that end a match."),
  cannons: whole(7, 2, 7, "Cannons of each team; whoever acts gets one, others fire from their team's line."),
  coreMass: number(1, 0.3, 4, "How heavy the core is, 1 = normal. It grows by itself with the crowd."),
  coreFriction: number(0.012, 0.002, 0.05, "Share of its speed the core loses per tick."),
  flatSeconds: number(20, 5, 120, "Seconds after a kick-off in which the lane turns from a bowl into a saddle."),
  comebackFactor: number(1.3, 1, 3, "Pushes of the team that trails, 1 = no help."),
  comebackGoals: whole(2, 1, 10, "Goals behind from which a team trails."),
  comebackPushes: number(1.5, 1.1, 10, "A team trails when the other has so many times its pushes."),
  lastSeconds: number(30, 0, 120, "Last seconds of play, in which pushes count more."),
  lastFactor: number(1.5, 1, 3, "Pushes of both teams in the last seconds and in sudden death."),
  likeSplit: z.enum(["seen", "headcount", "even"]).default("seen").meta({
    description:
      "Likes of the room go to teams by members seen liking and the rest by headcount; all by headcount; or evenly.",
  }),
  bumperHits: whole(2, 0, 9, "Hits that a goal bumper takes before it breaks; 0 = no bumpers."),
  coopStrength: number(1, 0.3, 2, "In coop: how hard the machine pushes, 1 = so that it is about even."),
  points: z
    .strictObject({
      win: whole(10, 0, 1000, "For everybody who pushed in the team that wins."),
      mostPushes: whole(5, 0, 1000, "For the most pushes of the round."),
      bestSave: whole(5, 0, 1000, "For the best save of the round."),
      topFree: whole(5, 0, 1000, "For the most pushes that cost nothing."),
    })
    .prefault({})
    .meta({ description: "Points on the show's board." }),
  bots: z
    .strictObject({
      fillTo: whole(6, 0, 14, "Bots join a lobby until it has so many cannons, and teams are even."),
      eagerness: number(1, 0.2, 3, "How often bots push, 1 = as often as the people do."),
    })
    .prefault({})
    .meta({ description: "Labelled bots that fill small rooms." }),
});

/** The options with their defaults filled in. */
export type CoreClashOptions = z.output<typeof coreClashOptions>;
