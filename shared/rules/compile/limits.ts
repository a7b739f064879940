/** Cooldowns and quotas: of a rule, of a group, of all rules. */
import type { CompiledLimit, LimitScope, QuotaPer } from "../compiled.ts";
import { parseDurationTicks } from "../duration.ts";
import type { Spot } from "./spot.ts";

const scopes = ["viewer", "team", "everyone"] as const satisfies readonly LimitScope[];
const periods = ["round", "show", "day"] as const satisfies readonly QuotaPer[];

/** Limits written at a spot (its `cooldown` and `quota`), of this owner. */
export function limitsAt(spot: Spot, owner: string): CompiledLimit[] {
  const limits: CompiledLimit[] = [];
  for (const scope of scopes) {
    const cooldown = spot.at("cooldown", scope);
    const cooldownTicks = cooldown.isSound ? ticksAt(cooldown) : 0;
    if (cooldownTicks > 0) limits.push({ owner, scope, cooldownTicks, quota: 0, per: "show" });
  }
  for (const scope of scopes) {
    for (const per of periods) {
      const quota = spot.at("quota", scope, per);
      if (quota.isSound && typeof quota.value === "number") {
        limits.push({ owner, scope, cooldownTicks: 0, quota: quota.value, per });
      }
    }
  }
  return limits;
}

/** Ticks of a duration, 0 when it is missing. */
export function ticksAt(spot: Spot): number {
  return typeof spot.value === "string" ? (parseDurationTicks(spot.value) ?? 0) : 0;
}
