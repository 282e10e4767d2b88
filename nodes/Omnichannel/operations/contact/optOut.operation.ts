import { consentOperation } from './consent';

export { properties } from './consent';
export const operation = consentOperation('optOut');
