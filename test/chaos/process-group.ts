/** Process groups: each show of a chaos run leads one, so that whatever it has started ends with it. */

/** Windows has no such groups; a show starts no process there either. */
export const hasGroups = process.platform !== "win32";

/** Ends a group at once (SIGKILL), by the id of its leader; does nothing when it is gone. */
export function killGroup(pid: number): void {
  try {
    process.kill(hasGroups ? -pid : pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
