import type { INodeProperties } from 'n8n-workflow';
import { InvalidInputError } from '../../core/model/errors';
import type { SignedWebhookInput } from '../../core/webhooks';
import { storeOption, tenantOption } from '../shared/commonOptions';
import type { TriggerSettings } from '../shared/consume';
import type { DoorOptions } from '../shared/door/lifecycle';
import { tenantId } from '../shared/openApp';
import { parameterReader, type ParameterContext } from '../shared/parameters';
import { batchSizeOption, catchUpOption } from '../shared/triggerOptions';
import { schemeProperties } from './schemeProperties';

export const triggerProperties = [
  {
    displayName:
      'Give the sender the <b>Production URL</b> above and the secret of the credential. A call is answered with 200 only after it is stored; without a valid signature it gets 401 and leaves nothing.',
    name: 'doorNotice',
    type: 'notice',
    default: '',
  },
  ...schemeProperties,
  {
    displayName: 'Options',
    name: 'options',
    type: 'collection',
    placeholder: 'Add Option',
    default: {},
    options: [
      batchSizeOption,
      catchUpOption,
      {
        displayName: 'Repeats',
        name: 'repeats',
        type: 'options',
        default: 'id',
        description:
          'Which calls are taken for repeats: they are answered with 200 and start nothing',
        options: [
          {
            name: 'Same Content',
            value: 'content',
            description:
              'The same signed bytes within 30 days, whatever ID the call gives. For schemes that do not sign the ID.',
          },
          {
            name: 'Same ID',
            value: 'id',
            description: 'The same ID within 30 days; of a sender without IDs the same content',
          },
          {
            name: 'Take Every Call',
            value: 'never',
            description: "Also a sender's retries and recorded calls that somebody plays back",
          },
        ],
      },
      storeOption,
      tenantOption,
      {
        displayName: 'Timestamp Tolerance (Seconds)',
        name: 'toleranceSeconds',
        type: 'number',
        typeOptions: { minValue: 1, maxValue: 86400, numberPrecision: 0 },
        default: 300,
        description:
          "How far the signed time may lie from this machine's clock, before or after. Only Standard Webhooks signs a time.",
      },
    ],
  },
] as const satisfies INodeProperties[];

const readerOf = (context: ParameterContext) =>
  parameterReader(triggerProperties, (name) => context.getNodeParameter(name, undefined));

export interface SignedDoorOptions extends DoorOptions {
  /** Which calls are taken for repeats. */
  repeats: 'id' | 'content' | 'never';
}

/** Where this door keeps what comes in, and what it drops. */
export function readDoorOptions(context: ParameterContext): SignedDoorOptions {
  const { tenant, store, repeats = 'id' } = readerOf(context)('options');
  return { tenant, store, repeats };
}

type Scheme = Pick<SignedWebhookInput, 'scheme' | 'toleranceSeconds' | 'customHeader'>;

/** How calls are verified. @throws InvalidInputError when the header of choice has no name */
export function readScheme(context: ParameterContext): Scheme {
  const read = readerOf(context);
  const scheme = read('scheme');
  const { toleranceSeconds = 300 } = read('options');
  if (scheme !== 'customHeader') return { scheme, toleranceSeconds };
  const name = read('headerName').trim();
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) {
    throw new InvalidInputError('Header Name', `"${name}" is not the name of a header.`, {
      hint: "Take it from the sender's documentation, for example X-Signature.",
    });
  }
  return {
    scheme,
    toleranceSeconds,
    customHeader: {
      name,
      prefix: read('headerPrefix'),
      encoding: read('encoding'),
      algorithm: read('algorithm'),
    },
  };
}

/** Everything the consumer needs, read once: the calls of this door alone. */
export function readTriggerSettings(context: ParameterContext, doorId: string): TriggerSettings {
  const options = readerOf(context)('options');
  return {
    tenantId: tenantId(options.tenant),
    store: options.store,
    filter: { types: ['webhook.received'], accountIds: [doorId] },
    batchSize: options.batchSize ?? 1,
    batchWaitMs: 0,
    catchUpHours: options.catchUpHours ?? 24,
  };
}
