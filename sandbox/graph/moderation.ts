import { findConversation } from '../world/threads.ts';
import { badParameter, missingPermission } from './errors.ts';
import { asList, asObject, oneOf, onlyKeys, optionalId } from './validation.ts';
import type { GraphCall } from './call.ts';
import type { Page, Persona } from '../model.ts';

const ACTIONS = ['block_user', 'unblock_user', 'move_to_spam'] as const;

/** `POST /{page-id}/moderate_conversations`, for Instagram through a Page. Source: section B.9. */
export function moderateConversations(call: GraphCall, page: Page): Record<string, unknown> {
  onlyKeys(call.params, ['user_ids', 'actions'], '');
  const scope = 'instagram_manage_messages';
  if (!call.scopes.includes(scope)) throw missingPermission(scope);
  const actions = asList(call.params.actions, 'actions', 1, ACTIONS.length).map((action, index) =>
    oneOf(action, ACTIONS, `actions[${index}]`),
  );
  const people = asList(call.params.user_ids, 'user_ids', 1, 10).map((entry, index) => {
    const path = `user_ids[${index}]`;
    const item = asObject(entry, path);
    onlyKeys(item, ['id'], path);
    return findPerson(call, page, optionalId(item, 'id', path), path);
  });
  for (const person of people) {
    for (const action of actions) moderate(call, person, action);
  }
  call.context.store.changed();
  return { success: true };
}

function findPerson(call: GraphCall, page: Page, id: string | undefined, path: string): Persona {
  const persona = call.context.store.state.personas[id ?? ''];
  const isOwn = persona?.known === true && persona.accountId === page.instagramAccountId;
  if (!isOwn) throw badParameter(`Param ${path}.id is not a person of this account.`);
  return persona;
}

function moderate(call: GraphCall, person: Persona, action: (typeof ACTIONS)[number]): void {
  if (action === 'block_user') person.unreachable = 'blocked';
  else if (action === 'unblock_user') {
    if (person.unreachable === 'blocked') delete person.unreachable;
  } else {
    const conversation = findConversation(call.context.store.state, person.id);
    if (conversation !== undefined) conversation.isSpam = true;
  }
}
