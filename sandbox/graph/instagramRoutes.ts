import { allowMethods, unknownPath } from './errors.ts';
import { checkFields, parseFields } from './fields.ts';
import { onlyKeys } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { Accepted } from './messages.ts';

/** Routes of graph.instagram.com. Source: section A.4. */
export async function answerInstagram(call: GraphCall, _withEcho: boolean): Promise<Accepted> {
  const [first, second] = call.segments;
  if (first !== 'me' || second !== undefined) throw unknownPath(call);
  allowMethods(call, ['GET']);
  onlyKeys(call.params, ['fields'], '');
  const known = ['id', 'user_id', 'username', 'name', 'account_type', 'profile_picture_url'];
  const fields = parseFields(call.params.fields) ?? [{ name: 'id' }];
  checkFields(fields, known, 'IGUser');
  const account = call.context.store.state.instagramAccounts[call.token?.accountId ?? ''];
  const all: Record<string, unknown> = {
    user_id: account?.id,
    username: account?.username,
    name: account?.name,
    account_type: account?.accountType,
  };
  return {
    answer: {
      ...Object.fromEntries(fields.map(({ name }) => [name, all[name]])),
      id: account?.scopedId,
    },
  };
}
