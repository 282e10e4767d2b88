/** What keeps Meta's webhooks from arriving, by what its documentation says of them; the most likely first. */
export const WHEN_SILENT: readonly string[] = [
  "In your app's dashboard at Meta, under Webhooks: is the callback URL still the address of a door, and are the fields subscribed? After an hour of failed calls Meta switches a subscription off.",
  'Is the app published? In development mode only messages of its own people arrive.',
  'Instagram: is "Allow access to messages" still on (Settings, Messages and story replies, Message controls, Connected tools)?',
];
