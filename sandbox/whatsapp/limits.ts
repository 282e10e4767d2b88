import { refused } from './errors.ts';
import type { WhatsAppNumber } from './model.ts';

/** One message to a person per 6 seconds, of which 45 may be borrowed from later. Source: section D.9. */
const PAIR_INTERVAL_MS = 6000;
const PAIR_BURST = 45;
const PER_SECOND = { STANDARD: 80, HIGH: 1000 };

/** The two limits of a number: messages a second, and messages to one person. */
export class WhatsAppLimits {
  readonly #sends = new Map<string, number[]>();
  /** When the last message to a person would have been due at one per interval. */
  readonly #due = new Map<string, number>();

  /** Takes one message. @throws GraphError 130429 (throughput) or 131056 (pair) above a limit */
  take(number: WhatsAppNumber, recipient: string, now: number): void {
    const recent = (this.#sends.get(number.id) ?? []).filter((at) => at <= now && now - at < 1000);
    this.#sends.set(number.id, recent);
    if (recent.length >= PER_SECOND[number.throughput]) {
      throw refused(130429, 'Cloud API message throughput has been reached.');
    }
    const pair = `${number.id} ${recipient}`;
    const due = Math.max(this.#due.get(pair) ?? now, now);
    if (due - now > (PAIR_BURST - 1) * PAIR_INTERVAL_MS) {
      throw refused(
        131056,
        'Too many messages sent from the sender phone number to the same recipient phone number in a short period of time.',
      );
    }
    this.#due.set(pair, due + PAIR_INTERVAL_MS);
    recent.push(now);
  }

  clear(): void {
    this.#sends.clear();
    this.#due.clear();
  }
}
