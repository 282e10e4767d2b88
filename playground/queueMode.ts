import path from 'node:path';
import { N8nProcess } from './n8nProcess.ts';
import { placePackage } from './packageFolder.ts';
import { findFreePort } from './ports.ts';

export interface QueueOptions {
  /** Of a Redis on this machine, without a password. */
  redisPort: number;
  /** More environment variables for the main process alone. */
  mainEnv?: Record<string, string>;
}

interface SharedByAll {
  dataDir: string;
  encryptionKey: string;
  nodeArguments: string[];
  env?: Record<string, string>;
  logFile?: string;
}

interface Queue {
  mainEnv: Record<string, string>;
  /** A worker and a webhook process, not started yet. */
  others: N8nProcess[];
  /** Base of the webhook process, the only one that serves production webhooks. */
  webhookUrl: string;
}

/**
 * What n8n's queue mode is made of beside main, each with a folder of its own, as in containers: what they share is the
 * database, Redis and the encryption key.
 */
export async function prepareQueue(
  { redisPort, mainEnv }: QueueOptions,
  all: SharedByAll,
): Promise<Queue> {
  const webhookPort = await findFreePort();
  const healthPort = await findFreePort();
  const webhookUrl = `http://127.0.0.1:${webhookPort}`;
  const env = {
    EXECUTIONS_MODE: 'queue',
    QUEUE_BULL_REDIS_HOST: '127.0.0.1',
    QUEUE_BULL_REDIS_PORT: String(redisPort),
    N8N_WEBHOOK_URL: `${webhookUrl}/`,
    N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
    ...all.env,
  };
  const another = (command: 'worker' | 'webhook', port: number, more: Record<string, string>) => {
    const userFolder = path.join(all.dataDir, `n8n-${command}`);
    placePackage(userFolder);
    return new N8nProcess({
      command,
      port,
      userFolder,
      encryptionKey: all.encryptionKey,
      nodeArguments: all.nodeArguments,
      logFile: (all.logFile ?? path.join(all.dataDir, 'n8n.log')).replace(
        /\.log$/,
        () => `-${command}.log`,
      ),
      env: { ...env, ...more },
    });
  };
  return {
    mainEnv: { ...env, ...mainEnv },
    webhookUrl,
    others: [
      another('worker', healthPort, {
        QUEUE_HEALTH_CHECK_ACTIVE: 'true',
        QUEUE_HEALTH_CHECK_PORT: String(healthPort),
        N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
        // Else an answer that comes while there is no worker is lost: see docs/store.md, "Queue mode".
        N8N_EVENTBUS_LOGWRITER_MAXTOTALMESSAGESPERFILE: '1',
      }),
      another('webhook', webhookPort, {}),
    ],
  };
}
