import net from 'node:net';
import { UsageError } from '../../../playground/options.ts';
import { findFreePort, requireFreePort } from '../../../playground/ports.ts';

it('accepts a port on which nothing listens', async () => {
  await expect(requireFreePort(await findFreePort(), '--port')).resolves.toBeUndefined();
});

it('names the option that chooses another port when one is in use', async () => {
  const other = net.createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = other.address() as net.AddressInfo;
    const attempt = requireFreePort(port, '--sandbox-port');
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(
      `Port ${port} is in use by another program. Stop that program, or choose another port with --sandbox-port.`,
    );
  } finally {
    other.close();
  }
});
