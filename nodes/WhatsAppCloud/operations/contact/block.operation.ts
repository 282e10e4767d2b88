import { blockOperation, blockProperties } from './setBlocked';

export const properties = blockProperties;
export const operation = blockOperation('blockUsers');
