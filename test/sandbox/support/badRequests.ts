import { ACCESS } from './badAccess.ts';
import { CONTENT } from './badContent.ts';
import { ENVELOPE } from './badEnvelopes.ts';
import { OTHER } from './badSettings.ts';
import type { BadRequest } from './badRequestRows.ts';

/** Every call that must be refused; the section of the fact sheets is in each name. */
export const BAD_REQUESTS: BadRequest[] = [...ACCESS, ...ENVELOPE, ...CONTENT, ...OTHER];

export type { BadRequest };
