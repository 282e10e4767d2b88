import { setTimeout as delay } from 'node:timers/promises';

const PUBLISHED_WITHIN_MS = 90_000;
const POLL_MS = 150;
/** n8n's own words when its machine was too slow for the lease of a publication. */
const OUT_OF_TIME = /exceeded its deadline/;

/** What the playground asks of n8n: its own scopes for the API key, nothing more. */
const API_KEY_SCOPES = [
  'workflow:create',
  'workflow:read',
  'workflow:update',
  'workflow:delete',
  'workflow:list',
  'workflow:activate',
  'workflow:deactivate',
  'credential:create',
  'credential:update',
  'credential:list',
  'credential:read',
  'execution:list',
  'execution:read',
];

export interface Owner {
  email: string;
  password: string;
}

/** A node of a workflow file; only what the playground touches has a type. */
export interface WorkflowNode {
  id: string;
  name: string;
  type: string;
  typeVersion: number;
  position: [number, number];
  parameters: Record<string, unknown>;
  webhookId?: string;
  credentials?: Record<string, { id: string; name: string }>;
  [more: string]: unknown;
}

/** The part of a workflow that n8n's public API takes. */
export interface WorkflowDefinition {
  name: string;
  nodes: WorkflowNode[];
  connections: Record<string, unknown>;
  settings: Record<string, unknown>;
}

export interface StoredWorkflow extends WorkflowDefinition {
  id: string;
  active: boolean;
  isArchived?: boolean;
}

export interface Execution {
  id: string;
  workflowId: string;
  status: string;
  mode: string;
  startedAt: string | null;
  data?: unknown;
}

interface PublicationStatus {
  status: string;
  triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

/** n8n refused a call; the message holds the call, the status and n8n's own words. */
export class N8nApiError extends Error {
  readonly status: number;
  constructor(call: string, status: number, answer: string) {
    super(`n8n answered ${call} with ${status}: ${answer.slice(0, 500)}`);
    this.status = status;
  }
}

/** n8n's editor API (as its owner) and its public API (with the key), over HTTP. */
export class N8nApi {
  readonly baseUrl: string;
  #cookie: string | undefined;
  #apiKey: string | undefined;

  constructor(baseUrl: string) {
    this.baseUrl = baseUrl;
  }

  /** True until the owner's account exists. */
  async needsOwner(): Promise<boolean> {
    const { data } = (await this.#call('GET', '/rest/settings')) as {
      data: { userManagement: { showSetupOnFirstLoad: boolean } };
    };
    return data.userManagement.showSetupOnFirstLoad;
  }

  async createOwner({ email, password }: Owner): Promise<void> {
    const body = { email, password, firstName: 'Clínica', lastName: 'Sorriso' };
    await this.#call('POST', '/rest/owner/setup', body);
  }

  async login({ email, password }: Owner): Promise<void> {
    await this.#call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
  }

  /** @returns a new key that never expires; `useApiKey` must be told to use it */
  async createApiKey(label: string): Promise<string> {
    const body = { label, scopes: API_KEY_SCOPES, expiresAt: null };
    const { data } = (await this.#call('POST', '/rest/api-keys', body)) as {
      data: { rawApiKey: string };
    };
    return data.rawApiKey;
  }

  useApiKey(apiKey: string): void {
    this.#apiKey = apiKey;
  }

  /** @returns false when n8n does not know the key (any more) */
  async apiKeyWorks(): Promise<boolean> {
    return this.#call('GET', '/api/v1/workflows?limit=1').then(
      () => true,
      (error: unknown) => {
        if (error instanceof N8nApiError && [401, 403].includes(error.status)) return false;
        throw error;
      },
    );
  }

  async createCredential(
    name: string,
    type: string,
    data: Record<string, unknown>,
  ): Promise<string> {
    const created = await this.#call('POST', '/api/v1/credentials', { name, type, data });
    return (created as { id: string }).id;
  }

  async updateCredential(id: string, data: Record<string, unknown>): Promise<void> {
    await this.#call('PATCH', `/api/v1/credentials/${id}`, { data });
  }

  /** Runs the credential's own test, as the editor's button does. */
  async testCredential(id: string): Promise<{ status: string; message?: string }> {
    const answer = await this.#call('POST', `/api/v1/credentials/${id}/test`);
    return answer as { status: string; message?: string };
  }

  async listCredentials(): Promise<Array<{ id: string; name: string; type: string }>> {
    const answer = await this.#call('GET', '/api/v1/credentials?limit=250');
    return (answer as { data: Array<{ id: string; name: string; type: string }> }).data;
  }

  async listWorkflows(): Promise<StoredWorkflow[]> {
    const answer = await this.#call('GET', '/api/v1/workflows?limit=250');
    return (answer as { data: StoredWorkflow[] }).data;
  }

  /** @returns undefined when n8n has no workflow of that id, or only in its archive */
  async findWorkflow(id: string): Promise<StoredWorkflow | undefined> {
    try {
      const found = (await this.#call('GET', `/api/v1/workflows/${id}`)) as StoredWorkflow;
      return found.isArchived === true ? undefined : found;
    } catch (error) {
      if (error instanceof N8nApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async createWorkflow(definition: WorkflowDefinition): Promise<string> {
    const created = await this.#call('POST', '/api/v1/workflows', definition);
    return (created as { id: string }).id;
  }

  async updateWorkflow(id: string, definition: WorkflowDefinition): Promise<void> {
    await this.#call('PUT', `/api/v1/workflows/${id}`, definition);
  }

  async deleteWorkflow(id: string): Promise<void> {
    await this.#call('DELETE', `/api/v1/workflows/${id}`);
  }

  /**
   * Publishes a workflow and waits until its triggers run: n8n only notes the wish and does the work
   * a moment later.
   * @throws Error with n8n's message for each trigger that could not be started
   */
  async publish(id: string): Promise<void> {
    await this.#call('POST', `/api/v1/workflows/${id}/publish`, {});
    try {
      await this.untilPublished(id);
    } catch (error) {
      if (!OUT_OF_TIME.test(error instanceof Error ? error.message : '')) throw error;
      // A busy machine: n8n gives up after its lease, what was begun goes on, and asking again finds it done.
      await this.#call('POST', `/api/v1/workflows/${id}/publish`, {});
      await this.untilPublished(id);
    }
  }

  async unpublish(id: string): Promise<void> {
    await this.#call('POST', `/api/v1/workflows/${id}/unpublish`, {});
    await this.#untilStatus(id, 'not_published');
  }

  async untilPublished(id: string): Promise<void> {
    await this.#untilStatus(id, 'published');
  }

  async listExecutions(workflowId: string, withData = false): Promise<Execution[]> {
    const query = new URLSearchParams({ workflowId, limit: '250', includeData: String(withData) });
    const answer = await this.#call('GET', `/api/v1/executions?${query}`);
    return (answer as { data: Execution[] }).data;
  }

  /** How many executions of any workflow are under way or wait for their turn. */
  async countUnfinishedExecutions(): Promise<number> {
    const filter = encodeURIComponent(JSON.stringify({ status: ['new', 'running'] }));
    const answer = await this.#call('GET', `/rest/executions?limit=100&filter=${filter}`);
    return (answer as { data: { results: unknown[] } }).data.results.length;
  }

  /** A call as the logged-in owner, for what the methods above do not cover. */
  async rest(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#call(method, path, body);
  }

  async #untilStatus(id: string, wanted: string): Promise<void> {
    const deadline = performance.now() + PUBLISHED_WITHIN_MS;
    for (;;) {
      const { data } = (await this.#call('GET', `/rest/workflows/${id}/publication-status`)) as {
        data: PublicationStatus;
      };
      if (data.status === wanted) return;
      const failed = data.triggers.filter((trigger) => trigger.errorMessage !== null);
      if (['failed', 'partial'].includes(data.status)) {
        const reasons = failed.map((trigger) => trigger.errorMessage).join('; ');
        throw new Error(`n8n could not publish workflow ${id} (${data.status}): ${reasons}`);
      }
      if (performance.now() > deadline) {
        throw new Error(`Workflow ${id} is still ${data.status} instead of ${wanted}.`);
      }
      await delay(POLL_MS);
    }
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(path.startsWith('/api/')
          ? { 'x-n8n-api-key': this.#apiKey ?? '' }
          : { cookie: this.#cookie ?? '' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const session = response.headers.getSetCookie().find((item) => item.startsWith('n8n-auth='));
    if (session !== undefined) this.#cookie = session.split(';')[0];
    const text = await response.text();
    if (!response.ok) throw new N8nApiError(`${method} ${path}`, response.status, text);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}
