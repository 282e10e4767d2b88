import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  IPairedItemData,
  ISourceData,
} from 'n8n-workflow';
import { idempotencyKeys, type SendAgain } from '../../../nodes/shared/idempotencyKey';
import { PACKAGE } from './workflow.ts';

const basics = { group: ['transform' as const], version: 1, description: '', properties: [] };

function type(name: string, execute: (context: IExecuteFunctions) => INodeExecutionData[][]) {
  const node: INodeType = {
    description: {
      ...basics,
      name,
      displayName: name,
      defaults: {},
      inputs: ['main'],
      outputs: ['main', 'main'],
    },
    async execute() {
      return execute(this);
    },
  };
  return node;
}

/** A trigger's place in a test: what the run starts with passes through. */
const passThrough = (name: string) => {
  const node = type(name, (context) => [context.getInputData()]);
  node.trigger = async () => ({});
  return node;
};

/**
 * What a Code node does that returns items of its own making. (Where it returns as many as it got, n8n pairs them by
 * itself, so this one adds a summary.)
 */
const forgetPairs = type('forgetPairs', (context) => {
  const items = context.getInputData().map(({ json }) => ({ json: { text: json.text ?? '' } }));
  return [[...items, { json: { text: 'summary' } }]];
});

/** Each input item becomes three. */
const triple = type('triple', (context) => [
  context
    .getInputData()
    .flatMap((_item, index) =>
      [1, 2, 3].map((n) => ({ json: { n }, pairedItem: { item: index } })),
    ),
]);

/** n8n's Merge, combining by position: each item goes back to one of each input. */
const merge = type('merge', (context) => [
  context.getInputData(0).map(({ json }, item) => ({
    json,
    pairedItem: [0, 1].map((input) => ({ item, input })),
  })),
]);
merge.description.inputs = ['main', 'main'];

interface LoopMemory {
  rest?: INodeExecutionData[];
  sourceOverwrite?: ISourceData;
}

/** n8n's Loop Over Items with a batch size of one, paired as that node does it: output 1 is the loop, 0 is done. */
const loop = type('loop', (context) => {
  const memory = context.getContext('node') as LoopMemory;
  const isFirst = memory.rest === undefined;
  if (isFirst) memory.sourceOverwrite = context.getInputSourceData();
  memory.rest ??= context.getInputData().map(({ json }, item) => ({ json, pairedItem: { item } }));
  const next = memory.rest.shift();
  if (!next) return [[], []];
  const { sourceOverwrite } = memory;
  const pairedItem = next.pairedItem as IPairedItemData;
  return [[], [isFirst ? next : { ...next, pairedItem: { ...pairedItem, sourceOverwrite } }]];
});

/** Shows the idempotency key that a sending node would use. */
const keyProbe = type('keyProbe', (context) => {
  const keyFor = idempotencyKeys(context);
  return [
    context.getInputData().map((item, index) => {
      const choice = {
        sendAgain: context.getNodeParameter('sendAgain', index),
        idempotencyKey: context.getNodeParameter('idempotencyKey', index),
      } as SendAgain;
      return {
        json: { key: keyFor(index, choice, { type: 'text', text: item.json.text ?? 'Oi' }) },
        pairedItem: { item: index },
      };
    }),
  ];
});

keyProbe.description.properties = [
  { displayName: 'Send Again', name: 'sendAgain', type: 'string', default: '' },
  { displayName: 'Key', name: 'idempotencyKey', type: 'string', default: '' },
];

export const probeNodes: Record<string, INodeType> = {
  [`${PACKAGE}.omnichannelTrigger`]: passThrough('omnichannelTrigger'),
  [`${PACKAGE}.metaMessagingTrigger`]: passThrough('metaMessagingTrigger'),
  'n8n-nodes-base.executeWorkflowTrigger': passThrough('executeWorkflowTrigger'),
  'n8n-nodes-base.manualTrigger': passThrough('manualTrigger'),
  [`${PACKAGE}.keyProbe`]: keyProbe,
  'test.forgetPairs': forgetPairs,
  'test.triple': triple,
  'test.loop': loop,
  'test.merge': merge,
};
