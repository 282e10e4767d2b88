export { optIn, optOut, type ConsentInput, type ConsentResult } from './consent';
export type { ContactsContext } from './context';
export type { ContactInput } from './draft';
export { keepFilter, listFilters, type ContactFilter } from './filter';
export {
  countContacts,
  findContacts,
  getContact,
  type ContactPage,
  type FindContactsInput,
} from './find';
export { mergeContacts, type MergedContact, type MergeInput } from './mergeByHand';
export { upsertContact, type UpsertedContact } from './upsert';
