import { NodeOperationError, type IDataObject, type INode } from 'n8n-workflow';
import type { WaitAnswer } from '../../../../core/messaging/waits';

/**
 * An answer in the form of n8n's own nodes that send and wait.
 * @throws NodeOperationError when the question turned out never to have been sent
 */
export function answerItem(node: INode, answer: WaitAnswer): IDataObject {
  if (!('notSent' in answer)) return { data: { ...answer } };
  throw new NodeOperationError(node, 'The question did not reach the person.', {
    description: answer.notSent,
  });
}
