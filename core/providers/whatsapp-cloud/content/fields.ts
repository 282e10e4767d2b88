/** Names of the panel's fields, as errors show them; those that every channel has are in `CONTENT_FIELDS`. */
export const WHATSAPP_FIELDS = {
  template: 'Template',
  variables: 'Variables',
  header: 'Header',
  footer: 'Footer',
  list: 'List',
  listButton: 'List Button',
  linkButton: 'Button Label',
  link: 'Button URL',
  flow: 'Flow',
  products: 'Products',
  catalog: 'Catalogue ID',
  interactive: 'Interactive (JSON)',
  location: 'Location',
  contacts: 'Contacts',
  reaction: 'Message ID',
  sticker: 'Sticker',
} as const;
