import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { StoreError } from '../core/model/errors';
import type { Host } from '../core/model/host';
import { findEncryptionKey } from './encryptionKey';
import { hostLogger } from './hostLogger';
import { readPort, readSetting, readSwitch, type Environment } from './settings';
import { secondStoreTarget, type StoreCredential } from './storeCredential';
import { instanceStoreTarget } from './storeTarget';

export interface HostOptions {
  /** Default: the environment of this process. */
  env?: Environment;
  /** Default: the command line of this process. */
  argv?: readonly string[];
  /** The store credential chosen under Options, if one is. */
  storeCredential?: StoreCredential | undefined;
}

/**
 * Builds what core/ needs to know of this n8n: the only place (with the two files beside it) that reads
 * n8n's environment.
 * @throws StoreError `store_misconfigured` naming the variable, file or field that is wrong
 */
export function buildHost({
  env = process.env,
  argv = process.argv,
  storeCredential,
}: HostOptions = {}): Host {
  const folder = n8nFolder(env);
  const instanceStore = instanceStoreTarget(env, folder);
  return {
    store: storeCredential ? secondStoreTarget(storeCredential, instanceStore) : instanceStore,
    encryptionKey: findEncryptionKey(env, folder, storeCredential),
    executionsMode: readSetting(env, 'EXECUTIONS_MODE') === 'queue' ? 'queue' : 'regular',
    isOneOff: isOneOff(argv),
    localUrl: localUrl(env),
    waitingUrl: waitingUrl(env),
    publicUrl: publicUrl(env),
    egress: egress(env),
    uncountedSends: readSwitch(env, 'OMNICHANNEL_SEND_WITHOUT_LIMITS', true)
      ? 'allowed'
      : 'refused',
    version: packageVersion(),
    logger: hostLogger,
  };
}

/** `n8n execute` and `n8n executeBatch` run workflows and end; every other command that runs nodes stays. */
function isOneOff([, , command = '']: readonly string[]): boolean {
  return /^execute(-?batch)?$/i.test(command);
}

/**
 * Whether this is a worker whose next start makes n8n (2.40) call an execution crashed that has been answered in between
 * and stands in the queue to go on: n8n reads in its event log that it began and not that it waited. Held to one line of
 * the log, n8n does not find it.
 */
export function losesAnswers({
  env = process.env,
  argv = process.argv,
}: Pick<HostOptions, 'env' | 'argv'> = {}): boolean {
  const [, , command = ''] = argv;
  return command.toLowerCase() === 'worker' && readSetting(env, EVENT_LOG_LINES) !== '1';
}

const EVENT_LOG_LINES = 'N8N_EVENTBUS_LOGWRITER_MAXTOTALMESSAGESPERFILE';

/** n8n's own folder: `.n8n` in N8N_USER_FOLDER or in the home folder. */
export function n8nFolder(env: Environment): string {
  return path.join(readSetting(env, 'N8N_USER_FOLDER') ?? homedir(), '.n8n');
}

/**
 * n8n as this machine reaches it. N8N_PATH is no part of it: n8n serves from the root and leaves the prefix to
 * the reverse proxy, which a local call does not pass.
 */
function localUrl(env: Environment): string {
  const chosen = readSetting(env, 'OMNICHANNEL_N8N_URL');
  if (chosen !== undefined) return baseUrl(chosen, 'OMNICHANNEL_N8N_URL');
  const servesTls = readSetting(env, 'N8N_PROTOCOL') === 'https' && tlsFilesGiven(env);
  return `${servesTls ? 'https' : 'http'}://${localAddress(env)}:${readPort(env, 'N8N_PORT', 5678)}`;
}

/**
 * Where n8n takes answers to executions that wait: production webhooks, which main does not serve if they run in
 * processes of their own. Those are reached as the world reaches them.
 */
function waitingUrl(env: Environment): string {
  const isElsewhere = readSwitch(env, 'N8N_DISABLE_PRODUCTION_MAIN_PROCESS', false);
  const isChosen = readSetting(env, 'OMNICHANNEL_N8N_URL') !== undefined;
  return isElsewhere && !isChosen ? new URL(publicUrl(env)).origin : localUrl(env);
}

const ANY_ADDRESS = ['::', '0.0.0.0'];

function localAddress(env: Environment): string {
  const listens = readSetting(env, 'N8N_LISTEN_ADDRESS') ?? '::';
  if (ANY_ADDRESS.includes(listens)) return '127.0.0.1';
  return listens.includes(':') ? `[${listens}]` : listens;
}

/** n8n as the world reaches it, in n8n's own order of preference. */
function publicUrl(env: Environment): string {
  for (const name of ['N8N_WEBHOOK_URL', 'WEBHOOK_URL']) {
    const chosen = readSetting(env, name);
    if (chosen !== undefined) return baseUrl(chosen, name);
  }
  const protocol = readSetting(env, 'N8N_PROTOCOL') ?? 'http';
  const port = readPort(env, 'N8N_PORT', 5678);
  const isUsualPort = port === (protocol === 'https' ? 443 : 80);
  const host = `${readSetting(env, 'N8N_HOST') ?? 'localhost'}${isUsualPort ? '' : `:${port}`}`;
  return baseUrl(`${protocol}://${host}${readSetting(env, 'N8N_PATH') ?? ''}`, 'N8N_HOST');
}

function tlsFilesGiven(env: Environment): boolean {
  return (
    readSetting(env, 'N8N_SSL_KEY') !== undefined && readSetting(env, 'N8N_SSL_CERT') !== undefined
  );
}

function baseUrl(text: string, name: string): string {
  if (!URL.canParse(text)) {
    throw new StoreError(
      'store_misconfigured',
      `${name} gives "${text}", which is no address.`,
      false,
      {
        hint: `Write it with https:// in front, for example https://n8n.example.com, then restart n8n.`,
      },
    );
  }
  return text.replace(/\/+$/, '');
}

/**
 * n8n's own variables for what its nodes may call. Ours differ in one thing: private addresses are refused whether
 * N8N_SSRF_PROTECTION_ENABLED is set or not, because webhook addresses may come from customers.
 */
function egress(env: Environment): NonNullable<Host['egress']> {
  return {
    allowedHosts: readList(env, 'N8N_SSRF_ALLOWED_HOSTNAMES'),
    allowedRanges: readList(env, 'N8N_SSRF_ALLOWED_IP_RANGES'),
    // "default" stands for n8n's list of private ranges, which are refused anyway.
    blockedRanges: readList(env, 'N8N_SSRF_BLOCKED_IP_RANGES').filter(
      (range) => range.toLowerCase() !== 'default',
    ),
  };
}

function readList(env: Environment, name: string): string[] {
  const values = (readSetting(env, name) ?? '').split(',');
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

let version: string | undefined;

/** From our package.json, two folders above the compiled file. */
function packageVersion(): string {
  if (version === undefined) {
    const file = path.join(__dirname, '..', '..', 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    version = manifest.version;
  }
  return version;
}
