import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** A Google service account, by its key file. Tested by `googleServiceAccountTest` of the node that uses it. */
export class GoogleServiceAccountApi implements ICredentialType {
  name = 'googleServiceAccountApi';

  displayName = 'Google Service Account (Calendar) API';

  icon = {
    light: 'file:googleServiceAccount.svg',
    dark: 'file:googleServiceAccount.dark.svg',
  } as const;

  documentationUrl =
    'https://github.com/n8n-nodes-omnichannel/n8n-nodes-omnichannel/blob/main/docs/connect-google-calendar.md';

  restrictToSupportedNodes = true as const;

  properties: INodeProperties[] = [
    {
      displayName: 'Client Email',
      name: 'clientEmail',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. calendar@my-project.iam.gserviceaccount.com',
      description: '"client_email" of the JSON key file of the service account',
      hint: 'Share your calendar with this address: Settings of the calendar → Share with specific people → "Make changes to events".',
    },
    {
      displayName: 'Private Key',
      name: 'privateKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      placeholder: '-----BEGIN PRIVATE KEY-----…',
      description:
        '"private_key" of the JSON key file, with or without its \\n; the whole file works, too',
      hint: 'Google Cloud console → IAM & Admin → Service Accounts → Keys → Add key → JSON',
    },
    {
      displayName: 'Calendar ID',
      name: 'calendarId',
      type: 'string',
      default: '',
      placeholder: 'e.g. clinic@group.calendar.google.com',
      description: 'The calendar that nodes take when they name no other one',
      hint: 'Settings of the calendar → Integrate calendar → Calendar ID. Of your own calendar it is your Gmail address.',
    },
    {
      displayName: 'Time Zone',
      name: 'timezone',
      type: 'string',
      default: 'America/Sao_Paulo',
      placeholder: 'e.g. America/Sao_Paulo',
      description: 'What a time without an offset means, wherever the server stands',
    },
    {
      displayName: 'Delegated User',
      name: 'delegatedUser',
      type: 'string',
      default: '',
      placeholder: 'e.g. reception@my-clinic.com',
      description:
        'Only for Google Workspace with domain-wide delegation: the user whose name it acts in. Needed to invite attendees.',
    },
    {
      displayName: 'Calendar Base URL',
      name: 'calendarBaseUrl',
      type: 'string',
      default: 'https://www.googleapis.com/calendar/v3',
      description: 'Change it only for a sandbox or a proxy',
    },
    {
      displayName: 'Token URL',
      name: 'tokenUrl',
      type: 'string',
      default: 'https://oauth2.googleapis.com/token',
      description: '"token_uri" of the JSON key file; change it only for a sandbox or a proxy',
    },
  ];
}
