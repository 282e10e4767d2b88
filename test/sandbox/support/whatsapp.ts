import { Harness, type GraphAnswer } from './harness.ts';
import type { SandboxOptions } from '../../../sandbox/server.ts';

/** Settings that let statuses come at once and every webhook come once. */
const QUICK = { duplicateEvery: 0, whatsAppSentMs: 0, whatsAppDeliveredMs: 1 };

type Json = Record<string, unknown>;

/** The clinic's first number with its callback subscribed, and its people. */
export class WhatsAppHarness {
  readonly harness: Harness;

  private constructor(harness: Harness) {
    this.harness = harness;
  }

  static async start(options: Partial<SandboxOptions> = {}): Promise<WhatsAppHarness> {
    const own = new WhatsAppHarness(await Harness.start(options));
    await own.subscribe();
    return own;
  }

  /** A fresh world with the callback subscribed again. */
  async reset(): Promise<void> {
    await this.harness.control('POST', '/reset');
    await this.subscribe();
    this.harness.received.length = 0;
  }

  async subscribe(): Promise<void> {
    await this.harness.control('PATCH', '/settings', QUICK);
    const { callbackUrl } = this.harness;
    await this.harness.control('POST', '/subscriptions', {
      callbackUrl,
      subscribeBusinesses: true,
    });
  }

  get numberId(): string {
    return this.harness.seed.whatsApp.phoneNumberId;
  }

  get businessId(): string {
    return this.harness.seed.whatsApp.businessAccountId;
  }

  /** Phone number of a person: Ana, Marcos (without ninth digit), Sofia (username only). */
  person(index = 0): string {
    return this.harness.person('whatsapp', index);
  }

  graph(method: string, path: string, params: Json = {}): Promise<GraphAnswer> {
    const access_token = this.harness.seed.whatsApp.accessToken;
    return this.harness.graph(method, path, { access_token, ...params });
  }

  /** Sends to Ana, unless the body says otherwise. */
  send(body: Json): Promise<GraphAnswer> {
    return this.graph('POST', `/${this.numberId}/messages`, {
      messaging_product: 'whatsapp',
      to: this.person(),
      ...body,
    });
  }

  sendText(text: string, more: Json = {}): Promise<GraphAnswer> {
    return this.send({ type: 'text', text: { body: text }, ...more });
  }

  sendTemplate(name: string, components: unknown, more: Json = {}): Promise<GraphAnswer> {
    const template = { name, language: { code: 'pt_BR' }, components };
    return this.send({ type: 'template', template, ...more });
  }

  /** A multipart upload of bytes as a file of this type. */
  async upload(bytes: Uint8Array, type: string, name = 'arquivo'): Promise<GraphAnswer> {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', type);
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), name);
    const response = await fetch(`${this.harness.sandbox.url}/v25.0/${this.numberId}/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.harness.seed.whatsApp.accessToken}` },
      body: form,
    });
    const body = (await response.json()) as Json;
    const error = body.error as { code: number; message: string } | undefined;
    return {
      status: response.status,
      headers: response.headers,
      body,
      ...(error && { code: error.code, message: error.message }),
    };
  }

  inject(content: Json): ReturnType<Harness['inject']> {
    return this.harness.inject({ persona: this.person(), ...content });
  }

  /** `changes[]` of everything that reached the callback. */
  async changes(): Promise<Array<{ field: string; value: Json }>> {
    await this.harness.idle();
    return this.harness
      .payloads()
      .flatMap((payload) =>
        (payload.entry as Array<{ changes: Array<{ field: string; value: Json }> }>).flatMap(
          (entry) => entry.changes,
        ),
      );
  }

  /** Statuses that reached the callback, oldest first. */
  async statuses(): Promise<Json[]> {
    return (await this.changes()).flatMap(({ value }) => (value.statuses ?? []) as Json[]);
  }
}

/** Id of the message that an answer names. */
export function midOf({ body }: GraphAnswer): string {
  const [message] = (body.messages ?? []) as Array<{ id: string }>;
  if (message === undefined) throw new Error(JSON.stringify(body));
  return message.id;
}

/** `error_data.details` of a refusal. */
export function detailsOf({ body }: GraphAnswer): string {
  const error = body.error as { error_data?: { details: string }; message: string } | undefined;
  return error?.error_data?.details ?? error?.message ?? '';
}
