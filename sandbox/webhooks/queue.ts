import { newRecordId } from '../ids.ts';
import { audienceOf, type Listener } from './audience.ts';
import { buildEnvelope, type DeliveryOptions, type WebhookEvent } from './event.ts';
import { WebhookPoster } from './post.ts';
import { serializeLikeMeta, signBody } from './sign.ts';
import type { Delivery, WebhookObject } from '../model.ts';
import type { WorldStore } from '../world/store.ts';

const KEPT_DELIVERIES = 2000;
const DISABLE_AFTER_MS = 3_600_000;

/** What became of an event that was handed to the queue. */
export interface Enqueued {
  eventId: string;
  /** Ids of the deliveries that carry it; empty when nobody is subscribed. */
  deliveryIds: string[];
  /** Why nobody, or not everybody, hears of it. */
  notDelivered: string[];
}

interface Batch {
  listener: Listener;
  options: DeliveryOptions;
  items: Array<{ id: string; event: WebhookEvent }>;
  deliveryId: string;
}

/** Batches, signs, posts, repeats and retries webhooks, and remembers every attempt. */
export class WebhookQueue {
  readonly poster = new WebhookPoster();
  readonly #store: WorldStore;
  readonly #onAttempt: (delivery: Delivery) => void;
  readonly #batches = new Map<string, Batch>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  /** Copies of a delivery that are still being made, by delivery id. */
  readonly #openCopies = new Map<string, number>();
  /** Grows with each reset, so that work begun before it ends silently. */
  #generation = 0;
  #closed = false;

  constructor(store: WorldStore, onAttempt: (delivery: Delivery) => void) {
    this.#store = store;
    this.#onAttempt = onAttempt;
  }

  /** Continues the deliveries that a stopped sandbox left pending. */
  resume(): void {
    for (const delivery of this.#store.state.deliveries) {
      if (delivery.state !== 'pending') continue;
      for (let copy = 1; copy <= delivery.copies; copy += 1) {
        const done = delivery.attempts.some((item) => item.copy === copy && item.status === 200);
        if (!done) this.#start(delivery, copy, copy);
      }
    }
  }

  /** Queues an event for everyone who is subscribed to it. */
  enqueue(event: WebhookEvent, options: DeliveryOptions = {}): Enqueued {
    const { listeners, reasons } = audienceOf(this.#store.state, event);
    const eventId = newRecordId('evt');
    const deliveryIds = listeners.map((listener) => {
      const batch = this.#batchFor(listener, options);
      batch.items.push({ id: eventId, event });
      return batch.deliveryId;
    });
    return { eventId, deliveryIds, notDelivered: reasons };
  }

  /** Posts any body to every app of the object, past all field checks: for odd payloads in tests. */
  sendRaw(
    object: WebhookObject,
    body: string,
    options: DeliveryOptions = {},
    signedWith: Listener['signedWith'] = 'app',
  ): string[] {
    return this.#store.state.appSubscriptions
      .filter((item) => item.object === object)
      .map((subscription) => {
        const listener: Listener = { subscription, signedWith };
        const delivery = this.#createDelivery(newRecordId('dlv'), listener, body, options, []);
        this.#start(delivery);
        return delivery.id;
      });
  }

  /** Posts a delivery's bytes again, however it went before. */
  redeliver(delivery: Delivery, options: DeliveryOptions): void {
    const first = delivery.copies + 1;
    delivery.copies += options.duplicate ?? 1;
    delivery.simultaneous = options.simultaneous === true;
    delivery.state = 'pending';
    this.#start(delivery, first);
  }

  /** True when nothing waits for its first POST, for an answer or for a retry. */
  get idle(): boolean {
    return this.#batches.size === 0 && this.#running.size === 0;
  }

  /** Forgets what was not sent yet, for a reset. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#batches.clear();
    this.#running.clear();
    this.#openCopies.clear();
    this.#generation += 1;
  }

  close(): void {
    this.#closed = true;
    this.clear();
    this.poster.close();
  }

  #batchFor(listener: Listener, options: DeliveryOptions): Batch {
    const { settings } = this.#store.state;
    const { subscription, ...more } = listener;
    const key = JSON.stringify([subscription.appId, subscription.object, more, options]);
    const open = this.#batches.get(key);
    if (open !== undefined && open.items.length < settings.maxEventsPerDelivery) return open;
    if (open !== undefined) this.#flush(key, open);
    const batch: Batch = { listener, options, items: [], deliveryId: newRecordId('dlv') };
    this.#batches.set(key, batch);
    this.#later(settings.batchWindowMs, () => {
      if (this.#batches.get(key) === batch) this.#flush(key, batch);
    });
    return batch;
  }

  #flush(key: string, batch: Batch): void {
    this.#batches.delete(key);
    const { settings } = this.#store.state;
    const { listener, options, items } = batch;
    const envelope = buildEnvelope(
      listener.subscription.object,
      items.map((item) => item.event),
      this.#store.now(),
    );
    const body = serializeLikeMeta(envelope, settings.escapeSlashes);
    const events = items.map(({ id, event }) => ({
      id,
      field: event.field,
      ...(event.mid === undefined ? {} : { mid: event.mid }),
      ...(event.personaId === undefined ? {} : { personaId: event.personaId }),
    }));
    this.#start(this.#createDelivery(batch.deliveryId, listener, body, options, events));
  }

  #createDelivery(
    id: string,
    { subscription, signedWith, callbackUrl }: Listener,
    body: string,
    options: DeliveryOptions,
    events: Delivery['events'],
  ): Delivery {
    const { state } = this.#store;
    const { duplicateEvery } = state.settings;
    state.deliveryCount += 1;
    const byChance = duplicateEvery > 0 && state.deliveryCount % duplicateEvery === 0 ? 2 : 1;
    const app = state.apps[subscription.appId];
    const secret = (signedWith === 'app' ? app?.secret : app?.instagram.secret) ?? '';
    const badSignature = options.badSignature === true;
    const delivery: Delivery = {
      id,
      appId: subscription.appId,
      object: subscription.object,
      callbackUrl: callbackUrl ?? subscription.callbackUrl,
      body,
      signature: signBody(badSignature ? `not-${secret}` : secret, body),
      badSignature,
      createdAt: this.#store.now(),
      copies: badSignature ? (options.duplicate ?? 1) : (options.duplicate ?? byChance),
      simultaneous: options.simultaneous === true,
      events,
      attempts: [],
      state: 'pending',
    };
    state.deliveries.push(delivery);
    if (state.deliveries.length > KEPT_DELIVERIES) state.deliveries.shift();
    this.#store.changed();
    return delivery;
  }

  #start(delivery: Delivery, firstCopy = 1, lastCopy = delivery.copies): void {
    const copies = Array.from(
      { length: lastCopy - firstCopy + 1 },
      (_, index) => firstCopy + index,
    );
    const open = this.#openCopies.get(delivery.id) ?? 0;
    this.#openCopies.set(delivery.id, open + copies.length);
    if (delivery.simultaneous) {
      for (const copy of copies) this.#track(this.#deliverCopy(delivery, copy));
      return;
    }
    this.#track(
      copies.reduce(
        (before, copy) => before.then(() => this.#deliverCopy(delivery, copy)),
        Promise.resolve(),
      ),
    );
  }

  /** One copy: attempt after attempt until a 200, or until the delays are used up. */
  async #deliverCopy(delivery: Delivery, copy: number): Promise<void> {
    const generation = this.#generation;
    const delays = this.#store.state.settings.retryDelaysMs;
    let number = delivery.attempts.filter((item) => item.copy === copy).length;
    for (;;) {
      number += 1;
      const delivered = await this.#attempt(delivery, copy, number);
      // What a closed sandbox leaves pending is taken up again by `resume`.
      if (this.#closed || generation !== this.#generation) return;
      const delay = delays[number - 1];
      // A forger does not try again.
      if (delivered || delivery.badSignature || delay === undefined) break;
      await new Promise<void>((resolve) => this.#later(delay, resolve));
    }
    this.#finishCopy(delivery);
  }

  #finishCopy(delivery: Delivery): void {
    const open = (this.#openCopies.get(delivery.id) ?? 1) - 1;
    if (open > 0) {
      this.#openCopies.set(delivery.id, open);
      return;
    }
    this.#openCopies.delete(delivery.id);
    const done = delivery.attempts.filter((item) => item.status === 200);
    const copies = new Set(done.map((item) => item.copy));
    delivery.state = copies.size === delivery.copies ? 'delivered' : 'failed';
    this.#store.changed();
    this.#onAttempt(delivery);
  }

  async #attempt(delivery: Delivery, copy: number, number: number): Promise<boolean> {
    const at = this.#store.now();
    const outcome = await this.poster.post(
      delivery.callbackUrl,
      delivery.body,
      delivery.signature,
      this.#store.state.settings.webhookTimeoutMs,
    );
    if (this.#closed) return false;
    const { status, durationMs, error } = outcome;
    delivery.attempts.push({
      copy,
      number,
      at,
      status,
      durationMs,
      ...(error === undefined ? {} : { error }),
    });
    this.#noteHealth(delivery, status === 200);
    this.#store.changed();
    this.#onAttempt(delivery);
    return status === 200;
  }

  /** After an hour of failures the subscription is disabled. Source: section C.2. */
  #noteHealth(delivery: Delivery, ok: boolean): void {
    if (delivery.badSignature) return;
    const subscription = this.#store.state.appSubscriptions.find(
      (item) => item.appId === delivery.appId && item.object === delivery.object,
    );
    if (subscription === undefined) return;
    if (ok) {
      delete subscription.firstFailureAt;
      return;
    }
    const now = this.#store.now();
    subscription.firstFailureAt ??= now;
    if (now - subscription.firstFailureAt >= DISABLE_AFTER_MS && subscription.active) {
      subscription.active = false;
      subscription.disabledAt = now;
    }
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }
}
