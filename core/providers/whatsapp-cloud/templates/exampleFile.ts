import type { HttpClient } from '../../../http/client';
import { InvalidInputError, ProviderError } from '../../../model';
import { asText } from '../../graph/json';
import type { ProviderConnection } from '../../provider';
import { accessOf, createCloudClient } from '../client';
import type { NewMedia } from '../media';
import { getSubscribedApps } from '../subscribe';

/** Ids of an app are numbers. */
const APP_ID = /^\d{5,20}$/;
/** `upload:MTphdHRhY2htZW50…?sig=ARZ…` */
const UPLOAD_SESSION = /^upload:[^\s/#]+$/;

/**
 * Hands over an example of a file for the header of a template, and returns the handle that the template names. Meta's
 * Resumable Upload API: a session is opened at the app (`POST /{app}/uploads`), the bytes go to the session.
 * @param appId of the token's app; null: that which is subscribed to the business account
 * @throws SendError; InvalidInputError when the app is not known
 */
export async function uploadExample(
  http: HttpClient,
  connection: ProviderConnection,
  file: NewMedia,
  appId: string | null,
): Promise<string> {
  const client = createCloudClient({ http });
  const access = accessOf(connection);
  const subject = `the example file "${file.name}"`;
  const session = await client.call(access, {
    method: 'POST',
    path: [appId ?? (await appOf(http, connection)), 'uploads'],
    query: {
      file_name: file.name,
      file_length: String(file.bytes.byteLength),
      file_type: file.mimeType,
    },
    subject,
  });
  const id = asText(session.id) ?? '';
  if (UPLOAD_SESSION.test(id)) {
    const handle = asText((await client.uploadTo(access, id, file, subject)).h);
    if (handle !== null) return handle;
  }
  throw new ProviderError(
    'provider_unavailable',
    `Meta took ${subject} but gave no handle for it.`,
    'unavailable',
    null,
    null,
    { hint: 'Try again.' },
  );
}

/** A token does not tell its app; the apps that hear of the business account are known. */
async function appOf(http: HttpClient, connection: ProviderConnection): Promise<string> {
  const apps = await getSubscribedApps(http, connection);
  const [first] = apps;
  if (first && apps.length === 1) return first.id;
  throw new InvalidInputError(
    'App ID',
    apps.length === 0
      ? `No app is subscribed to the business account of "${connection.account.name}", so it is not known to which app an example file goes.`
      : `${apps.length} apps are subscribed to the business account of "${connection.account.name}" (${apps.map(({ id }) => id).join(', ')}).`,
    {
      hint: 'Add the option App ID: the number that the dashboard of your Meta app shows at its top.',
    },
  );
}

/** @throws InvalidInputError */
export function checkedAppId(value: string | undefined): string | null {
  const id = value?.trim() ?? '';
  if (id === '') return null;
  if (APP_ID.test(id)) return id;
  throw new InvalidInputError('App ID', `"${id}" is no ID of a Meta app.`, {
    hint: 'It is a number, and stands at the top of the dashboard of your app.',
  });
}
