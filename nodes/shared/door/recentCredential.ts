import type { IWebhookFunctions } from 'n8n-workflow';
import { triggerId } from '../consume';
import type { CredentialContext } from '../credentialSource';

/** How long an opened credential serves further calls: within a second an edit in n8n reaches the door. */
const GOOD_FOR_MS = 1_000;
/** More doors than any n8n has; only then is everything forgotten at once. */
const MAX_KNOWN = 1_000;

interface Opened<Chosen> {
  chosen: Promise<Chosen>;
  until: number;
}

/** What a door knows of its credential. */
export interface DoorCredential<Chosen> {
  /** As n8n gives it now. */
  read: (context: CredentialContext) => Promise<Chosen>;
  /** As n8n gave it to a call of this door, this one or one a moment ago; `isNow` = to this one. */
  recent: (context: IWebhookFunctions) => Promise<{ chosen: Chosen; isNow: boolean }>;
}

/**
 * n8n opens a credential for every call anew: it reads and decrypts it and evaluates its fields in an isolate made for
 * that, together a sixth of what a call costs. A busy door opens it once a second.
 */
export function doorCredential<Chosen>(
  read: (context: CredentialContext) => Promise<Chosen>,
): DoorCredential<Chosen> {
  const known = new Map<string, Opened<Chosen>>();
  return {
    read,
    async recent(context) {
      const key = `${triggerId(context)} ${JSON.stringify(context.getNode().credentials)}`;
      const opened = known.get(key);
      const now = performance.now();
      if (opened && now < opened.until) return { chosen: await opened.chosen, isNow: false };
      if (known.size >= MAX_KNOWN) known.clear();
      const fresh = { chosen: read(context), until: now + GOOD_FOR_MS };
      known.set(key, fresh);
      // What could not be opened is asked for again by the next call.
      fresh.chosen.catch(() => known.get(key) === fresh && known.delete(key));
      return { chosen: await fresh.chosen, isNow: true };
    },
  };
}
