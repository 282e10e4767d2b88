/* What is known of a contact beside its own row; the conventions of tables.ts. */

/** What a person is found by when somebody writes or is written to: at most one contact answers to each. */
export interface ContactKeysTable {
  tenant_id: string;
  /** `phone:+5511988887777` or `email:ana@example.com` */
  key: string;
  contact_id: string;
  created_at: number;
}

export interface ContactTagsTable {
  tenant_id: string;
  /** In lower case, without accents: how tags are compared. */
  tag: string;
  contact_id: string;
  /** As it was written. */
  label: string;
  created_at: number;
}

/** The custom fields of `contacts.custom_fields` once more, to be searched by. */
export interface ContactFieldsTable {
  tenant_id: string;
  name: string;
  /** In lower case, without accents, its beginning alone. */
  value: string;
  contact_id: string;
}

/** The words that a contact is found by: of names and addresses, and numbers as people type them. */
export interface ContactWordsTable {
  tenant_id: string;
  word: string;
  contact_id: string;
}

/** A search under a name. */
export interface ContactFiltersTable {
  tenant_id: string;
  name: string;
  /** JSON of ContactFilter. */
  filter: string;
  created_at: number;
  updated_at: number;
}

/** An erasure that has begun and goes on until nothing is left. */
export interface ContactErasuresTable {
  tenant_id: string;
  /** The contact who is no more. */
  contact_id: string;
  /** Who the proof of what was sent belongs to from now on. */
  anonymous_id: string;
  /** JSON of what else leads to the person's data. */
  traces: string;
  /** JSON: how far it has come. */
  progress: string;
  owner: string | null;
  next_at: number;
  created_at: number;
  updated_at: number;
}

/** Who did what to personal data; never changed, and without any of it. */
export interface AuditLogTable {
  id: string;
  tenant_id: string;
  at: number;
  /** `contact.erased`, `contact.exported`, … */
  action: string;
  /** Who asked for it: `workflow:…`, `customer`, `runtime`. */
  actor: string;
  subject_kind: string;
  subject_id: string;
  /** JSON object. */
  detail: string;
}

/** How far the data of a kind has been cleared by the tenant's retention. */
export interface RetentionMarksTable {
  tenant_id: string;
  kind: string;
  beyond: string;
  updated_at: number;
}
