import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { InvalidInputError } from '../../core/model/errors';
import type { Operation } from './router';

/*
 * n8n makes a tool for AI agents out of every node with `usableAsTool`, with all its operations. What a model must not
 * do by itself is left out of the tool's list, and refused where a workflow file names it all the same.
 */

/**
 * A list of operations twice: whole for the node, and without some for its tool.
 * @param leftOut values of the operations that the tool does not offer
 */
export function forToolAndNode(
  list: INodeProperties,
  leftOut: readonly string[],
): [INodeProperties, INodeProperties] {
  const shownWhen = (isTool: boolean): INodeProperties['displayOptions'] => ({
    ...list.displayOptions,
    show: { ...list.displayOptions?.show, '@tool': [isTool] },
  });
  const options = (list.options ?? []) as INodePropertyOptions[];
  return [
    { ...list, displayOptions: shownWhen(false) },
    {
      ...list,
      displayOptions: shownWhen(true),
      options: options.filter(({ value }) => !leftOut.includes(String(value))),
    },
  ];
}

/** The operation, but for an AI agent's tool an error that says so. */
export function refuseAsTool(name: string, operation: Operation): Operation {
  return {
    start(context, run) {
      if (!context.getNode().type.endsWith('Tool')) return operation.start(context, run);
      return () => Promise.reject(notForAgents(name));
    },
  };
}

function notForAgents(name: string): InvalidInputError {
  return new InvalidInputError('Operation', `"${name}" is not offered to AI agents.`, {
    hint: 'Use the node itself, behind a step that a person confirms.',
  });
}
