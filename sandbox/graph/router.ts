import { authenticate, type Caller } from './auth.ts';
import { errorReply, GraphError, undocumented } from './errors.ts';
import { isMessageSend } from './messages.ts';
import { readParams, type GraphCall } from './call.ts';
import { answerFacebook } from './routes.ts';
import { usageHeaders } from './usage.ts';
import { isRecord, type Reply, type Request } from '../http.ts';
import type { Accepted } from './messages.ts';
import type { Context } from '../context.ts';
import type { Fault, FaultKind } from '../control/faults.ts';

/** Hosts a call can be meant for; each has its own routes and its own kind of token. */
export type GraphHost = 'graph.facebook.com' | 'graph.instagram.com';

/** Routes per host. Instagram Login (graph.instagram.com) has no routes yet and is refused. */
const HOSTS: Partial<Record<GraphHost, (call: GraphCall, withEcho: boolean) => Promise<Accepted>>> =
  {
    'graph.facebook.com': answerFacebook,
  };

/** What was learnt about a call before its answer, for log and headers. */
interface Progress {
  version: string;
  segments: string[];
  params: Record<string, unknown>;
  caller?: Caller;
  throttle?: Fault;
}

/** Answers a call to the Graph in the order of the vendor: version, token, proof, throttle, then the rest. */
export async function answerGraph(
  context: Context,
  request: Request,
  host: GraphHost,
): Promise<Reply> {
  const started = performance.now();
  const progress: Progress = { version: '', segments: [], params: {} };
  let reply: Reply;
  try {
    reply = await run(context, request, host, progress);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    reply = errorReply(error.detail);
  }
  const { segments, version, caller } = progress;
  reply.headers = {
    ...(version === '' ? {} : { 'facebook-api-version': version }),
    ...(caller === undefined
      ? {}
      : usageHeaders(context, segments, caller.token, progress.throttle)),
    ...reply.headers,
  };
  logCall(context, request, progress, reply, performance.now() - started);
  return reply;
}

async function run(
  context: Context,
  request: Request,
  host: GraphHost,
  progress: Progress,
): Promise<Reply> {
  const routes = HOSTS[host];
  if (routes === undefined) throw undocumented(`host ${host} is not offered yet.`);
  const { version, segments } = splitPath(context, request.path);
  Object.assign(progress, { version, segments });
  const { access_token: inParams, appsecret_proof: proof, ...params } = readParams(request);
  progress.params = params;
  const rawToken = readToken(request, inParams);
  const caller = authenticate(context.store, rawToken, proof);
  progress.caller = caller;
  const call: GraphCall = {
    context,
    method: request.method,
    version,
    segments,
    params,
    rawToken: rawToken ?? '',
    ...caller,
  };
  return runWithFaults(call, progress, routes);
}

/** Puts the armed faults around the call. */
async function runWithFaults(
  call: GraphCall,
  progress: Progress,
  routes: (call: GraphCall, withEcho: boolean) => Promise<Accepted>,
): Promise<Reply> {
  const { faults } = call.context;
  const recipientId = recipientOf(call.params);
  const target = {
    isSend: isMessageSend(call),
    ...(recipientId === undefined ? {} : { recipientId }),
  };
  const take = (...kinds: FaultKind[]): Fault | undefined => faults.take(kinds, target);
  const throttle = take('throttle');
  if (throttle !== undefined) {
    progress.throttle = throttle;
    throw new GraphError(throttle.error);
  }
  const before = take('delayBefore', 'holdBefore');
  if (before !== undefined) await faults.wait(before);
  const refusal = take('failBefore', 'cutBefore');
  if (refusal !== undefined) return faultReply(refusal);
  const after = peekAfter(call, take);
  const accepted = await acceptOrRearm(call, routes, after);
  if (after !== undefined) await faults.wait(after);
  if (after?.kind === 'failAfter' || after?.kind === 'cutAfter') return faultReply(after);
  return { status: 200, body: accepted.answer };
}

function peekAfter(
  call: GraphCall,
  take: (...kinds: FaultKind[]) => Fault | undefined,
): Fault | undefined {
  return call.method === 'GET'
    ? take('delayAfter', 'hold')
    : take('failAfter', 'cutAfter', 'delayAfter', 'hold');
}

/** A refused call was not accepted, so the fault for an accepted one stays armed. */
async function acceptOrRearm(
  call: GraphCall,
  routes: (call: GraphCall, withEcho: boolean) => Promise<Accepted>,
  after: Fault | undefined,
): Promise<Accepted> {
  try {
    return await routes(call, after?.echo !== false);
  } catch (error) {
    if (after !== undefined) after.remaining += 1;
    throw error;
  }
}

function faultReply(fault: Fault): Reply {
  if (fault.kind === 'cutBefore' || fault.kind === 'cutAfter') return { status: 0, cut: true };
  const reply = errorReply(fault.error);
  if (!fault.html) return reply;
  return {
    status: fault.error.status ?? 502,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>',
  };
}

/** Version and path. Sources: section A.1 (2500 for a version that does not exist), A.7 (2635). */
function splitPath(context: Context, path: string): { version: string; segments: string[] } {
  const [version = '', ...segments] = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  const { graphVersions } = context.store.state.settings;
  const number = /^v(\d+)\.\d+$/.exec(version)?.[1];
  if (number === undefined) {
    throw undocumented(
      'an unversioned call uses the oldest usable version; start the path with one, such as /v25.0.',
    );
  }
  if (!graphVersions.includes(version)) {
    const oldest = Math.min(...graphVersions.map((item) => Number(item.slice(1))));
    if (Number(number) < oldest) {
      throw new GraphError({
        code: 2635,
        message: `(#2635) You are calling a deprecated version of the API. Please update to the latest version: ${graphVersions.at(-1) ?? ''}.`,
      });
    }
    throw new GraphError({ code: 2500, message: `Unknown path components: ${path}` });
  }
  if (segments.length === 0 || segments.includes('')) {
    throw new GraphError({ code: 2500, message: `Unknown path components: ${path}` });
  }
  return { version, segments };
}

function readToken(request: Request, inParams: unknown): string | undefined {
  if (inParams !== undefined) return typeof inParams === 'string' ? inParams : '';
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function recipientOf(params: Record<string, unknown>): string | undefined {
  const { recipient } = params;
  return isRecord(recipient) && typeof recipient.id === 'string' ? recipient.id : undefined;
}

function logCall(
  context: Context,
  request: Request,
  progress: Progress,
  reply: Reply,
  durationMs: number,
): void {
  const error = isRecord(reply.body) && isRecord(reply.body.error) ? reply.body.error : undefined;
  context.calls.add({
    at: context.store.now(),
    method: request.method,
    path: request.path,
    params: progress.params,
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
