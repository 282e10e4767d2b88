import type { Logger } from '../model';
import type { StoreSignal } from './unit';

/** Gives the signals of committed units to whoever listens in this process. */
export interface SignalHub {
  give(signals: StoreSignal[]): void;
  add(listener: (signal: StoreSignal) => void): () => void;
}

export function createSignalHub(logger: Logger): SignalHub {
  const listeners = new Set<(signal: StoreSignal) => void>();
  return {
    give(signals) {
      for (const signal of signals) {
        for (const listener of listeners) {
          try {
            listener(signal);
          } catch (error) {
            logger.error('A listener of the store failed.', { reason: String(error) });
          }
        }
      }
    },
    add(listener) {
      // An own wrapper: the same function added twice is two listeners, each with its own unsubscriber.
      const own = (signal: StoreSignal) => listener(signal);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
