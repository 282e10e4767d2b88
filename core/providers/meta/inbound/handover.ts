import type { InboundEvent } from '../../../model';
import { asId, asText } from '../../graph/json';
import type { MessagingItem } from './messagingItem';
import { fingerprint, inboundEvent } from './scope';

/** Who holds the conversation now: an app passed it, took it or asks for it, or the roles of the apps changed. */
export function parseHandover(
  { scope, raw, part, personId, occurredAt, keyTime }: MessagingItem,
  action: 'pass' | 'take' | 'request' | 'roles',
): InboundEvent {
  const key = [action, personId ?? '', keyTime, fingerprint(part)];
  return inboundEvent(scope, raw, occurredAt, key, {
    kind: 'handover',
    contact: personId === null ? null : { externalId: personId },
    action,
    newOwnerAppId: asId(part.new_owner_app_id) ?? asId(part.requested_owner_app_id),
    previousOwnerAppId: asId(part.previous_owner_app_id),
    metadata: asText(part.metadata),
  });
}
