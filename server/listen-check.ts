/** Finds out whether an address can be listened on, before anything is started that would have to be undone. */
import { once } from "node:events";
import { createServer } from "node:net";
import { UserError } from "./user-error.ts";

/** Listens for a moment. Throws a UserError that says what to change when it is not possible. */
export async function checkCanListen(port: number, host: string): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, "listening");
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, port, host);
  }
  probe.close();
  await once(probe, "close");
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === "EADDRINUSE") {
    return new UserError(`Port ${port} is in use. Stop the other program, or choose another with --port ${port + 1}.`);
  }
  if (error.code === "EACCES")
    return new UserError(`Port ${port} is not allowed here. Choose one above 1023 with --port.`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") {
    return new UserError(`${host} is no address of this machine. Leave --host away to use 127.0.0.1.`);
  }
  return error;
}
