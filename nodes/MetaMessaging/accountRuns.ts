import type { IExecuteFunctions } from 'n8n-workflow';
import { startAccountRun, type AccountRun, type OpenPlace } from '../shared/accountRuns';
import { chosenCredential, type ChosenCredential } from './metaCredential';

export type MetaRun = AccountRun<ChosenCredential>;
export type MetaPlace = OpenPlace<ChosenCredential>;

/** What the items of one run share: the accounts of Meta behind the node's credential. */
export function accountRun(context: IExecuteFunctions): MetaRun {
  return startAccountRun(context, {
    provider: 'meta',
    choose: chosenCredential,
    what: 'Instagram or Messenger straight through Meta',
  });
}
