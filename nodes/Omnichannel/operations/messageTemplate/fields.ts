import type { INodeProperties } from 'n8n-workflow';
import type {
  TemplateButton,
  TemplateMedia,
  TemplateText,
  WhatsAppMapping,
} from '../../../../core/messaging/messageTemplates';
import type { Channel } from '../../../../core/model/channels';
import { channelOptions } from '../../../shared/channelOptions';
import type { MappedValues } from '../../../shared/parameters';
import { chosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import { templateLocator, variablesMapper } from '../../../WhatsAppCloud/content/templateField';

export const nameField = {
  displayName: 'Name',
  name: 'templateName',
  type: 'string',
  default: '',
  required: true,
  placeholder: 'e.g. Appointment reminder',
  description: 'What your colleagues call it; customers do not see it',
} as const satisfies INodeProperties;

const channelChoices: Array<{ name: string; value: Channel | 'all' }> = [
  { name: 'All Channels', value: 'all' },
  ...channelOptions.filter(({ value }) => value !== 'calendar'),
];

export const textsField = {
  displayName: 'Texts',
  name: 'texts',
  type: 'fixedCollection',
  typeOptions: { multipleValues: true, sortable: true },
  default: {},
  placeholder: 'Add Text',
  description:
    'One for all channels in each language, and others where a channel is to have its own. The first language is for people of whose own there is none.',
  hint: 'Variables in single braces: {name}, or {name|there} with what stands there where nothing is given. Write \\{ for a brace.',
  options: [
    {
      displayName: 'Text',
      name: 'text',
      values: [
        {
          displayName: 'Channel',
          name: 'channel',
          type: 'options',
          default: 'all',
          options: channelChoices,
        },
        {
          displayName: 'Language',
          name: 'language',
          type: 'string',
          default: 'pt-BR',
          placeholder: 'e.g. en',
        },
        {
          displayName: 'Text',
          name: 'text',
          type: 'string',
          typeOptions: { rows: 4 },
          default: '',
          placeholder: 'e.g. Hello {name|there}, see you on {date} at {time}.',
        },
        {
          displayName: 'With Buttons',
          name: 'buttons',
          type: 'string',
          typeOptions: { rows: 3 },
          default: '',
          placeholder: 'e.g. Confirm | CONFIRM:{appointment}',
          description:
            'One on each line, and behind a bar what a tap reports back (without one, the words). Buttons, quick replies or numbered lines, as the channel has them.',
        },
        {
          displayName: 'With File',
          name: 'mediaKind',
          type: 'options',
          default: 'none',
          options: [
            { name: 'Audio', value: 'audio' },
            { name: 'Document', value: 'file' },
            { name: 'Image', value: 'image' },
            { name: 'None', value: 'none' },
            { name: 'Video', value: 'video' },
          ],
        },
        {
          displayName: 'With File From',
          name: 'mediaUrl',
          type: 'string',
          default: '',
          displayOptions: { hide: { mediaKind: ['none'] } },
          placeholder: 'e.g. https://clinic.example/prices.pdf or {document}',
          description: 'A public address; the text stands beside the file',
        },
        {
          displayName: 'With File Named',
          name: 'mediaName',
          type: 'string',
          default: '',
          displayOptions: { show: { mediaKind: ['file'] } },
          placeholder: 'e.g. prices.pdf',
        },
      ],
    },
  ],
} as const satisfies INodeProperties;

export const categoryOptions = [
  { name: 'As the Sending Node Says', value: 'none' },
  { name: 'Marketing', value: 'marketing' },
  { name: 'Response', value: 'response' },
  { name: 'Utility', value: 'utility' },
] as const;

export const categoryField = {
  displayName: 'Category',
  name: 'templateCategory',
  type: 'options',
  default: 'none',
  description: 'What messages with it are, where the node that sends leaves Category at Response',
  options: [...categoryOptions],
} as const satisfies INodeProperties;

export const mappingOptions = [
  { name: 'None', value: 'none', description: 'Where the window is closed, nothing goes' },
  {
    name: 'An Approved WhatsApp Template',
    value: 'template',
    description: 'The one below, with texts and variables of this template in its places',
  },
] as const;

export const mappingField = {
  displayName: 'When the Window Is Closed',
  name: 'whatsAppMapping',
  type: 'options',
  noDataExpression: true,
  default: 'none',
  description: 'What goes on WhatsApp where the customer has not written within 24 hours',
  options: [...mappingOptions],
} as const satisfies INodeProperties;

const WITH_TEMPLATE = { show: { whatsAppMapping: ['template'] } };

export const mappedTemplateFields = [
  {
    ...templateLocator,
    displayName: 'WhatsApp Template',
    description: 'An approved template of the first connected WhatsApp account',
    displayOptions: WITH_TEMPLATE,
  },
  {
    ...variablesMapper,
    displayName: 'Its Variables',
    description: 'What stands in its places: texts, with variables such as {name}',
    displayOptions: WITH_TEMPLATE,
  },
] as const satisfies INodeProperties[];

interface TextRow {
  channel: string;
  language: string;
  text: string;
  buttons?: string;
  mediaKind?: 'none' | TemplateMedia['kind'];
  mediaUrl?: string;
  mediaName?: string;
}

export function readTexts(rows: TextRow[] | undefined): TemplateText[] {
  return (rows ?? []).map(({ channel, language, text, buttons, ...file }) => ({
    language,
    channel: channel === 'all' ? null : (channel as Channel),
    text,
    buttons: readButtons(buttons ?? ''),
    media: readMedia(file),
  }));
}

/** One on each line: `Confirm | CONFIRM`; a bar within braces is one of a variable. */
function readButtons(lines: string): TemplateButton[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, title = '', payload = ''] = /^((?:\{[^}]*\}|[^|])*)(?:\|(.*))?$/.exec(line) ?? [];
      return { title: title.trim(), payload: payload.trim() || title.trim() };
    });
}

function readMedia({
  mediaKind = 'none',
  mediaUrl = '',
  mediaName = '',
}: Pick<TextRow, 'mediaKind' | 'mediaUrl' | 'mediaName'>): TemplateMedia | null {
  if (mediaKind === 'none') return null;
  return { kind: mediaKind, url: mediaUrl.trim(), fileName: mediaName.trim() || null };
}

export function readMapping(template: string, variables: MappedValues): WhatsAppMapping {
  const { name, language, values } = chosenTemplate(template, variables);
  return { name, language, values };
}
