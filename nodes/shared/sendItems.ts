import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { LimitWait } from '../../core/messaging/room';
import type { SendResult } from '../../core/model/sendResult';
import { idempotencyKeys, type SendAgain } from './idempotencyKey';
import { Lanes } from './lanes';
import type { ItemRunner, Operation, Run } from './router';
import { limitWaitOf, type WhenLimited, type WhenNotSent } from './sendOptions';
import { sendResultItem } from './sendResultItem';

/**
 * Messages of one run under way at the same time, whoever they are for. The HTTP client keeps 64 connections to a
 * provider; the others wait meanwhile for their place in the pace of their account, which must never stand empty.
 */
const SENDS_AT_ONCE = 192;

/** One message, as the item and the panel ask for it. */
export interface ItemSend {
  /** Messages with the same lane go in the order of their items: one conversation, say. */
  lane: string;
  choice: SendAgain & WhenLimited & { whenNotSent?: WhenNotSent | undefined };
  /** What the key has to tell apart where the event alone does not. */
  content: unknown;
  send: (idempotencyKey: string, limitWait: LimitWait | undefined) => Promise<SendResult>;
}

/**
 * The operation of every node that sends: many items at once, those of one conversation in their order, each with its
 * own idempotency key.
 * @param prepare what all items share; then what one of them asks for, read before anything is awaited
 */
export function sendingOperation(
  prepare: (context: IExecuteFunctions) => (itemIndex: number) => ItemSend,
): Operation {
  return {
    atOnce: SENDS_AT_ONCE,
    start(context, run) {
      const keyFor = idempotencyKeys(context);
      return runnerOf(context, run, prepare(context), keyFor);
    },
  };
}

function runnerOf(
  context: IExecuteFunctions,
  run: Run,
  readItem: (itemIndex: number) => ItemSend,
  keyFor: ReturnType<typeof idempotencyKeys>,
): ItemRunner {
  const lanes = new Lanes();
  return async (itemIndex): Promise<IDataObject | IDataObject[]> => {
    const { lane, choice, content, send } = readItem(itemIndex);
    const key = keyFor(itemIndex, choice, content);
    const limitWait = limitWaitOf(choice, context.getExecutionCancelSignal());
    const sendItem = async () => {
      const result = await send(key, limitWait);
      return sendResultItem(context.getNode(), result, choice.whenNotSent, itemIndex);
    };
    return await lanes.run(lane, async () => {
      // Behind an error: whatever is returned here, the node throws that error.
      if (run.isStopped) return [];
      return await sendItem().catch((error: unknown) => {
        run.noteFailure();
        throw error;
      });
    });
  };
}
