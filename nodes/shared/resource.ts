import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import type { Operation } from './router';

/** A file of `operations/<resource>/`. */
interface OperationFile {
  operation: Operation;
  properties: readonly INodeProperties[];
}

/** What one resource can do, for the router. */
export function operationsOf(
  files: Record<string, Pick<OperationFile, 'operation'>>,
): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(files).map(([name, { operation }]) => [name, operation]),
  );
}

/** What the operations of one resource ask for: the panel shows the fields of the chosen one. */
export function fieldsOf(
  resource: string,
  files: Record<string, OperationFile>,
): INodeProperties[] {
  return Object.entries(files).flatMap(([name, { properties }]) =>
    updateDisplayOptions({ show: { resource: [resource], operation: [name] } }, [...properties]),
  );
}
