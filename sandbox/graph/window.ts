import { DAY_MS } from '../world/threads.ts';
import { badParameter, GraphError } from './errors.ts';
import type {
  App,
  Channel,
  Conversation,
  Persona,
  StoredAttachment,
  WorldState,
} from '../model.ts';

const WINDOW_MS: Record<string, number | undefined> = {
  HUMAN_AGENT: 7 * DAY_MS,
  CUSTOMER_FEEDBACK: 7 * DAY_MS,
};

/** Refuses a message outside the 24 hours (7 days for a person's answer and for feedback). Source: sections B.5, B.7. */
export function checkWindow(
  channel: Channel,
  conversation: Conversation | undefined,
  tag: string | undefined,
  now: number,
): void {
  const last = conversation?.lastUserActionAt;
  const allowed = WINDOW_MS[tag ?? ''] ?? DAY_MS;
  if (last !== undefined && now - last <= allowed) return;
  throw new GraphError({
    code: 10,
    subcode: channel === 'messenger' ? 2018278 : 2534022,
    message: '(#10) This message is sent outside of allowed window.',
  });
}

/** The tag goes with its template alone, once per thread in 7 days. Source: section B.5. */
export function checkFeedback(
  state: WorldState,
  conversation: Conversation | undefined,
  message: { attachments: StoredAttachment[] },
  now: number,
): void {
  if (message.attachments[0]?.payload?.template_type !== 'customer_feedback') {
    throw badParameter('The tag CUSTOMER_FEEDBACK goes with the customer_feedback template.');
  }
  const isRecent = conversation?.mids.some((mid) => {
    const earlier = state.messages[mid];
    return earlier?.tag === 'CUSTOMER_FEEDBACK' && now - earlier.createdAt < 7 * DAY_MS;
  });
  if (isRecent === true) {
    throw badParameter('This thread had a customer feedback request within 7 days.');
  }
}

/** Refuses a person who does not exist for the account or cannot be written to. Source: section B.7. */
export function checkReachable(app: App, persona: Persona): void {
  if (app.mode === 'development' && !persona.hasRole) {
    throw new GraphError({
      code: 200,
      subcode: 2018028,
      message:
        '(#200) Cannot message users who are not admins, developers or testers of the app until pages_messaging permission is reviewed and the app is live.',
    });
  }
  switch (persona.unreachable) {
    case undefined:
      return;
    case 'blocked':
      throw badParameter('This person has blocked the account.', 2534029);
    case 'cannotReceive':
      throw new GraphError({
        code: 10,
        subcode: 2018108,
        message: "(#10) This person can't receive messages from this account.",
      });
    case 'unavailable':
      throw new GraphError({
        code: 551,
        subcode: 1545041,
        message: "(#551) This person isn't available right now.",
      });
    case 'threadArchived':
      throw new GraphError({ code: 2534001, message: '(#2534001) The thread is archived.' });
  }
}

/** 100/2018001 and 100/2534014: no such person for this Page or account. Source: section B.7. */
export function unknownRecipient(channel: Channel): GraphError {
  return channel === 'messenger'
    ? badParameter('No matching user found', 2018001)
    : badParameter('The requested user cannot be found.', 2534014);
}
