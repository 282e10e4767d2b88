/** A published trigger of this process. */
export interface ActiveTrigger {
  /** Starts the consumer if the trigger is only a door so far. */
  ensureConsuming(): Promise<void>;
}

const REGISTRY = Symbol.for('n8n-nodes-omnichannel.activeTriggers');
type Registry = Map<string, ActiveTrigger>;

/**
 * The published triggers of this process by workflow id + node id; on `globalThis`, because an update of the
 * package replaces the modules while the triggers go on. It tells two things that n8n does not:
 *
 * - `webhookMethods.delete` is called alike for an edit, an unpublish and the end of a test; after a test alone
 *   the trigger still runs.
 * - n8n does not restart a trigger when nodes are connected behind it; the next call at its door sees them.
 */
export function activeTriggers(): Registry {
  const holder = globalThis as { [REGISTRY]?: Registry };
  return (holder[REGISTRY] ??= new Map<string, ActiveTrigger>());
}
