import {
  NodeConnectionTypes,
  type IDataObject,
  type IExecuteFunctions,
  type INodeProperties,
  type INodeType,
} from 'n8n-workflow';
import { itemParameters } from '../../nodes/shared/itemParameters';
import { PACKAGE, runWorkflow } from './support/workflow.ts';

const properties = [
  { displayName: 'Text', name: 'text', type: 'string', default: '' },
  {
    displayName: 'Account',
    name: 'account',
    type: 'resourceLocator',
    default: { mode: 'id', value: '' },
    modes: [{ displayName: 'By ID', name: 'id', type: 'string' }],
  },
] as const satisfies INodeProperties[];

const ITEM: IDataObject = {
  name: 'Ana',
  spaced: ' Ana ',
  empty: '',
  number: 7,
  nothing: null,
  list: ['a', 'b'],
  contact: { externalId: '7001002003004005', $name_2: 'Ana {{ $json.name }}' },
};

/** Each expression is read as our nodes read it and as n8n does; how often the first asked n8n is counted. */
async function read(text: string, account = ''): Promise<Record<string, unknown>> {
  const node: INodeType = {
    description: {
      displayName: 'Reader',
      name: 'reader',
      group: ['transform'],
      version: 1,
      description: '',
      defaults: {},
      inputs: [NodeConnectionTypes.Main],
      outputs: [NodeConnectionTypes.Main],
      properties,
    },
    async execute(this: IExecuteFunctions) {
      let asked = 0;
      const getNodeParameter = (...args: Parameters<IExecuteFunctions['getNodeParameter']>) => {
        asked += 1;
        return this.getNodeParameter(...args);
      };
      const watched = new Proxy(this, {
        get: (target, key) =>
          key === 'getNodeParameter' ? getNodeParameter : (Reflect.get(target, key) as unknown),
      });
      const reader = itemParameters(watched, properties)(0);
      const ours = [reader('text'), reader('account')];
      const theirs = [
        this.getNodeParameter('text', 0),
        this.getNodeParameter('account', 0, undefined, { extractValue: true }),
      ].map((value) => (typeof value === 'number' ? String(value) : (value ?? '')));
      return [[{ json: { ours, theirs, asked } }]];
    },
  };
  const { output, error } = await runWorkflow(
    {
      nodes: [
        {
          name: 'Reader',
          type: `${PACKAGE}.reader`,
          parameters: { text, account: { __rl: true, mode: 'id', value: account } },
        },
      ],
      connections: [],
    },
    { nodeTypes: { [`${PACKAGE}.reader`]: node }, items: [{ json: ITEM }] },
  );
  return output('Reader')[0]?.[0]?.json ?? { error };
}

describe('the parameters of an item', () => {
  it.each([
    ['={{ $json.name }}', 'Ana'],
    ['={{$json.contact.externalId}}', '7001002003004005'],
    ['={{ $json.spaced }}', ' Ana '],
    ['={{ $json.empty }}', ''],
    ['=Olá, {{ $json.name }}!\nAté {{\n$json.spaced\n}}amanhã', 'Olá, Ana!\nAté  Ana amanhã'],
    ['={{ $json.contact.$name_2 }}', 'Ana {{ $json.name }}'],
    ['= {{ $json.name }} ', ' Ana '],
    ['=no gap', 'no gap'],
    ['=', ''],
  ])('are looked up in the item where they are fields of it: %j', async (text, expected) => {
    const account = '={{ $json.contact.externalId }}';
    expect(await read(text, account)).toEqual({
      ours: [expected, '7001002003004005'],
      theirs: [expected, '7001002003004005'],
      asked: 0,
    });
  });

  it.each([
    '={{ $json.number }}',
    '={{ $json.nothing }}',
    '={{ $json.missing }}',
    '={{ $json.missing.too }}',
    '={{ $json.name.length }}',
    '={{ $json.name.toUpperCase() }}',
    '={{ $json.list[1] }}',
    "={{ $json['name'] }}",
    '={{ $json.name + "!" }}',
    '={{ $itemIndex }}',
    '=\\{{ $json.name }}',
    '={{ $json.name }} and }}',
    '=Item {{ $json.number }} of {{ $json.name }}',
    'no expression {{ $json.name }}',
  ])('are left to n8n where they are more: %j', async (text) => {
    const { ours, theirs, asked, error } = await read(text, 'fixed');
    expect(error).toBeUndefined();
    expect(ours).toEqual(theirs);
    expect(asked).toBe(2);
  });

  it('are refused by n8n where it sees a danger', async () => {
    const { error } = await read('={{ $json.constructor }}');
    expect(error).toContain('constructor');
  });
});
