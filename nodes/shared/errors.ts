import {
  NodeApiError,
  NodeOperationError,
  type INode,
  type JsonObject,
  type NodeError,
} from 'n8n-workflow';

/** The errors of core/ by what they carry: a copy of this package that n8n has just replaced has other classes. */
interface CoreError extends Error {
  code: string;
  hint?: string | undefined;
  reason?: string;
}

/**
 * The one translation of errors for every node: what happened becomes the message, what to do next the
 * description. Nothing else of the error travels on (no cause, no details).
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeError {
  if (error instanceof NodeApiError || error instanceof NodeOperationError) {
    if (itemIndex !== undefined) error.context.itemIndex ??= itemIndex;
    return error;
  }
  if (isCoreError(error)) {
    const options = { message: error.message, description: error.hint, itemIndex };
    // A refusal of the other side is an API error; a wrong field, a missing account or the store is ours.
    return error.reason !== undefined && error.code !== 'invalid_content'
      ? new NodeApiError(node, apiError(error.message), {
          ...options,
          ...httpCodeOf(error.reason),
        })
      : new NodeOperationError(node, error.message, options);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new NodeOperationError(node, message, { itemIndex });
}

/** What other HTTP clients of a workflow look at: a refusal for too many messages is 429 here too. */
export function httpCodeOf(reason: string | undefined): { httpCode?: string } {
  return reason === 'rate_limited' ? { httpCode: '429' } : {};
}

/** What NodeApiError wants of the other side's answer: the sentence, no more. */
export function apiError(message: string): JsonObject {
  return { message };
}

/** The sentence for logs and the account's card: message and hint. */
export function sentenceOf(error: unknown): string {
  if (isCoreError(error) && error.hint) return `${error.message} ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}

export function isCoreError(error: unknown): error is CoreError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'details' in error
  );
}
