import type { Clock, Logger } from '../model';
import type { Store } from '../store/store';
import type { HandedOver } from './handOver';
import type { ConsumerOptions } from './options';

/** What the rooms of the event log need of their surroundings; the App satisfies it. */
export interface EventDeps {
  store: Store;
  clock: Clock;
  logger: Logger;
  /** Unique for this process; part of the owner's name in every lease. */
  processId: string;
  /** Where running consumers are listed, for a newer copy of the package that takes over (see core/runtime/app.ts). */
  activeConsumers?: Set<ActiveConsumer>;
}

/** A running consumer as a newer copy of the package sees it. */
export type ActiveConsumer = HandedOver<ConsumerOptions>;
