import {
  CHANNELS,
  EVENT_TYPES,
  InvalidInputError,
  NOISY_EVENT_TYPES,
  PROVIDERS,
  type Channel,
  type EventItem,
  type EventType,
  type ProviderId,
} from '../model';
import { isHeldBack, type EventSelection } from '../store/statements/events';
import { createSaidMatcher, type SaidFilter } from './said';

/** Which events a trigger wants. A field that is absent or empty does not restrict. */
export interface ConsumerFilter extends SaidFilter {
  /** Default: every type but the noisy ones (delivered, read, echo). */
  types?: readonly EventType[];
  providers?: readonly ProviderId[];
  channels?: readonly Channel[];
  accountIds?: readonly string[];
  /** Only events of contacts that were new at that moment. */
  newContactsOnly?: boolean;
  /** Also conversations that a person has taken over. */
  includePaused?: boolean;
}

/** Everything of the filter that SQL can decide; what was said is matched afterwards. */
export function toSelection(filter: ConsumerFilter): EventSelection {
  const types = given(filter.types) ?? EVENT_TYPES.filter((t) => !NOISY_EVENT_TYPES.includes(t));
  const providers = given(filter.providers);
  const channels = given(filter.channels);
  const accountIds = given(filter.accountIds);
  mustBeKnown('Events', types, EVENT_TYPES);
  mustBeKnown('Providers', providers ?? [], PROVIDERS);
  mustBeKnown('Channels', channels ?? [], CHANNELS);
  return {
    types,
    ...(providers && { providers }),
    ...(channels && { channels }),
    ...(accountIds && { accountIds }),
    newContactsOnly: filter.newContactsOnly ?? false,
    includePaused: filter.includePaused ?? false,
  };
}

function given<T>(values: readonly T[] | undefined): T[] | undefined {
  return values && values.length > 0 ? [...values] : undefined;
}

function mustBeKnown(field: string, values: readonly string[], known: readonly string[]): void {
  const stranger = values.find((value) => !known.includes(value));
  if (stranger === undefined) return;
  throw new InvalidInputError(field, `"${stranger}" is not one of: ${known.join(', ')}.`);
}

/** Whether a consumer with this filter would take the item; the same rules as in SQL. */
export function matchesFilter(item: EventItem, filter: ConsumerFilter): boolean {
  const selection = toSelection(filter);
  const matchesSaid = createSaidMatcher(filter);
  return (
    selection.types.includes(item.event) &&
    isAmong(item.provider, selection.providers) &&
    isAmong(item.channel, selection.channels) &&
    isAmong(item.connection?.id ?? null, selection.accountIds) &&
    (!selection.newContactsOnly || item.contact?.isNew === true) &&
    (selection.includePaused || !isHeldBack(item)) &&
    (!matchesSaid || matchesSaid(item))
  );
}

function isAmong(value: string | null, wanted: readonly string[] | undefined): boolean {
  return !wanted || (value !== null && wanted.includes(value));
}
