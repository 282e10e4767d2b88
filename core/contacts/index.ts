export { listAudit, type AuditEntry, type ListAuditInput } from './audit';
export { optIn, optOut, type ConsentInput, type ConsentResult } from './consent';
export type { ContactsContext } from './context';
export { csvCell, exportContactsCsv, type ContactsCsv, type CsvSeparator } from './csv';
export type { ContactInput } from './draft';
export { eraseContact, runErasures, type ErasedContact } from './erase';
export { exportContact, type ContactExport } from './export';
export { keepFilter, listFilters, type ContactFilter } from './filter';
export {
  countContacts,
  findContacts,
  getContact,
  type ContactPage,
  type FindContactsInput,
} from './find';
export { mergeContacts, type MergedContact, type MergeInput } from './mergeByHand';
export { applyRetention, type RetentionResult } from './retention';
export { upsertContact, type UpsertedContact } from './upsert';
