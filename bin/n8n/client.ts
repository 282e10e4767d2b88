import { CommandFailure } from '../command/failure';
import type { Credential, StoredWorkflow, WorkflowDefinition } from './types';

const PATIENCE_MS = 60_000;
const SCOPES =
  'workflow:create, workflow:read, workflow:update, workflow:list, workflow:activate, credential:list and credential:read';

/** n8n's public API (`/api/v1`), as far as the installer needs it. Its errors are sentences for a person. */
export class N8nClient {
  readonly url: string;
  readonly #apiKey: string;

  /** @param url without a slash at the end */
  constructor(url: string, apiKey: string) {
    this.url = url;
    this.#apiKey = apiKey;
  }

  async listWorkflows(): Promise<StoredWorkflow[]> {
    return this.#listAll<StoredWorkflow>('/workflows');
  }

  /** @returns undefined where n8n (an older one) or the key does not tell */
  async listCredentials(): Promise<Credential[] | undefined> {
    try {
      return await this.#listAll<Credential>('/credentials');
    } catch (error) {
      if (error instanceof Refusal && [403, 404, 405].includes(error.status)) return undefined;
      throw error;
    }
  }

  /** @returns false when n8n has no such type of credential: the package is not installed there */
  async knowsCredentialType(type: string): Promise<boolean> {
    try {
      await this.#call('GET', `/credentials/schema/${type}`);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) return false;
      // The key may not ask; what is wrong shows on the canvas then.
      if (error instanceof Refusal && error.status === 403) return true;
      throw error;
    }
  }

  /** @returns undefined where n8n or the key does not tell, or the package was put there by hand */
  async packageVersion(name: string): Promise<string | undefined> {
    try {
      const answer = await this.#call('GET', '/community-packages');
      const list = Array.isArray(answer) ? answer : ((answer as { data?: unknown[] }).data ?? []);
      const packages = list as Array<{ packageName?: string; installedVersion?: string }>;
      return packages.find(({ packageName }) => packageName === name)?.installedVersion;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  async createWorkflow(definition: WorkflowDefinition): Promise<StoredWorkflow> {
    return (await this.#call('POST', '/workflows', definition)) as StoredWorkflow;
  }

  /** A published workflow is published anew by n8n. */
  async updateWorkflow(id: string, definition: WorkflowDefinition): Promise<void> {
    await this.#call('PUT', `/workflows/${id}`, definition);
  }

  /** @returns what keeps n8n from publishing it: fields or credentials that a person has to fill in */
  async publish(id: string): Promise<string | undefined> {
    try {
      await this.#call('POST', `/workflows/${id}/publish`, {});
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 400) return error.said;
      if (error.status !== 404) throw error;
      // Before n8n 2 it was called so.
      await this.#call('POST', `/workflows/${id}/activate`);
    }
    return undefined;
  }

  async #listAll<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    let cursor: string | null | undefined;
    do {
      const query = new URLSearchParams({ limit: '100', ...(cursor ? { cursor } : {}) });
      const page = (await this.#call('GET', `${path}?${query}`)) as {
        data: T[];
        nextCursor?: string | null;
      };
      all.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor);
    return all;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#reach(method, path, body);
    const text = await response.text();
    const json = parse(text);
    if (!response.ok) throw refusal(`${method} ${path}`, response.status, json, this.url);
    if (json === undefined && text !== '') throw new CommandFailure(notN8n(this.url));
    return json;
  }

  async #reach(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(`${this.url}/api/v1${path}`, {
        method,
        headers: {
          accept: 'application/json',
          'x-n8n-api-key': this.#apiKey,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would carry the key to wherever it points.
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (error) {
      throw new CommandFailure(
        `No n8n answers at ${this.url} (${reasonOf(error)}). Does it run, and is --url the address of its editor?`,
      );
    }
  }
}

/** n8n has answered, and not with what was asked for. */
class Refusal extends CommandFailure {
  readonly status: number;
  /** n8n's own words. */
  readonly said: string;

  constructor(message: string, status: number, said: string) {
    super(message);
    this.status = status;
    this.said = said;
  }
}

function refusal(call: string, status: number, json: unknown, url: string): Refusal {
  const said = messageIn(json);
  const words = said === '' ? '' : `: ${said}`;
  return new Refusal(sentenceOf(call, status, json === undefined, words, url), status, said);
}

function sentenceOf(
  call: string,
  status: number,
  isNoJson: boolean,
  words: string,
  url: string,
): string {
  if (status === 401) {
    return `n8n at ${url} refuses the API key (401). Make a new one under Settings, n8n API, with the scopes ${SCOPES}.`;
  }
  if (status === 403) {
    return `The API key may not do ${call} (403${words}). It needs the scopes ${SCOPES}.`;
  }
  if (status === 404 && isNoJson) return notN8n(url);
  if (status === 400) {
    return `n8n does not take ${call} (400${words}). These workflows are made for n8n 2.40 or later: is yours older?`;
  }
  return `n8n answered ${call} with ${status}${words}.`;
}

function notN8n(url: string): string {
  return `What answers at ${url} has no public API of n8n: is --url right, and is the API switched on (N8N_PUBLIC_API_DISABLED)?`;
}

function messageIn(json: unknown): string {
  const message = (json as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message.replaceAll(/\s+/g, ' ').slice(0, 300) : '';
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `nothing within ${PATIENCE_MS / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = (cause as NodeJS.ErrnoException).code;
  return code ?? cause.message;
}
