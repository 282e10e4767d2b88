import { newTraceId } from '../ids.ts';
import type { Reply } from '../http.ts';

type ErrorType =
  | 'OAuthException'
  | 'GraphMethodException'
  | 'IGApiException'
  | 'FacebookApiException';

export interface GraphErrorDetail {
  code: number;
  subcode?: number;
  message: string;
  type?: ErrorType;
  status?: number;
  userTitle?: string;
  userMessage?: string;
  isTransient?: boolean;
  /** WhatsApp's own explanation, which goes into `error_data`. Source: section D.10. */
  details?: string;
}

/** A refusal in the envelope of section A.7. */
export class GraphError extends Error {
  readonly detail: GraphErrorDetail;
  constructor(detail: GraphErrorDetail) {
    super(detail.message);
    this.detail = detail;
  }
}

/** Statuses that go with a code: 400 mostly (section A.7). */
function statusOfCode(code: number): number {
  if (code === 190 || code === 102) return 401;
  if (code === 10 || code === 3 || (code >= 200 && code <= 299)) return 403;
  if (code === 4 || code === 17 || code === 32 || code === 341 || code === 368) return 403;
  if (code === 803) return 404;
  if (code === 1) return 500;
  if (code === 2 || code === 1200) return 503;
  return 400;
}

/** The answer for an error. */
export function errorReply(detail: GraphErrorDetail): Reply {
  return {
    status: detail.status ?? statusOfCode(detail.code),
    body: {
      error: {
        message: detail.message,
        type: detail.type ?? 'OAuthException',
        code: detail.code,
        ...(detail.subcode === undefined ? {} : { error_subcode: detail.subcode }),
        ...(detail.userTitle === undefined ? {} : { error_user_title: detail.userTitle }),
        ...(detail.userMessage === undefined ? {} : { error_user_msg: detail.userMessage }),
        ...(detail.isTransient === undefined ? {} : { is_transient: detail.isTransient }),
        ...(detail.details === undefined
          ? {}
          : { error_data: { messaging_product: 'whatsapp', details: detail.details } }),
        fbtrace_id: newTraceId(),
      },
    },
  };
}

/** Bad parameter, code 100, in a case that the vendor documents. */
export function badParameter(message: string, subcode?: number): GraphError {
  return new GraphError({
    code: 100,
    message: `(#100) ${message}`,
    ...(subcode === undefined ? {} : { subcode }),
  });
}

/** Something no document allows: refused by the sandbox itself, code 100. */
export function undocumented(message: string): GraphError {
  return new GraphError({ code: 100, message: `sandbox: ${message}` });
}

/** 100/33: an id that does not exist, or not for this token. */
export function unknownObject(method: string, id: string): GraphError {
  return new GraphError({
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  });
}

/** 230: the token lacks a permission. */
export function missingPermission(permission: string, subcode?: number): GraphError {
  return subcode === undefined
    ? new GraphError({
        code: 230,
        message: `(#230) Requires ${permission} permission to manage the object`,
      })
    : new GraphError({
        code: 200,
        subcode,
        message: `(#200) Requires ${permission} permission to manage the object`,
      });
}

/** 2500, as for any path that does not exist. Source: section A.1. */
export function unknownPath(call: { segments: readonly string[] }): GraphError {
  return new GraphError({
    code: 2500,
    message: `Unknown path components: /${call.segments.slice(1).join('/')}`,
  });
}

/** Refuses a method that no document names for a path. */
export function allowMethods(
  call: { method: string; segments: readonly string[] },
  methods: readonly string[],
): void {
  if (!methods.includes(call.method)) {
    throw undocumented(`${call.method} is not documented for /${call.segments.join('/')}.`);
  }
}
