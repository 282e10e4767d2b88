import { setTimeout } from 'node:timers/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CallLog } from './control/calls.ts';
import { FaultBoard } from './control/faults.ts';
import { answerControl } from './control/router.ts';
import { describeSeed, type Seed } from './control/world.ts';
import { answerGraph } from './graph/router.ts';
import { errorReply, undocumented } from './graph/errors.ts';
import { RateMeter } from './graph/rates.ts';
import { ControlError, readRequest, sendReply, type Reply, type Request } from './http.ts';
import { answerInstances } from './notificame/instances.ts';
import { hubPage } from './notificame/page.ts';
import { HUB_BASE, answerHub } from './notificame/routes.ts';
import { calendarPage } from './google/page/page.ts';
import { answerCalendar } from './google/router.ts';
import { answerToken } from './google/tokenEndpoint.ts';
import { phonePage } from './phone/page.ts';
import { PhoneStream } from './phone/stream.ts';
import { answerDialog } from './login/dialog.ts';
import { answerInstagramCode } from './login/instagramCode.ts';
import { surfaceOf, type Surface } from './surfaces.ts';
import { Agenda } from './whatsapp/agenda.ts';
import { WhatsAppLimits } from './whatsapp/limits.ts';
import { downloadMedia } from './whatsapp/media.ts';
import { performDue } from './whatsapp/statuses.ts';
import { WebhookQueue } from './webhooks/queue.ts';
import { markDelivered } from './world/receipts.ts';
import { WorldStore } from './world/store.ts';
import type { AddressInfo } from 'node:net';
import type { Context } from './context.ts';
import type { Settings } from './model.ts';

export interface SandboxOptions {
  /** 0 takes a free port. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Folder of the state file; without it everything is in memory. */
  stateDir?: string;
  /** Host names besides this machine's own that calls may name. */
  allowedHosts?: string[];
  settings?: Partial<Settings>;
  /** Told how far the clock is from real time, in milliseconds, whenever it was moved. */
  onClockMoved?: (offsetMs: number) => void;
}

export interface Sandbox {
  url: string;
  port: number;
  /** Same as `GET /_sandbox/seed`. */
  seed: Seed;
  /** The live world, for tests that run in the same process. */
  context: Context;
  close: () => Promise<void>;
}

/** Starts a sandbox. @throws Error (EADDRINUSE) when the port is taken, or for a foreign state file. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const store = new WorldStore(options.stateDir);
  Object.assign(store.state.settings, options.settings);
  const phones = new PhoneStream((personaId) => {
    const persona = store.state.personas[personaId];
    if (persona !== undefined) markDelivered(context, persona);
  });
  let url = '';
  const context: Context = {
    store,
    phones,
    webhooks: new WebhookQueue(store, (delivery) => phones.deliveryChanged(delivery)),
    faults: new FaultBoard(),
    calls: new CallLog((call) => phones.callMade(call)),
    rates: new RateMeter(),
    agenda: new Agenda(store, (due) => performDue(context, due)),
    whatsAppLimits: new WhatsAppLimits(),
    clockMoved: options.onClockMoved ?? (() => undefined),
    publicUrl: () => url,
  };
  const allowedHosts = new Set([
    'localhost',
    '127.0.0.1',
    '[::1]',
    ...(options.allowedHosts ?? []),
  ]);
  const server = createServer((incoming, response) => {
    handle(context, allowedHosts, incoming, response).catch((error: unknown) => {
      process.stderr.write(
        `sandbox: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`,
      );
      response.destroy();
    });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  url = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  context.webhooks.resume();
  context.agenda.wake();
  return {
    url,
    port,
    seed: describeSeed(context),
    context,
    close: async () => {
      context.faults.clear();
      context.webhooks.close();
      context.agenda.close();
      phones.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
    },
  };
}

async function handle(
  context: Context,
  allowedHosts: ReadonlySet<string>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let request: Request;
  try {
    request = await readRequest(incoming);
  } catch (error) {
    if (!(error instanceof ControlError)) return void response.destroy();
    return sendReply(response, controlFailure(error));
  }
  const surface = surfaceOf(request, allowedHosts);
  if (surface === undefined) {
    const message = `host ${request.headers.host ?? ''} is not one of the Graph's or of this machine.`;
    return sendReply(response, errorReply(undocumented(message).detail));
  }
  if (openStream(context, request, response)) return;
  const isProvider = surface.host !== 'local';
  if (isProvider) await beLate(context);
  const reply = await answer(context, request, surface);
  if (isProvider) await beLate(context);
  sendReply(response, reply);
}

/** Before the call it lets others overtake it; after it what it did is seen before its answer. */
async function beLate({ store }: Context): Promise<void> {
  const { latencyMs } = store.state.settings;
  if (latencyMs > 0) await setTimeout(Math.random() * latencyMs);
}

async function answer(context: Context, request: Request, surface: Surface): Promise<Reply> {
  const { host, path } = surface;
  switch (host) {
    case 'graph.facebook.com':
    case 'graph.instagram.com':
      return answerGraph(context, request, host, path);
    case 'www.facebook.com':
    case 'www.instagram.com':
      return answerDialog(context, request, host, path);
    case 'api.instagram.com':
      return answerInstagramCode(context, request, path);
    case 'lookaside.fbsbx.com':
      return downloadMedia(context, request);
    case 'api.notificame.com.br':
      return answerHub(context, request, path);
    case 'instances':
      return answerInstances(context, request, path);
    case 'oauth2.googleapis.com':
      return answerToken(context, request);
    case 'www.googleapis.com':
      return answerCalendar(context, request, path);
    case 'local':
      return answerLocal(context, request);
  }
}

async function answerLocal(context: Context, request: Request): Promise<Reply> {
  const { method, path } = request;
  if (path === '/' || path === '/phone') {
    return method === 'GET' ? phonePage() : { status: 405, body: { error: 'The page takes GET.' } };
  }
  if (path === HUB_BASE && method === 'GET') return hubPage();
  if (path === '/calendar') {
    return method === 'GET'
      ? calendarPage()
      : { status: 405, body: { error: 'The page takes GET.' } };
  }
  try {
    refuseForeignPages(request);
    return await answerControl(context, request);
  } catch (error) {
    if (error instanceof ControlError) return controlFailure(error);
    throw error;
  }
}

function openStream(context: Context, request: Request, response: ServerResponse): boolean {
  if (request.method !== 'GET' || request.path !== '/_sandbox/stream') return false;
  const persona = context.store.state.personas[request.query.get('persona') ?? ''];
  if (persona === undefined) {
    sendReply(response, { status: 404, body: { error: 'There is no such persona.' } });
    return true;
  }
  context.phones.open(response, persona.id);
  markDelivered(context, persona);
  return true;
}

/** The control endpoints are for tests and the phone page, not for other sites in the same browser. */
function refuseForeignPages(request: Request): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && origin !== `http://${host ?? ''}`) {
    throw new ControlError('Pages of another origin may not use the control endpoints.', 403);
  }
}

function controlFailure(error: ControlError): Reply {
  return { status: error.status, body: { error: error.message } };
}
