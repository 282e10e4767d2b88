import type { DeliveryFailure, InboundEvent } from '../../../model';
import { asItems, asNumber, asObject } from '../../graph/json';
import type { JsonObject } from '../../graph/json';
import { failureOf } from '../../whatsapp-cloud/errors';
import { personOf } from './people';
import { fingerprint, idAt, inboundEvent, unrecognised, wordsAt, type Scope } from './scope';

type Told = Extract<InboundEvent, { kind: 'status' }>['status'];

/** The dialect's codes that say what became of a message. */
const STATUS_OF_CODE = new Map<string, Told>([
  ['ACCEPTED', 'sent'],
  ['VERIFIED', 'sent'],
  ['SENT', 'sent'],
  ['DELIVERED', 'delivered'],
  ['READ', 'read'],
  ['REJECTED', 'failed'],
  ['NOT_DELIVERED', 'failed'],
]);
/** Known, and nothing that a message's status tells: told to those who ask. */
const OTHER_CODES: readonly string[] = ['DELETED', 'CLICKED'];

/** `MESSAGE_STATUS`: one message of ours, by the hub's id and by the provider's. */
export function parseStatus(scope: Scope, event: JsonObject): InboundEvent {
  const message = asObject(event.message);
  const said = asObject(event.messageStatus) ?? asObject(event.status) ?? event;
  const code = (wordsAt(said, 'code', 'status') ?? wordsAt(event, 'status'))?.toUpperCase() ?? '';
  const hubId = idAt(event, 'messageId') ?? idAt(message, 'id');
  const providerId =
    idAt(event, 'providerMessageId') ?? idAt(message, 'externalId', 'providerMessageId');
  const name = hubId ?? providerId;
  const status = STATUS_OF_CODE.get(code);
  if (name === null || (status === undefined && !OTHER_CODES.includes(code))) {
    return unrecognised(scope, event, `status ${code}`);
  }
  const key = [name, idAt(event, 'contentIndex') ?? '0', code];
  if (status === undefined) {
    // Of an open link there may be many.
    return inboundEvent(scope, event, [...key, fingerprint(event)], {
      kind: 'activity',
      contact: null,
      field: 'message_status',
      item: 'message',
      verb: code.toLowerCase(),
      providerId: name,
      postId: null,
      parentId: null,
      text: wordsAt(said, 'description'),
      isOwn: true,
    });
  }
  const to = idAt(message, 'to');
  return inboundEvent(scope, event, key, {
    kind: 'status',
    contact: to === null || message === null ? null : personOf(scope.channel, to, {}),
    providerId: name,
    ...(providerId === null || providerId === name ? {} : { otherProviderId: providerId }),
    status,
    marker: null,
    price: null,
    failure: status === 'failed' ? readFailure(scope, said) : null,
  });
}

/** The cause carries the code of the channel below: of WhatsApp that is Meta's own, whose table says what to do. */
function readFailure({ channel }: Scope, said: JsonObject): DeliveryFailure {
  const [cause = null] = asItems(said.causes).map(asObject);
  const code = asNumber(cause?.channelErrorCode);
  const details =
    wordsAt(cause, 'details') ?? wordsAt(cause, 'reason') ?? wordsAt(said, 'description');
  if (channel === 'whatsapp' && code !== null) {
    const known = failureOf({ code, error_data: { details } }, 'The message');
    if (known) return known;
  }
  const quote = details === null ? '' : ` NotificaMe says: "${details.slice(0, 300)}"`;
  const by = code === null ? '' : ` (code ${code})`;
  return {
    reason: 'provider_rejected',
    detail: `The message was accepted and then not delivered${by}.${quote} Look at the channel and the recipient in the panel of NotificaMe.`,
    retryable: false,
    code: code ?? 0,
    stopsAccount: false,
  };
}
