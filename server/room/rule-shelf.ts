/** Rule shelf: the texts of the rules a show has played by, under their numbers, so that a saved state can be read without its journal. */
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import { rulesOfCarried } from "../../shared/sim/carrying.ts";
import { type SavedRuleFiles, type ShowBeginning, savedFiles } from "../../shared/sim/input.ts";
import { rulesOfSaved, type SavedSimulation } from "../../shared/sim/saved.ts";
import type { Simulation } from "../../shared/sim/simulation.ts";

/** A saved state with the rules it needs: the body of a checkpoint. */
export interface CheckpointBody {
  readonly saved: SavedSimulation;
  readonly rules: readonly (readonly [number: number, files: SavedRuleFiles])[];
}

/** What waits when a show ends, for the next show: the part of its beginning that comes from here. */
export type BankBody = Pick<ShowBeginning, "rules" | "carried">;

export interface RuleShelf {
  /** The rules with this number hold from now on. */
  add(number: number, rules: CompiledRules): void;
  /** JSON text of the state, which must be savable now, with its rules. */
  checkpointOf(simulation: Simulation): string;
  /** JSON text of what waits, "" for nothing. */
  bankOf(simulation: Simulation, show: string): string;
}

/** Creates the shelf of a show that has played by these rules. */
export function createRuleShelf(known: Iterable<readonly [number: number, files: SavedRuleFiles]>): RuleShelf {
  const files = new Map(known);
  const filesOf = (number: number): SavedRuleFiles => files.get(number)!;
  return {
    add: (number, rules) => void files.set(number, savedFiles(rules.files)),
    checkpointOf(simulation) {
      const saved = simulation.save();
      const rules = rulesOfSaved(saved).map((number) => [number, filesOf(number)] as const);
      return JSON.stringify({ saved, rules } satisfies CheckpointBody);
    },
    bankOf(simulation, show) {
      const carried = simulation.carry(show);
      if (!carried) return "";
      const body: BankBody = { rules: rulesOfCarried(carried).map(filesOf), carried };
      return JSON.stringify(body);
    },
  };
}
