/** UserError: something the person who started Uproar can mend. Printed as its one sentence, without a stack, with exit code 1. */
/** Its message is for the person who started Uproar, and needs no stack. */
export class UserError extends Error {
  override readonly name: string = "UserError";
}
