import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import { asId, asText, asWords } from '../graph/json';
import type { JsonObject } from '../graph/json';
import type { DiscoveredAccount } from '../provider';
import type { HubAccess } from './access';
import { accountsOf, toHubChannel } from './hubChannels';
import { createHubClient, objectsOf, type HubCall } from './client';

/**
 * The endpoints that the source documents describe. No SDK, node or client of NotificaMe was found to use them, and
 * their authors list "validate that NotificaMe accepts these endpoints" as to do: so they are a profile of their own,
 * with paths that can be changed, and nothing else rests on them.
 */
export const INSTANCE_PATHS = {
  create: '/instances/create',
  list: '/instances',
  get: '/instances/:id',
  authorize: '/instances/:id/authorize',
  callback: '/instances/:id/callback',
  sync: '/instances/:id/sync',
  qrcode: '/instances/:id/qrcode',
  disconnect: '/instances/:id',
} as const;
export type InstancePath = keyof typeof INSTANCE_PATHS;

export interface HubInstance {
  id: string;
  name: string | null;
  platform: string | null;
  status: string | null;
  /** Where a person goes on in a browser, where the answer names it. */
  authUrl: string | null;
  raw: JsonObject;
}

/** @throws InvalidInputError under the profile Hub; SendError, as all of this file */
export async function createInstance(
  http: HttpClient,
  access: HubAccess,
  { platform, name }: { platform: string; name: string },
): Promise<HubInstance> {
  const body = { platform, name };
  const value = await ask(http, access, 'create', {
    method: 'POST',
    body,
    subject: 'the new instance',
  });
  return instanceOf(value, null);
}

/** @param platform only those of this one; the list itself has no such filter */
export async function listInstances(
  http: HttpClient,
  access: HubAccess,
  platform: string | null = null,
): Promise<HubInstance[]> {
  const value = await ask(http, access, 'list', {
    method: 'GET',
    subject: 'the list of instances',
  });
  const all = objectsOf(value).flatMap((item) => toInstance(item, null) ?? []);
  if (platform === null) return all;
  return all.filter((one) => one.platform?.toLowerCase() === platform.toLowerCase());
}

export async function getInstance(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<HubInstance> {
  const call = { method: 'GET', subject: `the instance ${id}` } as const;
  return instanceOf(await ask(http, access, 'get', { ...call, id }), id);
}

/** Where a person has to go to connect the account. */
export async function authorizeInstance(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<HubInstance> {
  const call = { method: 'POST', body: {}, subject: `the login of the instance ${id}` } as const;
  return instanceOf(await ask(http, access, 'authorize', { ...call, id }), id);
}

/** Hands over what the login gave. */
export async function completeInstance(
  http: HttpClient,
  access: HubAccess,
  { id, code, state }: { id: string; code: string; state: string },
): Promise<HubInstance> {
  const body = { code, state };
  const call = { method: 'POST', body, subject: `the end of the login of ${id}` } as const;
  return instanceOf(await ask(http, access, 'callback', { ...call, id }), id);
}

export async function syncInstance(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<HubInstance> {
  const call = { method: 'GET', subject: `the state of the instance ${id}` } as const;
  return instanceOf(await ask(http, access, 'sync', { ...call, id }), id);
}

/** The QR code as the answer has it: a data URL, base64, or the text to draw. */
export async function instanceQrCode(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<{ qrCode: string | null; raw: JsonObject }> {
  const call = { method: 'GET', subject: `the QR code of the instance ${id}` } as const;
  const [raw = {}] = objectsOf(await ask(http, access, 'qrcode', { ...call, id }));
  const qrCode = asText(raw.qrcode) ?? asText(raw.qrCode) ?? asText(raw.base64) ?? asText(raw.code);
  return { qrCode, raw };
}

export async function disconnectInstance(
  http: HttpClient,
  access: HubAccess,
  id: string,
): Promise<void> {
  const call = {
    method: 'DELETE',
    subject: `the end of the instance ${id}`,
    mayBeEmpty: true,
  } as const;
  await ask(http, access, 'disconnect', { ...call, id });
}

/** Instances as accounts, under the profile Instances API. */
export async function discoverInstances(
  http: HttpClient,
  access: HubAccess,
): Promise<DiscoveredAccount[]> {
  const instances = await listInstances(http, access);
  return accountsOf(
    access,
    instances.flatMap(({ id, raw }) => toHubChannel(raw, id) ?? []),
  );
}

type InstanceCall = Omit<HubCall, 'path'> & { id?: string };

async function ask(
  http: HttpClient,
  access: HubAccess,
  which: InstancePath,
  { id, ...call }: InstanceCall,
): Promise<unknown> {
  if (access.settings.profile !== 'instances') {
    throw new InvalidInputError('Profile', 'Instances belong to the profile "Instances API".', {
      hint: 'Choose it in the credential. It is unproven at NotificaMe: its channels are what the profile Hub works with.',
    });
  }
  const path = access.settings.paths?.[which] ?? INSTANCE_PATHS[which];
  return await createHubClient(http).call(access, {
    ...call,
    path: path.replace(':id', () => encodeURIComponent(id ?? '')),
  });
}

function instanceOf(value: unknown, knownId: string | null): HubInstance {
  const [found] = objectsOf(value).flatMap((item) => toInstance(item, knownId) ?? []);
  if (found) return found;
  throw new InvalidInputError('Instance', 'The answer names no instance.', {
    hint: 'Check Base URL and the paths of the profile "Instances API" in the credential.',
  });
}

function toInstance(raw: JsonObject, knownId: string | null): HubInstance | null {
  const id = asId(raw.id) ?? asId(raw.instanceId) ?? asId(raw.instance_id) ?? knownId;
  if (id === null) return null;
  return {
    id,
    name: asText(raw.name),
    platform: asText(raw.platform) ?? asText(raw.channel),
    status: asWords(raw.status),
    authUrl: asText(raw.authUrl) ?? asText(raw.auth_url) ?? asText(raw.url),
    raw,
  };
}
