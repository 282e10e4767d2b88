import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import type { ScheduledItem } from '../../../../core/journeys';
import { InvalidInputError } from '../../../../core/model/errors';
import { channelName } from '../../../shared/channelOptions';
import { toNodeError } from '../../../shared/errors';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';

/** A message that waits. */
export const scheduledLocator = {
  displayName: 'Scheduled Message',
  name: 'scheduledMessage',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  required: true,
  description: 'A message that has not gone yet',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Select a message…',
      typeOptions: { searchListMethod: 'searchScheduled', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. {{ $json.scheduled.id }}',
    },
  ],
} as const satisfies INodeProperties;

/** The next messages are listed, and no more: who has thousands gives the id. */
const MOST_LISTED = 200;
const SHOWN_TEXT = 60;

/** The messages that wait, the next first, by when, to whom and what. @throws NodeOperationError */
export async function searchScheduled(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as {
      tenant?: string;
      store?: string;
    };
    const app = await openApp(context, options.store);
    const { items } = await core.journeys.listScheduled(app, {
      tenantId: tenantId(options.tenant),
      limit: MOST_LISTED,
      cursor: null,
    });
    const wanted = filter?.trim().toLocaleLowerCase() ?? '';
    const results = items
      .map((item) => ({ name: labelOf(item, context.getTimezone()), value: item.id }))
      .filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
    return { results };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

function labelOf({ at, contact, channel, message }: ScheduledItem, timeZone: string): string {
  const when = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  }).format(new Date(at));
  const who = contact?.name ?? contact?.phone ?? 'somebody';
  const text = message?.text?.replaceAll(/\s+/g, ' ').trim() ?? message?.type ?? '';
  const shown = text.length > SHOWN_TEXT ? `${text.slice(0, SHOWN_TEXT)}…` : text;
  return `${when} · ${who} (${channelName(channel)}): ${shown}`;
}

/** @throws InvalidInputError when none was chosen */
export function scheduledIdOf(text: string): string {
  const id = text.trim();
  if (id) return id;
  throw new InvalidInputError('Scheduled Message', '"Scheduled Message" is empty.', {
    hint: 'Choose one from the list, or take scheduled.id from the result of the send.',
  });
}
