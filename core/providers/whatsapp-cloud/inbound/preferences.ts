import type { InboundEvent } from '../../../model';
import { asId, asObject, asText } from '../../graph/json';
import { aliasesOf } from '../phone';
import { personOf } from './people';
import type { People } from './people';
import { inboundEvent, toEpochMs, unrecognised } from './scope';
import type { Scope } from './scope';

/** One entry of `user_preferences[]`: the person stopped marketing messages of this business, or resumed them. */
export function parsePreference(scope: Scope, value: unknown, people: People): InboundEvent {
  const item = asObject(value);
  const contact = item && personOf({ phone: asId(item.wa_id), userId: asId(item.user_id) }, people);
  const wants = asText(item?.value);
  const category = asText(item?.category);
  if (!contact || category === null || (wants !== 'stop' && wants !== 'resume')) {
    return unrecognised(scope, value, 'user_preferences');
  }
  const occurredAt = toEpochMs(item?.timestamp) ?? scope.entryTime;
  return inboundEvent(scope, item, occurredAt, [contact.externalId, category, wants, occurredAt], {
    kind: 'preference',
    contact,
    wants,
    category,
    detail: asText(item?.detail),
  });
}

/** One entry of `user_id_update[]`: the person's user id has changed. */
export function parseUserIdUpdate(scope: Scope, value: unknown, people: People): InboundEvent {
  const item = asObject(value);
  const ids = asObject(item?.user_id);
  const current = asId(ids?.current);
  const previous = asId(ids?.previous);
  const phone = asId(item?.wa_id);
  const contact = personOf({ phone, userId: current }, people);
  if (contact === null || current === null) return unrecognised(scope, value, 'user_id_update');
  const aliases = [current, previous, ...(phone === null ? [] : aliasesOf(phone))].filter(
    (id) => id !== null && id !== contact.externalId,
  ) as string[];
  const occurredAt = toEpochMs(item?.timestamp) ?? scope.entryTime;
  return inboundEvent(scope, item, occurredAt, [current, occurredAt], {
    kind: 'identity',
    contact: { ...contact, aliases },
    what: 'userId',
  });
}
