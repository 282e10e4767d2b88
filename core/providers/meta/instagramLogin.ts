import type { HttpClient } from '../../http/client';
import { InvalidInputError } from '../../model';
import { createGraphClient } from './client';
import type { GraphAccess } from './client';
import { asId } from '../graph/json';
import { instagramOf } from './pages';
import type { FoundInstagram } from './pages';

/**
 * Whose token of Instagram Login it is: GET /me. `user_id` is the professional account as webhooks name it
 * (`entry[].id`); `id` means something to this app alone.
 * @throws SendError; InvalidInputError when Meta does not say which account it is
 */
export async function readInstagramOwner(
  http: HttpClient,
  access: GraphAccess,
): Promise<FoundInstagram> {
  const me = await createGraphClient({ http }).call(access, {
    method: 'GET',
    path: ['me'],
    query: { fields: 'user_id,username,name,account_type,profile_picture_url' },
    subject: 'the account of the Instagram login',
  });
  const id = asId(me.user_id);
  if (id === null) {
    throw new InvalidInputError(
      'Connect',
      'Instagram does not say which professional account logged in.',
      {
        hint: 'Switch the account to a professional one in the Instagram app, then connect again.',
      },
    );
  }
  return { ...instagramOf(me, `Instagram ${id}`), id };
}
