import { isRecord, type Reply, type Request } from '../http.ts';
import type { Context } from '../context.ts';

const SECRET_PARAMS = ['client_secret', 'fb_exchange_token', 'access_token', 'input_token', 'code'];

/** Parameters for the log of calls, which the phone page shows. */
export function withoutSecrets(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, SECRET_PARAMS.includes(key) ? '…' : value]),
  );
}

/** Notes a call that the vendor answered. */
export function logCall(
  context: Context,
  request: Request,
  params: Record<string, unknown>,
  reply: Reply,
  durationMs: number,
): void {
  const error = isRecord(reply.body) && isRecord(reply.body.error) ? reply.body.error : undefined;
  context.calls.add({
    at: context.store.now(),
    method: request.method,
    path: request.path,
    params,
    status: reply.status,
    ...(error === undefined
      ? {}
      : {
          code: Number(error.code),
          ...(error.error_subcode === undefined ? {} : { subcode: Number(error.error_subcode) }),
          message: String(error.message),
        }),
    durationMs: Math.round(durationMs),
  });
}
