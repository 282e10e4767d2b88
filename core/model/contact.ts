import type { Channel, ProviderId } from './channels';

/** One person of a tenant, whichever channels they write on. */
export interface Contact {
  id: string;
  /** The id by which the person's first channel knows them; empty where none does yet. */
  externalId: string;
  name: string | null;
  /** With plus sign and country code. */
  phone: string | null;
  /** In lower case. */
  email: string | null;
  stage: string | null;
  /** `YYYY-MM-DD`, or `--MM-DD` where the year is not known. */
  birthday: string | null;
  language: string | null;
  /** IANA. */
  timeZone: string | null;
  source: string | null;
  tags: string[];
  customFields: Record<string, unknown>;
  consents: ContactConsent[];
  channels: ContactChannel[];
  /** ISO 8601, like every instant here. */
  createdAt: string;
  updatedAt: string;
  /** When the person last wrote; null: never. */
  lastActivityAt: string | null;
}

/** `marketing`: promotions and birthdays. `messages`: being written to at all. */
export type ConsentPurpose = 'marketing' | 'messages';

/** The newest word of a person on one purpose. */
export interface ContactConsent {
  purpose: ConsentPurpose;
  state: 'in' | 'out';
  /** Where it was said: `provider`, `workflow`, `form`, `reply`, … */
  source: string;
  /** The words it was said with. */
  text: string | null;
  at: string;
}

/** How one account knows the person. */
export interface ContactChannel {
  connectionId: string;
  connectionName: string;
  channel: Channel;
  provider: ProviderId;
  externalId: string;
  username: string | null;
}
