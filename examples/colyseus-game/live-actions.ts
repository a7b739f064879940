/** What viewers can do: the actions that rules.yaml calls. */
import { actionsFor, z } from "uproar/game";
import { addCoins, addPirate, addShip, coinsAtMost, piratesAtMost } from "./sea.ts";
import type { ShipsRoom } from "./ships-room.ts";

const shipsAtMost = 60;
const defineAction = actionsFor<ShipsRoom>();

export const actions = {
  setSail: defineAction({
    title: "SET SAIL",
    summary: "Gives the viewer a ship, which sails straight on.",
    params: z.object({}),
    apply({ state }, _params, { member }) {
      if (!member || state.ships.has(member.key)) return undefined;
      if (state.ships.size >= shipsAtMost) return { refused: "the sea is full" };
      addShip(state, member.key, member.viewer.name);
      return undefined;
    },
  }),
  boost: defineAction({
    title: "FULL SAIL",
    summary: "The viewer's ship sails twice as fast for a while.",
    params: z.object({ seconds: z.number().min(1).max(60).default(5).meta({ description: "How long." }) }),
    apply({ state }, { seconds }, { member, count }) {
      const ship = state.ships.get(member?.key ?? "");
      if (!ship) return { refused: "needs a ship" };
      ship.boostMs += seconds * count * 1000;
      return undefined;
    },
  }),
  coins: defineAction({
    title: "COINS",
    summary: "Coins fall into the sea.",
    params: z.object({ count: z.number().int().min(1).max(50).default(5).meta({ description: "How many." }) }),
    apply({ state }, params, { count }) {
      if (state.coins.size + params.count > coinsAtMost) return { later: 60, why: "the sea is full of coins" };
      addCoins(state, params.count * count);
      return undefined;
    },
  }),
  pirate: defineAction({
    title: "PIRATE",
    summary: "A pirate comes and follows the richest ship.",
    params: z.object({}),
    apply({ state }) {
      if (state.pirates.size >= piratesAtMost) return { later: 60, why: "enough pirates are here" };
      addPirate(state);
      return undefined;
    },
  }),
};
