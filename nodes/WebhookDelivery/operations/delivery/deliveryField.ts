import type { INodeProperties } from 'n8n-workflow';

/** Which delivery an operation is about. */
export const deliveryField = {
  displayName: 'Delivery ID',
  name: 'delivery',
  type: 'string',
  default: '={{ $json.deliveryId }}',
  required: true,
  placeholder: 'e.g. 01JD3Z8Q4T6W8Y0A2C4E6G8J0M',
  description: 'The deliveryId of an attempt in the log, or of an alert',
} as const satisfies INodeProperties;
