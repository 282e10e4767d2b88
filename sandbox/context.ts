import type { FaultBoard } from './control/faults.ts';
import type { CallLog } from './control/calls.ts';
import type { PhoneStream } from './phone/stream.ts';
import type { WebhookQueue } from './webhooks/queue.ts';
import type { RateMeter } from './graph/rates.ts';
import type { Agenda } from './whatsapp/agenda.ts';
import type { WhatsAppLimits } from './whatsapp/limits.ts';
import type { WorldStore } from './world/store.ts';

/** What every handler works with; one per running sandbox. */
export interface Context {
  store: WorldStore;
  webhooks: WebhookQueue;
  phones: PhoneStream;
  faults: FaultBoard;
  calls: CallLog;
  rates: RateMeter;
  /** What happens by itself later on WhatsApp. */
  agenda: Agenda;
  whatsAppLimits: WhatsAppLimits;
  /** Tells whoever shares the sandbox's clock how far it is from real time now. */
  clockMoved: (offsetMs: number) => void;
  /** Address of this sandbox, without a slash at the end. */
  publicUrl: () => string;
}
