import { NodeApiError, type IDataObject, type INode } from 'n8n-workflow';
import type { SendResult, SendStatus } from '../../core/model/sendResult';
import { apiError, httpCodeOf } from './errors';
import { FailedWithResult } from './router';
import type { WhenNotSent } from './sendOptions';

/** Which outcomes are errors, by the option *When Not Sent*. */
const FAILING: Record<WhenNotSent, readonly SendStatus[]> = {
  failOnFailed: ['failed'],
  fail: ['failed', 'skipped', 'unknown'],
  return: [],
};

const NEXT_STEP: Partial<Record<SendStatus, string>> = {
  unknown:
    'Whether it arrived is being found out in the background. Do not send it again: that could reach the customer twice.',
};

/**
 * The result as an item.
 * @throws FailedWithResult when the admin wants this outcome to be an error
 */
export function sendResultItem(
  node: INode,
  result: SendResult,
  whenNotSent: WhenNotSent = 'failOnFailed',
  itemIndex?: number,
): IDataObject {
  const json: IDataObject = { ...result };
  if (!FAILING[whenNotSent].includes(result.status)) return json;
  const message = result.detail ?? `The message was not sent: ${result.reason ?? result.status}.`;
  const description = [NEXT_STEP[result.status], `Reason: ${result.reason ?? result.status}`]
    .filter(Boolean)
    .join(' ');
  throw new FailedWithResult(
    new NodeApiError(node, apiError(message), {
      message,
      description,
      itemIndex,
      ...httpCodeOf(result.reason),
    }),
    json,
  );
}
