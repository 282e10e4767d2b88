import { checkFields, parseFields } from './fields.ts';
import { actsFor, checkMayRead, type Actor } from './actor.ts';
import { GraphError, unknownObject } from './errors.ts';
import { onlyKeys } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { Persona } from '../model.ts';

const MESSENGER_FIELDS = [
  'id',
  'first_name',
  'last_name',
  'name',
  'profile_pic',
  'locale',
  'timezone',
  'gender',
];
const INSTAGRAM_FIELDS = [
  'id',
  'name',
  'username',
  'profile_pic',
  'follower_count',
  'is_verified_user',
  'is_user_follow_business',
  'is_business_follow_user',
];

/** `GET /{psid}` and `GET /{igsid}`. Source: section B.9. */
export function readProfile(
  call: GraphCall,
  actor: Actor,
  persona: Persona,
): Record<string, unknown> {
  onlyKeys(call.params, ['fields'], '');
  if (!actsFor(actor, persona.accountId)) throw unknownObject('get', persona.id);
  const isMessenger = persona.channel === 'messenger';
  checkMayRead(call, actor, persona.channel);
  if (!persona.known) throw unknownObject('get', persona.id);
  if (!isMessenger && !persona.consented) {
    throw new GraphError({
      code: 230,
      message: '(#230) User consent is required to access user profile',
    });
  }
  const known = isMessenger ? MESSENGER_FIELDS : INSTAGRAM_FIELDS;
  const fields = parseFields(call.params.fields) ?? defaultFields(isMessenger);
  checkFields(fields, known, 'User');
  const all = describe(call, persona);
  const answer: Record<string, unknown> = {};
  for (const field of fields) answer[field.name] = all[field.name];
  answer.id = persona.id;
  return answer;
}

function defaultFields(isMessenger: boolean): Array<{ name: string }> {
  const names = isMessenger
    ? ['first_name', 'last_name', 'profile_pic']
    : ['name', 'username', 'profile_pic'];
  return names.map((name) => ({ name }));
}

function describe(call: GraphCall, persona: Persona): Record<string, unknown> {
  return {
    id: persona.id,
    first_name: persona.firstName,
    last_name: persona.lastName,
    name: `${persona.firstName} ${persona.lastName}`,
    username: persona.username,
    profile_pic: `${call.context.publicUrl()}/_sandbox/avatars/${persona.id}.svg`,
    locale: persona.locale,
    timezone: persona.timezone,
    gender: persona.gender,
    follower_count: persona.followerCount,
    is_verified_user: persona.isVerified,
    is_user_follow_business: persona.followsBusiness,
    is_business_follow_user: persona.followedByBusiness,
  };
}
