import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { ContentWithFiles, SendSettings } from '../../core/model/content';
import type { AccountRun, Place } from './accountRuns';
import { itemFiles, type ItemFiles } from './content/itemFiles';
import type { CredentialSource } from './credentialSource';
import { itemParameters } from './itemParameters';
import { core } from './loadCore';
import type { ParameterReader } from './parameters';
import type { Operation } from './router';
import { sendingOperation, type ItemSend } from './sendItems';

/** What the panel of a provider's node asks for, for one item. */
export interface AskedMessage {
  accountId: string;
  recipientExternalId: string;
  options: Place & ItemSend['choice'] & { splitLongText?: boolean | undefined };
  settings: SendSettings;
  /** As the panel says it, for the idempotency key. */
  content: unknown;
  /** The same as it is sent, with what has to be read or asked for first. */
  load: () => Promise<ContentWithFiles>;
  /** What goes in its place where the customer's window is closed. */
  loadInstead?: (() => Promise<ContentWithFiles>) | undefined;
}

/** What the panel is read with. */
interface AtSend<S extends CredentialSource, P extends readonly INodeProperties[]> {
  read: ParameterReader<P>;
  run: AccountRun<S>;
  files: ItemFiles;
  itemIndex: number;
}

/**
 * The operation of a provider's node that sends to one person of one account, through the house's one way out: stored, at
 * most once, within the channel's rules and the account's limits.
 * @param ask reads one item, before anything is awaited
 */
export function accountSending<
  S extends CredentialSource,
  const P extends readonly INodeProperties[],
>(
  startRun: (context: IExecuteFunctions) => AccountRun<S>,
  properties: P,
  ask: (at: AtSend<S, P>) => AskedMessage,
): Operation {
  return sendingOperation((context) => {
    const run = startRun(context);
    const readerFor = itemParameters(context, properties);
    const files = itemFiles(context);
    return (itemIndex) => {
      const asked = ask({ read: readerFor(itemIndex), run, files, itemIndex });
      const { accountId, recipientExternalId, options, settings, content } = asked;
      return {
        lane: `${accountId} ${recipientExternalId}`,
        choice: options,
        content,
        async send(idempotencyKey, limitWait) {
          const { app, tenant } = await run.open(options);
          return await core.messaging.sendMessage(app, {
            tenantId: tenant,
            accountId,
            recipientExternalId,
            content: await asked.load(),
            whenWindowClosed: await asked.loadInstead?.(),
            settings,
            split: options.splitLongText ?? true,
            limitWait,
            idempotencyKey,
          });
        },
      };
    };
  });
}
