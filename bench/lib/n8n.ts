import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { N8nApi, type WorkflowDefinition, type WorkflowNode } from '../../playground/n8nApi.ts';
import { N8nProcess } from '../../playground/n8nProcess.ts';
import { findFreePort } from '../../playground/ports.ts';

export const N8N_VERSION = (
  createRequire(import.meta.url)('../../playground/node_modules/n8n/package.json') as {
    version: string;
  }
).version;

/** A real n8n with an owner and nothing in it. */
export interface BenchN8n {
  baseUrl: string;
  api: N8nApi;
  logTail(): string;
  close(): Promise<void>;
}

const OWNER = { email: 'bench@clinica-sorriso.example', password: 'Sorriso-123456' };

/**
 * Starts n8n in a folder of its own, as fast as it goes: it keeps nothing of executions that went well.
 * @param options.prepare is given the user folder before the start
 */
export async function startBenchN8n(
  options: { env?: Record<string, string>; prepare?: (userFolder: string) => void } = {},
): Promise<BenchN8n> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'omnichannel-bench-n8n-'));
  options.prepare?.(folder);
  const n8n = new N8nProcess({
    port: await findFreePort(),
    userFolder: folder,
    encryptionKey: 'bench',
    logFile: path.join(folder, 'n8n.log'),
    env: {
      EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
      N8N_LOG_LEVEL: 'warn',
      N8N_PAYLOAD_SIZE_MAX: '64',
      ...options.env,
    },
  });
  const close = async (): Promise<void> => {
    await n8n.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    await n8n.start();
    const api = new N8nApi(n8n.baseUrl);
    await api.createOwner(OWNER);
    api.useApiKey(await api.createApiKey('bench'));
    return { baseUrl: n8n.baseUrl, api, logTail: () => n8n.logTail(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Part = Pick<WorkflowNode, 'name' | 'type' | 'typeVersion' | 'parameters'> &
  Partial<WorkflowNode>;

/** Creates and publishes a workflow whose nodes follow one another. @returns its id */
export async function publishChain(api: N8nApi, name: string, parts: Part[]): Promise<string> {
  const nodes = parts.map(
    (part, index): WorkflowNode => ({ id: `node-${index}`, position: [index * 200, 0], ...part }),
  );
  const connections = Object.fromEntries(
    parts
      .slice(1)
      .map(({ name: next }, index) => [
        parts[index]?.name ?? '',
        { main: [[{ node: next, type: 'main', index: 0 }]] },
      ]),
  );
  const settings = { executionOrder: 'v1', saveDataSuccessExecution: 'none' };
  const definition: WorkflowDefinition = { name, nodes, connections, settings };
  const id = await api.createWorkflow(definition);
  await api.publish(id);
  return id;
}

/** A webhook that starts a workflow. @param respond `last`: answers when the last node is through, else at once */
export function webhookPart(route: string, respond: 'last' | 'at once'): Part {
  return {
    name: 'Webhook',
    type: 'n8n-nodes-base.webhook',
    typeVersion: 2.1,
    webhookId: `bench-${route}`,
    parameters: {
      httpMethod: 'POST',
      path: route,
      ...(respond === 'last'
        ? { responseMode: 'lastNode', responseData: 'noData' }
        : { responseMode: 'onReceived' }),
      options: {},
    },
  };
}
