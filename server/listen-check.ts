/** Finds out whether an address can be listened on, before anything is started that would have to be undone. */
import { once } from "node:events";
import { createServer } from "node:net";
import { guessableTokens, type Tokens } from "./store/data-folder.ts";
import { isLoopback } from "./trust.ts";
import { UserError } from "./user-error.ts";

/** Listens for a moment. Throws a UserError that says what to change when it is not possible. */
export async function checkCanListen(port: number, host: string): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, "listening");
  } catch (error) {
    throw listenError(error, port, host);
  }
  probe.close();
  await once(probe, "close");
}

/** The sentence for an address that cannot be listened on; any other error comes back as it is. */
export function listenError(error: unknown, port: number, host: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") {
    const other = port < 65535 ? port + 1 : port - 1;
    return new UserError(`Port ${port} is in use. Stop the other program, or choose another with --port ${other}.`);
  }
  if (code === "EACCES") return new UserError(`Port ${port} is not allowed here. Choose one above 1023 with --port.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EINVAL") {
    return new UserError(`${host} is no address of this machine. Leave --host away to use 127.0.0.1.`);
  }
  return error;
}

/** Where others can reach a server, its tokens must be long enough. Throws a UserError that says which is not. */
export function refuseGuessableTokens(tokens: Tokens, host: string): void {
  const [variable] = guessableTokens(tokens);
  if (!variable || isLoopback(host)) return;
  throw new UserError(`${variable} is too short for a show that others can reach: give it 16 characters or more.`);
}
