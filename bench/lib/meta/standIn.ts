import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createAuthority } from '../../../test/support/certificates.ts';
import { GRAPH_HOST, type StandInMessage, type Traffic } from './traffic.ts';

export interface StandIn {
  /** Environment variables that lead a process to the stand-in, and let it trust its certificate. */
  env: Record<string, string>;
  /** What was seen since the last time. */
  takeTraffic: () => Promise<Traffic>;
  close: () => Promise<void>;
}

/**
 * Starts the stand-in for graph.facebook.com behind a local proxy, with a certificate made now.
 * @param folder for the certificate of the authority
 */
export async function startStandIn(folder: string): Promise<StandIn> {
  const authority = createAuthority('The authority of the benchmark');
  const identity = authority.issue({ names: [GRAPH_HOST] });
  const caFile = path.join(folder, 'authority.pem');
  fs.writeFileSync(caFile, authority.cert);
  const child = fork(path.join(import.meta.dirname, 'standInProcess.ts'), {
    env: { ...process.env, BENCH_KEY: identity.key, BENCH_CERT: identity.cert },
  });
  const next = async (): Promise<StandInMessage> => {
    const [message] = (await once(child, 'message')) as [StandInMessage];
    return message;
  };
  const ready = await next();
  if (ready.kind !== 'ready') throw new Error('The stand-in did not say where it listens.');
  return {
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${ready.port}`,
      NO_PROXY: '127.0.0.1,localhost',
      NODE_EXTRA_CA_CERTS: caFile,
    },
    async takeTraffic() {
      const answer = next();
      child.send('traffic');
      const message = await answer;
      if (message.kind !== 'traffic') throw new Error('The stand-in answered something else.');
      return message.traffic;
    },
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}
