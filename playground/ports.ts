import net from 'node:net';
import { UsageError } from './options.ts';

const HOST = '127.0.0.1';

/**
 * Makes sure that nothing listens on a port of this machine.
 * @param option the command line option that would choose another port
 * @throws UsageError that names the option
 */
export async function requireFreePort(port: number, option: string): Promise<void> {
  const problem = await listenOnce(port).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  if (problem === undefined) return;
  const reason =
    problem === 'EADDRINUSE'
      ? `Port ${port} is in use by another program.`
      : `Port ${port} cannot be used (${problem}).`;
  throw new UsageError(`${reason} Stop that program, or choose another port with ${option}.`);
}

/** A port that is free now. Ports can be taken by others a moment later: use it at once. */
export async function findFreePort(): Promise<number> {
  return listenOnce(0);
}

/** Listens for a moment. @returns the port */
function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(port, HOST, () => {
      const address = probe.address() as net.AddressInfo;
      probe.close(() => resolve(address.port));
    });
  });
}
