/** Names of the panel's fields, as errors show them. */
export const CONTENT_FIELDS = {
  type: 'Content',
  text: 'Text',
  url: 'URL',
  attachmentId: 'Attachment ID',
  file: 'Input Binary Field',
  caption: 'Caption',
  images: 'Images',
  buttons: 'Buttons',
  quickReplies: 'Quick Replies',
  cards: 'Cards',
  products: 'Product IDs',
  post: 'Post ID',
  replyTo: 'Reply To',
  humanAgent: 'Human Agent',
  notification: 'Notification',
  linkPreview: 'Show Link Preview',
} as const;
