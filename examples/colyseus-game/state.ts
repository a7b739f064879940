/** What all players see of the sea. */
import { type SchemaType, schema, t } from "@colyseus/schema";

export const ShipState = schema(
  {
    name: t.string().default(""),
    x: t.float32().default(0),
    y: t.float32().default(0),
    /** Where it heads, radians. */
    angle: t.float32().default(0),
    coins: t.uint16().default(0),
    /** For so much longer it sails twice as fast, ms. */
    boostMs: t.float32().default(0),
  },
  "ShipState",
);
export type ShipState = SchemaType<typeof ShipState>;

/** A coin or a pirate. */
export const ThingState = schema({ x: t.float32().default(0), y: t.float32().default(0) }, "ThingState");
export type ThingState = SchemaType<typeof ThingState>;

export const SeaState = schema(
  {
    /** By session. */
    ships: t.map(ShipState),
    coins: t.map(ThingState),
    pirates: t.map(ThingState),
  },
  "SeaState",
);
export type SeaState = SchemaType<typeof SeaState>;
