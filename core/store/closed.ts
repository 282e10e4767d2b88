import { StoreError } from '../model';

/** For every call after the store of this process has ended. */
export function closedError(): StoreError {
  return new StoreError('store_failed', 'The store of this process is closed.', false, {
    hint: 'This happens while n8n stops, or after the package was updated: publish the workflow again or restart n8n.',
  });
}
