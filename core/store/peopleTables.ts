import type { Generated } from 'kysely';

export interface ContactsTable {
  id: string;
  tenant_id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  stage: string | null;
  /** `YYYY-MM-DD`, or `--MM-DD` where the year is not known. */
  birthday: string | null;
  /** `MM-DD` of the birthday, to be searched by. */
  birth_day: string | null;
  /** `pt-BR`, `en`, … */
  language: string | null;
  /** IANA. */
  time_zone: string | null;
  /** Where the contact came from: an ad, a form, a list. */
  source: string | null;
  /** JSON object of what else the tenant keeps. */
  custom_fields: Generated<string>;
  /** This is another contact by now, whose id this is; the row itself says nothing any more. */
  merged_into: string | null;
  /** Nothing of the person is left; the row stands for what was sent to somebody. */
  erased_at: number | null;
  created_at: number;
  updated_at: number;
}

/** How a provider names a contact: page-scoped and Instagram-scoped ids differ per account. */
export interface ContactIdentitiesTable {
  tenant_id: string;
  account_id: string;
  external_id: string;
  contact_id: string;
  username: string | null;
  /** 1: a further id of somebody who is rather called by another one. */
  is_alias: Generated<number>;
  /** When the person's profile is to be read, epoch ms; null: it is known, or cannot be had. */
  profile_due_at: number | null;
  profile_failures: Generated<number>;
  created_at: number;
}

/** What a contact agreed to, or no longer wants; the newest word on each purpose. */
export interface ContactConsentsTable {
  tenant_id: string;
  contact_id: string;
  /** marketing | messages */
  purpose: string;
  /** in | out */
  state: string;
  /** Where it was said: `provider`, `workflow`, `reply`, … */
  source: string;
  /** The words it was said with. */
  note: string | null;
  account_id: string | null;
  /** When it was said, epoch ms. */
  given_at: number;
  created_at: number;
  updated_at: number;
}
