import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';
import type { Contact } from '../../core/model/contact';
import { toNodeError } from './errors';
import { core } from './loadCore';
import { openApp, tenantId } from './openApp';

/**
 * A person, however the admin has them at hand. What comes out is an id, a number or an address: core tells them apart
 * (readContactRef). The node lists `searchContacts` under its methods.
 */
export const contactLocator = {
  displayName: 'Contact',
  name: 'contact',
  type: 'resourceLocator',
  default: { mode: 'id', value: '={{ $json.contact.id }}' },
  required: true,
  description: 'The person',
  hint: 'The default takes the person of the trigger\'s event. Behind a contact operation use {{ $json.id }}; with a number or an address at hand, "By Phone" or "By Email".',
  modes: [
    {
      displayName: 'From List',
      name: 'list',
      type: 'list',
      placeholder: 'Search by name, number or e-mail…',
      typeOptions: { searchListMethod: 'searchContacts', searchable: true },
    },
    {
      displayName: 'By ID',
      name: 'id',
      type: 'string',
      placeholder: 'e.g. {{ $json.contact.id }}',
    },
    {
      displayName: 'By Phone',
      name: 'phone',
      type: 'string',
      placeholder: 'e.g. +55 11 98888-7777',
    },
    {
      displayName: 'By Email',
      name: 'email',
      type: 'string',
      placeholder: 'e.g. ana@example.com',
    },
  ],
} as const satisfies INodeProperties;

/** The options of the panel that is being edited; n8n gives no types for them. */
interface PanelOptions {
  tenant?: string;
  store?: string;
}

const SHOWN = 50;

/** For the resource locator: the tenant's contacts whose words begin with what is typed, the newest first. */
export async function searchContacts(
  context: ILoadOptionsFunctions,
  filter: string | undefined,
  cursor: string | undefined,
): Promise<INodeListSearchResult> {
  try {
    const options = (context.getCurrentNodeParameter('options') ?? {}) as PanelOptions;
    const app = await openApp(context, options.store);
    const search = filter?.trim() ?? '';
    const { items, nextCursor } = await core.contacts.findContacts(app, {
      tenantId: tenantId(options.tenant),
      ...(/[\p{L}\p{N}]/u.test(search) ? { search } : {}),
      limit: SHOWN,
      cursor: cursor ?? null,
    });
    return {
      results: items.map((contact) => ({ name: contactLabel(contact), value: contact.id })),
      ...(nextCursor === null ? {} : { paginationToken: nextCursor }),
    };
  } catch (error) {
    throw toNodeError(context.getNode(), error);
  }
}

/** @example "Ana Souza · +5511988887777 · client" */
export function contactLabel(contact: Contact): string {
  const { name, phone, email, stage, channels } = contact;
  const known = [name, phone ?? email ?? channels[0]?.username, stage];
  return known.filter(Boolean).join(' · ') || `No name yet (${contact.externalId || contact.id})`;
}
