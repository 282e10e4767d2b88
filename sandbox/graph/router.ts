import { answerTokenCall, isTokenPath } from '../login/tokenEndpoints.ts';
import { scopesAt } from '../login/tokens.ts';
import { authenticate, type Caller } from './auth.ts';
import { errorReply, GraphError, undocumented } from './errors.ts';
import { isMessageSend } from './messages.ts';
import { readParams, type GraphCall, type GraphHost } from './call.ts';
import { logCall, withoutSecrets } from './log.ts';
import { answerInstagram } from './instagramRoutes.ts';
import { answerFacebook } from './routes.ts';
import { usageHeaders } from './usage.ts';
import { isRecord, type Reply, type Request } from '../http.ts';
import type { Accepted } from './messages.ts';
import type { Context } from '../context.ts';
import type { Channel, Token } from '../model.ts';
import type { Fault, FaultBoard, FaultKind, FaultTarget } from '../control/faults.ts';

/** Answers one accepted call; the flag says whether its echo webhook goes out. */
type Routes = (call: GraphCall, withEcho: boolean) => Promise<Accepted>;

/** Routes per host. */
const HOSTS: Record<GraphHost, Routes> = {
  'graph.facebook.com': answerFacebook,
  'graph.instagram.com': answerInstagram,
};

/** What was learnt about a call before its answer, for log and headers. */
interface Progress {
  version: string;
  segments: string[];
  params: Record<string, unknown>;
  caller?: Caller;
  throttle?: Fault;
}

/**
 * Answers a call to the Graph in the order of the vendor: version, token, proof, throttle, then the rest.
 * @param path as the host sees it; the request holds it as the caller wrote it
 */
export async function answerGraph(
  context: Context,
  request: Request,
  host: GraphHost,
  path: string,
): Promise<Reply> {
  const started = performance.now();
  const progress: Progress = { version: '', segments: [], params: {} };
  let reply: Reply;
  try {
    reply = await run(context, request, host, path, progress);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    reply = errorReply(error.detail);
  }
  const { segments, version, caller } = progress;
  reply.headers = {
    ...(version === '' ? {} : { 'facebook-api-version': version }),
    ...(caller === undefined
      ? {}
      : usageHeaders(context, {
          isMessaging: segments[1] === 'messages' || segments[1] === 'conversations',
          channel: channelOf(context, progress.params, caller.token),
          ...(caller.token === undefined ? {} : { token: caller.token }),
          ...businessOfCall(context, segments[0]),
          ...(progress.throttle === undefined ? {} : { throttle: progress.throttle }),
        })),
    ...reply.headers,
  };
  logCall(context, request, progress.params, reply, performance.now() - started);
  return reply;
}

async function run(
  context: Context,
  request: Request,
  host: GraphHost,
  path: string,
  progress: Progress,
): Promise<Reply> {
  if (isTokenPath(host, path)) {
    const { params } = await readParams(request);
    progress.params = withoutSecrets(params);
    const version = path.split('/')[1] ?? '';
    if (host === 'graph.facebook.com') progress.version = splitPath(context, path).version;
    const answer = (): Promise<Accepted> =>
      Promise.resolve({
        answer: answerTokenCall({ context, request, host, path, params, version }),
      });
    return runWithFaults(context.faults, { route: 'token', isRead: false }, progress, answer);
  }
  const { version, segments } = splitPath(context, path);
  Object.assign(progress, { version, segments });
  const read = await readParams(request);
  const { access_token: inParams, appsecret_proof: proof, ...params } = read.params;
  progress.params = withoutSecrets(params);
  const rawToken = readToken(request, inParams);
  const caller = authenticate(context.store, host, rawToken, proof);
  progress.caller = caller;
  const { token } = caller;
  const call: GraphCall = {
    context,
    host,
    method: request.method,
    version,
    segments,
    params,
    ...(read.file === undefined ? {} : { file: read.file }),
    ...(read.bytes === undefined ? {} : { bytes: read.bytes }),
    rawToken: rawToken ?? '',
    scopes: token === undefined ? [] : scopesAt(token, context.store.now()),
    ...caller,
  };
  const recipientId = recipientOf(params);
  const target: FaultTarget = {
    route: isMessageSend(call) ? 'send' : 'other',
    isRead: call.method === 'GET',
    ...(recipientId === undefined ? {} : { recipientId }),
  };
  return runWithFaults(context.faults, target, progress, (withEcho) => HOSTS[host](call, withEcho));
}

/** Puts the armed faults around the call. */
async function runWithFaults(
  faults: FaultBoard,
  target: FaultTarget,
  progress: Progress,
  answer: (withEcho: boolean) => Promise<Accepted>,
): Promise<Reply> {
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
  const after = target.isRead
    ? take('delayAfter', 'hold')
    : take('failAfter', 'cutAfter', 'delayAfter', 'hold');
  const accepted = await acceptOrRearm(answer, after);
  if (after !== undefined) await faults.wait(after);
  if (after?.kind === 'failAfter' || after?.kind === 'cutAfter') return faultReply(after);
  return { status: 200, body: accepted.answer };
}

/** A refused call was not accepted, so the fault for an accepted one stays armed. */
async function acceptOrRearm(
  answer: (withEcho: boolean) => Promise<Accepted>,
  after: Fault | undefined,
): Promise<Accepted> {
  try {
    return await answer(after?.echo !== false);
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

/** The business account of a call to one of its numbers, or to itself. */
function businessOfCall(context: Context, id = ''): { businessId?: string } {
  const { numbers, businesses } = context.store.state.whatsApp;
  const businessId = numbers[id]?.businessId ?? businesses[id]?.id;
  return businessId === undefined ? {} : { businessId };
}

/** The channel whose use case a call counts to. */
function channelOf(
  context: Context,
  params: Record<string, unknown>,
  token: Token | undefined,
): Channel {
  const persona = context.store.state.personas[recipientOf(params) ?? ''];
  const isInstagram = token?.type === 'INSTAGRAM' || params.platform === 'instagram';
  return persona?.channel ?? (isInstagram ? 'instagram' : 'messenger');
}

function recipientOf(params: Record<string, unknown>): string | undefined {
  const { recipient } = params;
  if (isRecord(recipient)) return typeof recipient.id === 'string' ? recipient.id : undefined;
  // WhatsApp: a phone number, or a business-scoped user id.
  const address = params.to ?? recipient;
  return typeof address === 'string' ? address : undefined;
}
