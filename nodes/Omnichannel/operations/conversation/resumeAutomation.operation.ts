import { ordering } from './ofConversation';

export { properties } from './ofConversation';

export const operation = ordering({ kind: 'resume' });
