import type { INodeProperties } from 'n8n-workflow';
import { mustHave } from '../../../shared/mustHave';

/** Which conversation. */
export const conversationField = {
  displayName: 'Conversation',
  name: 'conversation',
  type: 'string',
  default: '={{ $json.conversation.id }}',
  required: true,
  placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
  description: 'Which one, as triggers and "Get Many" name it',

  hint: "If other nodes stand between, use {{ $('Omnichannel Trigger').item.json.conversation.id }}.",
} as const satisfies INodeProperties;

/** @throws InvalidInputError when it is empty */
export function mustBeConversation(value: string): string {
  return mustHave(
    'Conversation',
    value,
    "Use the trigger item's conversation.id. Items of other nodes may not have it.",
  );
}
