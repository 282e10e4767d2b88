import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { N8nApi, type WorkflowDefinition } from '../../../playground/n8nApi.ts';
import { N8nProcess } from '../../../playground/n8nProcess.ts';
import { findFreePort } from '../../../playground/ports.ts';
import { installPackage } from '../installPackage.ts';

const EXECUTION_WITHIN_MS = 300_000;
const POLL_MS = 200;

/** How long one execution took, by n8n's own clock. */
export interface Timing {
  /** From its start to its end: all nodes, and what n8n does around them. */
  executionMs: number;
  /** The one node that sends. */
  nodeMs: number;
}

interface FoundExecution {
  id: string;
  status: string;
  startedAt: string;
  stoppedAt: string | null;
}

interface ExecutionData {
  resultData: {
    runData: Record<string, Array<{ executionTime: number }>>;
    error?: { message: string };
  };
}

/** A real n8n with the built package, installed as n8n does it. */
export class N8nUnderTest {
  readonly api: N8nApi;
  readonly #n8n: N8nProcess;

  private constructor(n8n: N8nProcess) {
    this.#n8n = n8n;
    this.api = new N8nApi(n8n.baseUrl);
  }

  /** @param folder its user folder, made where it is missing */
  static async start(folder: string, env: Record<string, string>): Promise<N8nUnderTest> {
    fs.mkdirSync(path.join(folder, '.n8n', 'nodes'), { recursive: true });
    installPackage(folder);
    const n8n = new N8nProcess({
      port: await findFreePort(),
      userFolder: folder,
      encryptionKey: 'bench',
      logFile: path.join(folder, 'bench.log'),
      env,
    });
    await n8n.start();
    const started = new N8nUnderTest(n8n);
    await started.api.createOwner({ email: 'bench@example.com', password: `B1${randomUUID()}` });
    started.api.useApiKey(await started.api.createApiKey('bench'));
    return started;
  }

  get baseUrl(): string {
    return this.#n8n.baseUrl;
  }

  async stop(): Promise<void> {
    await this.#n8n.stop();
  }

  logTail(): string {
    return this.#n8n.logTail();
  }

  async credential(
    type: string,
    data: Record<string, unknown>,
  ): Promise<{ type: string; id: string }> {
    return { type, id: await this.api.createCredential(type, type, data) };
  }

  /** @returns the id under which it now runs */
  async publish(definition: WorkflowDefinition): Promise<string> {
    const id = await this.api.createWorkflow(definition);
    await this.api.publish(id);
    return id;
  }

  /**
   * Starts a published workflow by its webhook and waits for the end of its execution.
   * @param node whose time is wanted by itself
   * @throws Error with the execution's own error
   */
  async run(workflowId: string, webhookPath: string, node: string): Promise<Timing> {
    const before = await this.#last(workflowId);
    const response = await fetch(`${this.baseUrl}/webhook/${webhookPath}`, { method: 'POST' });
    if (!response.ok) throw new Error(`n8n answered ${webhookPath} with ${response.status}.`);
    await response.body?.cancel();
    const deadline = performance.now() + EXECUTION_WITHIN_MS;
    for (;;) {
      await delay(POLL_MS);
      const last = await this.#last(workflowId);
      if (last?.stoppedAt && last.id !== before?.id) return await this.#timing(last, node);
      if (performance.now() > deadline) throw new Error(`${webhookPath} did not end in time.`);
    }
  }

  /** How many executions n8n shows of a workflow, up to 250. */
  async countExecutions(workflowId: string, status?: 'running'): Promise<number> {
    const query = new URLSearchParams({ workflowId, limit: '250', ...(status && { status }) });
    const answer = await this.api.rest('GET', `/api/v1/executions?${query}`);
    return (answer as { data: FoundExecution[] }).data.length;
  }

  async #last(workflowId: string): Promise<FoundExecution | undefined> {
    const query = new URLSearchParams({ workflowId, limit: '1' });
    const answer = await this.api.rest('GET', `/api/v1/executions?${query}`);
    return (answer as { data: FoundExecution[] }).data[0];
  }

  async #timing({ id, status, startedAt, stoppedAt }: FoundExecution, node: string) {
    const answer = await this.api.rest('GET', `/api/v1/executions/${id}?includeData=true`);
    const { runData, error } = (answer as { data: ExecutionData }).data.resultData;
    if (status !== 'success') throw new Error(`An execution ended as ${status}: ${error?.message}`);
    return {
      executionMs: Date.parse(stoppedAt ?? '') - Date.parse(startedAt),
      nodeMs: (runData[node] ?? []).reduce((sum, { executionTime }) => sum + executionTime, 0),
    };
  }
}
