import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox/server.ts';
import type { Channel, Delivery, Message } from '../../../sandbox/model.ts';

export interface GraphAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  /** `code` and `error_subcode`, where the answer is a refusal. */
  code?: number;
  subcode?: number;
  message?: string;
}

/** One POST that reached the callback. */
export interface Received {
  body: string;
  signature: string;
  at: number;
}

/** A sandbox with a callback server of the test's own. */
export class Harness {
  readonly sandbox: Sandbox;
  readonly received: Received[] = [];
  /** What the callback answers next; 200 when empty. `null` = never answers. */
  readonly answers: Array<number | null> = [];
  /** POSTs that were in the callback at the same moment, at most. */
  mostAtOnce = 0;
  /** Time the callback takes. */
  answerDelayMs = 0;
  readonly #callback: http.Server;
  #atOnce = 0;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.#callback = http.createServer((request, response) => void this.#answer(request, response));
  }

  static async start(options: Partial<SandboxOptions> = {}): Promise<Harness> {
    const sandbox = await startSandbox({ port: 0, ...options });
    const harness = new Harness(sandbox);
    await new Promise<void>((resolve) => harness.#callback.listen(0, '127.0.0.1', resolve));
    return harness;
  }

  get seed(): Sandbox['seed'] {
    return this.sandbox.seed;
  }

  get callbackUrl(): string {
    const { port } = this.#callback.address() as AddressInfo;
    return `http://127.0.0.1:${port}/hook`;
  }

  /** First person of a channel. */
  person(channel: Channel, index = 0): string {
    return this.seed.personas[channel][index]?.id ?? '';
  }

  async close(): Promise<void> {
    this.#callback.closeAllConnections();
    await new Promise((resolve) => this.#callback.close(resolve));
    await this.sandbox.close();
  }

  /** A control call; a refusal is thrown as an Error with its sentence. */
  async control<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T> {
    const response = await fetch(`${this.sandbox.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }

  /** A Graph call with the Page token, unless the params say otherwise. */
  async graph(
    method: string,
    path: string,
    params: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<GraphAnswer> {
    const all = { access_token: this.seed.pageAccessToken, ...params };
    const url = new URL(
      path.startsWith('/v') || path.startsWith('/!') ? path.replace('/!', '/') : `/v25.0${path}`,
      this.sandbox.url,
    );
    const init: RequestInit = { method, headers };
    if (method === 'POST') {
      init.body = JSON.stringify(all);
      init.headers = { 'content-type': 'application/json', ...headers };
    } else {
      for (const [key, value] of Object.entries(all)) {
        if (value !== undefined) url.searchParams.set(key, String(value));
      }
    }
    return readAnswer(await fetch(url, init));
  }

  /** Sends text to a person as the Page. */
  sendText(
    personId: string,
    text: string,
    more: Record<string, unknown> = {},
  ): Promise<GraphAnswer> {
    return this.graph('POST', `/${this.seed.page.id}/messages`, {
      recipient: { id: personId },
      messaging_type: 'RESPONSE',
      message: { text },
      ...more,
    });
  }

  inject(content: Record<string, unknown>): Promise<{
    mid: string;
    deliveryIds: string[];
    notDelivered: string[];
  }> {
    return this.control('POST', '/inject', content);
  }

  /** Subscribes the callback to everything; chance duplicates are off unless wanted. */
  async subscribeAll(settings: Record<string, unknown> = {}): Promise<void> {
    await this.control('PATCH', '/settings', { duplicateEvery: 0, ...settings });
    const callbackUrl = this.callbackUrl;
    await this.control('POST', '/subscriptions', { callbackUrl, subscribePages: true });
  }

  async idle(): Promise<void> {
    await this.control('POST', '/deliveries/wait', { timeoutMs: 10_000 });
  }

  async messages(personId: string, direction: 'in' | 'out' = 'out'): Promise<Message[]> {
    const path = `/messages?persona=${personId}&direction=${direction}`;
    return (await this.control<{ data: Message[] }>('GET', path)).data;
  }

  async deliveries(query = ''): Promise<Delivery[]> {
    return (await this.control<{ data: Delivery[] }>('GET', `/deliveries${query}`)).data;
  }

  /** Bodies that reached the callback, parsed. */
  payloads(): Array<Record<string, unknown>> {
    return this.received.map((item) => JSON.parse(item.body) as Record<string, unknown>);
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://callback.invalid');
    if (request.method === 'GET') {
      const good = url.searchParams.get('hub.verify_token') === this.seed.verifyToken;
      response.writeHead(good ? 200 : 403);
      response.end(good ? url.searchParams.get('hub.challenge') : '');
      return;
    }
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    this.received.push({
      body: Buffer.concat(chunks).toString('utf8'),
      signature: String(request.headers['x-hub-signature-256']),
      at: performance.now(),
    });
    if (this.answerDelayMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.answerDelayMs));
    }
    this.#atOnce -= 1;
    const status = this.answers.length > 0 ? this.answers.shift() : 200;
    if (status === null) return;
    response.writeHead(status ?? 200);
    response.end('ok');
  }
}

async function readAnswer(response: Response): Promise<GraphAnswer> {
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>;
  const error = body.error as { code: number; error_subcode?: number; message: string } | undefined;
  return {
    status: response.status,
    headers: response.headers,
    body,
    ...(error === undefined ? {} : { code: error.code, message: error.message }),
    ...(error?.error_subcode === undefined ? {} : { subcode: error.error_subcode }),
  };
}

/** Polls until the condition holds. @throws Error with the description after 5 seconds. */
export async function until(
  description: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`never happened: ${description}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
