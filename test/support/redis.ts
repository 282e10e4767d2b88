import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findFreePort } from '../../playground/ports.ts';
import { createTestFolder } from './tempFolder.ts';
import { waitFor } from './waitFor.ts';

export interface RedisServer {
  port: number;
  /** Kills it; it kept nothing. */
  stop(): Promise<void>;
}

/** The program of a Redis that is installed here. */
export function findRedis(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  // Where systems put servers, which is not always on the path.
  const files = [...folders, '/usr/sbin', '/usr/local/bin'].map((folder) =>
    path.join(folder, 'redis-server'),
  );
  return files.find((file) => fs.existsSync(file));
}

/** A Redis of its own on a free port, without persistence. */
export async function startRedis(program: string): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = createTestFolder('omnichannel-redis-');
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path];
  const child = spawn(program, [...settings, '--save', '', '--appendonly', 'no'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => (said += part.toString()));
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      said += error.message;
      resolve();
    });
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs);
    child.kill('SIGKILL');
    await ended;
    folder.remove();
  };
  try {
    await waitFor(() => answersPing(port), { what: 'the answer of Redis' });
  } catch (error) {
    await stop();
    throw new Error(`Redis does not answer. It said: ${said}`, { cause: error });
  }
  return { port, stop };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
