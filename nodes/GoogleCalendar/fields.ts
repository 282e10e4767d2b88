import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import { storeOption, tenantOption } from '../shared/commonOptions';
import { toNodeError } from '../shared/errors';
import { core } from '../shared/loadCore';
import { openGoogle } from './googleCredential';

export const calendarLocator = {
  displayName: 'Calendar',
  name: 'calendar',
  type: 'resourceLocator',
  default: { mode: 'list', value: '' },
  description: 'The calendar that is meant; empty means the one of the credential',
  hint: 'A calendar appears here once it is in the list of the service account. By its ID every calendar works that is shared with it.',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Calendar of the credential',
      typeOptions: { searchListMethod: 'searchCalendars', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. clinic@group.calendar.google.com',
    },
  ],
} as const satisfies INodeProperties;

export const eventIdField = {
  displayName: 'Event ID',
  name: 'eventId',
  type: 'string',
  default: '',
  required: true,
  placeholder: 'e.g. visit4711',
  description: 'The ID that Create and Get Many give',
} as const satisfies INodeProperties;

export const timeZoneOption = {
  displayName: 'Time Zone',
  name: 'timeZone',
  type: 'string',
  default: '',
  placeholder: 'e.g. America/Sao_Paulo',
  description: 'What a time without an offset means; empty means the time zone of the credential',
} as const satisfies INodeProperties;

export const sendUpdatesOption = {
  displayName: 'Send Updates',
  name: 'sendUpdates',
  type: 'options',
  default: 'none',
  description: 'Whom Google writes an e-mail to',
  options: [
    { name: 'All Attendees', value: 'all' },
    { name: 'Attendees Outside Google Calendar', value: 'externalOnly' },
    { name: 'Nobody', value: 'none' },
  ],
} as const satisfies INodeProperties;

export const placeOptions = [storeOption, tenantOption] as const satisfies INodeProperties[];

/** For the locator: calendars whose name or id contains the filter. */
export async function searchCalendars(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
): Promise<INodeListSearchResult> {
  try {
    const { app, access, credential } = await openGoogle(context);
    const calendars = await core.google.listReachableCalendars(
      app.google,
      access,
      credential.calendarId?.trim() ?? '',
    );
    const wanted = filter?.trim().toLocaleLowerCase() ?? '';
    const results = calendars
      .filter(({ id, name }) => `${name} ${id}`.toLocaleLowerCase().includes(wanted))
      .map(({ id, name }) => ({ name: name === id ? id : `${name} (${id})`, value: id }));
    return { results };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}
