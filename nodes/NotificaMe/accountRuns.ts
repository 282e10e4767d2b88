import type { IExecuteFunctions } from 'n8n-workflow';
import type { HubAccess } from '../../core/providers/notificame';
import type { App } from '../../core/runtime';
import { startAccountRun, type AccountRun, type Place } from '../shared/accountRuns';
import { core } from '../shared/loadCore';
import { chosenCredential, type ChosenCredential } from './notificaMeCredential';

export type NotificaMeRun = AccountRun<ChosenCredential>;

/** What the items of one run share: the channels behind the node's credential. */
export function accountRun(context: IExecuteFunctions): NotificaMeRun {
  return startAccountRun(context, {
    provider: 'notificame',
    choose: chosenCredential,
    what: "NotificaMe's channels",
  });
}

/** The sub-account itself, for what is about no single channel. */
export async function openHub(
  run: NotificaMeRun,
  place: Place,
): Promise<{ app: App; tenant: string; access: HubAccess }> {
  const { app, tenant, chosen } = await run.open(place);
  return { app, tenant, access: core.notificaMe.accessOfCredential(chosen.credential) };
}
