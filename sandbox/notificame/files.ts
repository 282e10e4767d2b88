import type { Context } from '../context.ts';
import type { FetchedFile, HubMessage } from './model.ts';

const TIMEOUT_MS = 10_000;

/** The hub fetches the files of a message; the sandbox does so from this machine alone, and reaches nothing else. */
export async function fetchFiles({ store }: Context, message: HubMessage): Promise<void> {
  const addresses = message.contents.map(({ fileUrl }) =>
    typeof fileUrl === 'string' ? URL.parse(fileUrl) : null,
  );
  if (!addresses.some(isHere)) return;
  message.files = await Promise.all(
    addresses.map(async (url) => (isHere(url) ? await fetchFile(url) : null)),
  );
  store.changed();
}

function isHere(url: URL | null): url is URL {
  return url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}

async function fetchFile(url: URL): Promise<FetchedFile> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { byteLength: size } = await answer.arrayBuffer();
    return { status: answer.status, type: answer.headers.get('content-type'), size };
  } catch {
    return { status: null, type: null, size: 0 };
  }
}
