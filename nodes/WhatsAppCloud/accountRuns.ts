import type { IExecuteFunctions } from 'n8n-workflow';
import { startAccountRun, type AccountRun } from '../shared/accountRuns';
import { chosenCredential, type ChosenCredential } from './whatsAppCredential';

export type WhatsAppRun = AccountRun<ChosenCredential>;

/** What the items of one run share: the numbers behind the node's credential. */
export function accountRun(context: IExecuteFunctions): WhatsAppRun {
  return startAccountRun(context, {
    provider: 'whatsapp_cloud',
    choose: chosenCredential,
    what: 'the WhatsApp Cloud API',
  });
}
