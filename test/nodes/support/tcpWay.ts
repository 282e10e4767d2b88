import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A port that leads to a server, closed until it is opened: like a server that is not up yet. */
export interface TcpWay {
  port: number;
  open(): Promise<void>;
  close(): Promise<void>;
}

export async function closedWayTo(host: string, port: number): Promise<TcpWay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(on, '127.0.0.1', resolve);
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const { port: own } = server.address() as AddressInfo;
  await close();
  return { port: own, open: () => listen(own), close };
}
