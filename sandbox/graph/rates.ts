import { GraphError } from './errors.ts';
import type { Channel } from '../model.ts';

const HOUR_MS = 3_600_000;

/**
 * Documented rates (section A.8): sends 300/s per Page on Messenger, 100/s per account on Instagram
 * and 10/s of them audio or video; Conversations API 2/s; private replies 750/h.
 */
const LIMITS = {
  messengerSend: { calls: 300, windowMs: 1000 },
  instagramSend: { calls: 100, windowMs: 1000 },
  instagramHeavySend: { calls: 10, windowMs: 1000 },
  conversations: { calls: 2, windowMs: 1000 },
  privateReply: { calls: 750, windowMs: HOUR_MS },
} as const;

export type RateName = keyof typeof LIMITS;

/** Counts calls per account in sliding windows of the sandbox's clock. */
export class RateMeter {
  readonly #calls = new Map<string, number[]>();
  readonly #hour: number[] = [];

  /** Takes one call of a rate. @throws GraphError 613 (613/2534040 on Instagram) above it. */
  take(name: RateName, accountId: string, channel: Channel, now: number): void {
    const { calls, windowMs } = LIMITS[name];
    const key = `${name} ${accountId}`;
    const recent = (this.#calls.get(key) ?? []).filter((at) => at <= now && now - at < windowMs);
    if (recent.length >= calls) {
      this.#calls.set(key, recent);
      throw new GraphError({
        code: 613,
        ...(channel === 'instagram' ? { subcode: 2534040 } : {}),
        message: '(#613) Calls to this api have exceeded the rate limit.',
      });
    }
    recent.push(now);
    this.#calls.set(key, recent);
  }

  /** Notes one call of any kind and says how many the last hour had. */
  countCall(now: number): number {
    this.#hour.push(now);
    while ((this.#hour[0] ?? now) <= now - HOUR_MS) this.#hour.shift();
    return this.#hour.length;
  }

  clear(): void {
    this.#calls.clear();
    this.#hour.length = 0;
  }
}
