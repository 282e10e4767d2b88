import type { INodeProperties } from 'n8n-workflow';

export const mediaIdProperty = {
  displayName: 'Media ID',
  name: 'mediaId',
  type: 'string',
  default: '={{ $json.message.attachments[0].providerMediaId }}',
  required: true,
  placeholder: 'e.g. 1013859600285441',
  description:
    "WhatsApp's ID of a file: of a received message (kept for 7 days), or of an upload (30 days)",
} as const satisfies INodeProperties;
