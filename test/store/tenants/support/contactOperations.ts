import * as contacts from '../../../../core/contacts';
import { PERSON, SECRET, type Victim } from './victim';

type Operation = () => unknown;

/** The functions of core/contacts, called by a thief with ids of the victim. */
export async function contactOperationsWithIdsOf(
  { world: theirs, ctx }: Victim,
  tenantId: string,
): Promise<Record<string, Operation>> {
  const rows = await theirs.rows('contacts');
  const person = rows.find(({ phone }) => phone === PERSON.phone);
  const other = rows.find(({ id }) => id !== person?.id);
  if (!person || !other) throw new Error('Nothing to steal.');
  const consent = {
    tenantId,
    contact: person.id,
    purpose: 'marketing' as const,
    source: 'stolen',
  };
  return {
    upsertContact: () => contacts.upsertContact(ctx, { tenantId, contactId: person.id, name: 'x' }),
    getContact: () => contacts.getContact(ctx, { tenantId, contact: PERSON.phone }),
    findContacts: () => contacts.findContacts(ctx, { tenantId, search: SECRET }),
    countContacts: () => contacts.countContacts(ctx, { tenantId, stages: [SECRET] }),
    keepFilter: () => contacts.keepFilter(ctx, { tenantId, name: PERSON.filter, filter: {} }),
    listFilters: () => contacts.listFilters(ctx, tenantId),
    optIn: () => contacts.optIn(ctx, consent),
    optOut: () => contacts.optOut(ctx, consent),
    eraseContact: () => contacts.eraseContact(ctx, { tenantId, contact: person.id }),
    exportContact: () => contacts.exportContact(ctx, { tenantId, contact: person.id }),
    exportContactsCsv: () => contacts.exportContactsCsv(ctx, { tenantId }),
    listAudit: () => contacts.listAudit(ctx, { tenantId, contactId: person.id }),
    mergeContacts: () =>
      contacts.mergeContacts(ctx, { tenantId, contact: other.id, mergeWith: person.id }),
  };
}
