import type { DoorSubscription, ProviderId } from '../../../core/model/channels';
import type { ParsedWebhook } from '../../../core/providers/provider';
import type { App } from '../../../core/runtime';
import type { ParameterContext } from '../parameters';
import type { OpenedDoor } from './lifecycle';
import type { DoorCredential } from './recentCredential';

/** By what a call is known to be Meta's. */
export interface DoorKeys {
  verifyToken: string | undefined;
  /** Any of them may sign. */
  appSecrets: string[];
}

/**
 * A door that Meta's Graph calls, whichever product it is for: one handshake, one signature, and then the product's own
 * parser.
 */
export interface GraphDoor<Chosen extends { id: string }> {
  provider: ProviderId;
  /** Of the product, in sentences of the log. */
  productName: string;
  /** What the door may do about the address that Meta calls for each account; absent: there is no such address. */
  readSubscription?: (context: ParameterContext) => DoorSubscription;
  /** The credential, and which one it is. */
  credential: DoorCredential<Chosen>;
  keysOf: (chosen: Chosen) => DoorKeys;
  /** Reads the accounts of the credential from Meta and subscribes them: the door has just been registered. */
  connect: (app: App, door: OpenedDoor, chosen: Chosen) => Promise<void>;
  /** Makes the accounts hold what the credential leads to, if it was changed. */
  follow: (app: App, tenant: string, chosen: Chosen) => Promise<void>;
  parse: (body: unknown) => ParsedWebhook;
  /** The accounts that one entry of a body names, as they stand there; the entry is anyone's. */
  claimsOf: (entry: Record<string, unknown>) => unknown[];
}
