import * as model from '../model';
import { OmnichannelError } from '../model';
import { errorFacts } from './errorFacts';

/** An error as plain data: a structured clone between threads keeps no class and none of our fields. */
export interface PackedError {
  name: string;
  message: string;
  stack: string | undefined;
  fields: Record<string, unknown>;
  /** Message of the cause; its object stays behind, it may hold handles. */
  cause: string | undefined;
}

/** Prepares an error of this package for the way to another thread. */
export function packError(error: OmnichannelError): PackedError {
  const fields = Object.fromEntries(
    Object.entries(error).filter(([key]) => key !== 'cause' && key !== 'name'),
  );
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    fields,
    cause: error.cause === undefined ? undefined : errorFacts(error.cause).message,
  };
}

/** The same error again, of its own class, so that `instanceof` and every field work as where it was thrown. */
export function unpackError(packed: PackedError): OmnichannelError {
  const error = new OmnichannelError('store_failed', packed.message, {
    ...(packed.cause === undefined ? {} : { cause: new Error(packed.cause) }),
  });
  Object.setPrototypeOf(error, classNamed(packed.name).prototype as object);
  Object.assign(error, packed.fields, { name: packed.name });
  if (packed.stack) error.stack = packed.stack;
  return error;
}

function classNamed(name: string): typeof OmnichannelError {
  const found = (model as Record<string, unknown>)[name];
  return isErrorClass(found) ? found : OmnichannelError;
}

function isErrorClass(value: unknown): value is typeof OmnichannelError {
  return (
    typeof value === 'function' &&
    (value === OmnichannelError || value.prototype instanceof OmnichannelError)
  );
}
