import type { IExecuteFunctions } from 'n8n-workflow';

/** Who asks for something, for the audit log: the workflow and its node. */
export function actorOf(context: IExecuteFunctions): string {
  const { id, name } = context.getWorkflow();
  return `workflow:${id ?? name ?? ''}:${context.getNode().name}`;
}
