import {
  InvalidContentError,
  mapMedia,
  mediaOf,
  type ContentWithFiles,
  type FileKind,
  type MediaFile,
  type MediaSource,
  type OutboundContent,
  type ProviderId,
} from '../model';
import { openConnectionOf } from '../accounts/accounts';
import { openDoorsOf } from '../accounts/doors';
import { CONTENT_FIELDS, checkMediaFile } from '../providers/content';
import type { Provider } from '../providers/provider';
import { toAccount, type AccountRow } from '../store/statements/accounts';
import type { UploadKey } from '../store/statements/uploads';
import type { MessagingContext } from './context';
import { MAX_KEPT_BYTES, keepFile, type KeptFor } from './keptFiles/keptFiles';
import { dropUpload, noteUpload, readUpload } from './uploads.unit';

/** WhatsApp keeps a file for 30 days, Meta says nothing of its own: after this it is uploaded anew. */
const MAX_AGE_MS = 25 * 24 * 3_600_000;

type Source = MediaSource | { file: MediaFile };

/** Content whose files the provider has, and which of them it had before. */
export interface PlacedContent {
  content: OutboundContent;
  /** Ids that an earlier message had already: the provider may have forgotten them meanwhile. */
  reused: UploadKey[];
}

/**
 * Uploads the files of a message, each content once per account however many messages carry it, so that what is
 * reserved holds ids instead of megabytes. An upload reaches no customer: done twice it harms nobody.
 * @param keptFor whose files these are, where a provider fetches them from us
 * @throws SendError, InvalidContentError; StoreError
 */
export async function placeFiles(
  ctx: MessagingContext,
  account: AccountRow,
  content: ContentWithFiles,
  keptFor: KeptFor,
): Promise<PlacedContent> {
  const reused: UploadKey[] = [];
  const place = async (kind: FileKind, source: Source): Promise<MediaSource> => {
    if (!('file' in source)) return source;
    const provider = ctx.providers.get(account.provider as ProviderId);
    if (provider && !provider.upload) {
      return await linkTo(ctx, provider, account, { kind, file: source.file, keptFor });
    }
    const key = { accountId: account.id, kind, sha256: source.file.sha256 };
    const { attachmentId, isReused } = await upload(ctx, account, key, kind, source.file);
    if (isReused) reused.push(key);
    return { attachmentId };
  };
  return { content: await mapMedia(content, place), reused };
}

const DAY_MS = 24 * 3_600_000;
/** How long a file can be fetched that goes now, or whose message waits for its time. */
export const KEPT_FOR_MS = { now: 7 * DAY_MS, later: 100 * DAY_MS } as const;

/**
 * Where a provider takes files by their address alone, it is handed one: at a door of the account's credential, else
 * one that n8n signed.
 * @throws InvalidContentError for a file that the channel does not take, and where there is no address for it
 */
async function linkTo(
  ctx: MessagingContext,
  provider: Provider,
  row: AccountRow,
  { kind, file, keptFor }: { kind: FileKind; file: MediaFile; keptFor: KeptFor },
): Promise<MediaSource> {
  const account = toAccount(row);
  const can = provider.abilities(account.channel);
  if (can && kind !== 'sticker') checkMediaFile(kind, file, can);
  const { mimeType } = file;
  const [door] = provider.fileAddress ? await openDoorsOf(ctx, account) : [];
  if (door && provider.fileAddress && file.size <= MAX_KEPT_BYTES) {
    const token = await keepFile(ctx, account.tenantId, file, keptFor);
    return { url: provider.fileAddress(door, token), mimeType };
  }
  if (file.link) return { url: file.link(), mimeType };
  throw new InvalidContentError(
    CONTENT_FIELDS.file,
    `"${account.name}" takes files by their web address alone, and there is none for this file.`,
    {
      hint: `Publish a trigger of the same credential: it serves files of up to ${MAX_KEPT_BYTES / 1024 / 1024} MB. Or let n8n keep binary data on disk (N8N_DEFAULT_BINARY_DATA_MODE=filesystem), or put the file at a public address and send that.`,
    },
  );
}

/** Whether anything of it has to be uploaded. */
export function hasFiles(content: ContentWithFiles): boolean {
  return mediaOf(content).some((source) => 'file' in source);
}

export async function forgetUploads(
  ctx: MessagingContext,
  tenantId: string,
  keys: readonly UploadKey[],
): Promise<void> {
  const tenant = ctx.store.forTenant(tenantId);
  for (const key of keys) await tenant.run(dropUpload, { key });
}

/** Uploads under way in this process: who needs the same file meanwhile waits along. */
const running = new WeakMap<object, Map<string, Promise<string>>>();

async function upload(
  ctx: MessagingContext,
  account: AccountRow,
  key: UploadKey,
  kind: FileKind,
  file: MediaFile,
): Promise<{ attachmentId: string; isReused: boolean }> {
  const uploads = running.get(ctx.store) ?? new Map<string, Promise<string>>();
  running.set(ctx.store, uploads);
  const name = JSON.stringify([account.tenant_id, key.accountId, key.kind, key.sha256]);
  const present = uploads.get(name);
  if (present) return { attachmentId: await present, isReused: true };
  const stored = ctx.store
    .forTenant(account.tenant_id)
    .run(readUpload, { key, maxAgeMs: MAX_AGE_MS });
  let isReused = true;
  const finding = stored.then((known) => {
    if (known !== null) return known;
    isReused = false;
    return uploadNow(ctx, account, key, kind, file);
  });
  uploads.set(name, finding);
  try {
    return { attachmentId: await finding, isReused };
  } finally {
    uploads.delete(name);
  }
}

async function uploadNow(
  ctx: MessagingContext,
  account: AccountRow,
  key: UploadKey,
  kind: FileKind,
  file: MediaFile,
): Promise<string> {
  const provider = ctx.providers.get(account.provider as ProviderId);
  if (!provider?.upload) {
    throw new InvalidContentError(
      CONTENT_FIELDS.file,
      `"${account.name}" takes files by their web address alone.`,
      { hint: 'Put the file at a public address and send that.' },
    );
  }
  const attachmentId = await provider.upload(await openConnectionOf(ctx, account), kind, file);
  await ctx.store.forTenant(account.tenant_id).run(noteUpload, { key, attachmentId });
  return attachmentId;
}
