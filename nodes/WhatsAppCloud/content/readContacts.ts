import type { ContactCard } from '../../../core/model/richContent';
import { optional } from '../../shared/content/optional';
import type { ParameterReader } from '../../shared/parameters';
import type { contentProperties } from './contentProperties';

type Read = ParameterReader<typeof contentProperties>;
type Row = NonNullable<ReturnType<typeof contactRows>>[number];

const contactRows = (read: Read) => read('contacts').contact;

export function readContacts(read: Read): ContactCard[] {
  return (contactRows(read) ?? []).map(toCard);
}

function toCard(row: Row): ContactCard {
  const { firstName, lastName, wholeName, company, department, jobTitle, birthday } = row;
  const formatted = wholeName.trim() || [firstName, lastName].join(' ').trim();
  const organization = optional({ company, department, title: jobTitle });
  return {
    name: { formatted, ...optional({ first: firstName.trim(), last: lastName.trim() }) },
    phones: (row.phones.phone ?? []).map(({ number, kind, waId }) => ({
      phone: number.trim(),
      kind,
      ...optional({ externalId: waId.replace(/\D/g, '') }),
    })),
    emails: (row.emails.email ?? []).map(({ address, kind }) => ({ email: address.trim(), kind })),
    urls: (row.websites.website ?? []).map(({ url, kind }) => ({ url: url.trim(), kind })),
    ...(Object.keys(organization).length === 0 ? {} : { organization }),
    ...optional({ birthday: birthday.trim() }),
  };
}
