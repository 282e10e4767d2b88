import type { Context } from '../context.ts';
import type { GraphHost } from '../graph/call.ts';
import type { Request } from '../http.ts';

/** A call to an endpoint that gives tokens and therefore asks for none in the header. */
export interface TokenCall {
  context: Context;
  request: Request;
  host: GraphHost;
  path: string;
  version: string;
  params: Record<string, unknown>;
}
