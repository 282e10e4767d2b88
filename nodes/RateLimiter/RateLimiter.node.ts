import {
  NodeConnectionTypes,
  type IDataObject,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { searchAccounts } from '../shared/accounts';
import { testStoreCredential } from '../shared/credentialTests';
import { listsWithoutCredential } from '../shared/listsWithoutCredential';
import { runOperations, type Outputs } from '../shared/router';
import { operations, properties } from './operations';

const ALLOWED = 0;
const LIMITED = 1;

const TWO_OUTPUTS: Outputs = {
  count: 2,
  of: ({ allowed }: IDataObject) => (allowed === false ? LIMITED : ALLOWED),
  // What could not be counted is not let through.
  ofError: LIMITED,
};
/** An AI Agent reads the first output alone, and `allowed` in it. */
const AS_TOOL: Outputs = { count: 1, of: () => 0, ofError: 0 };

export class RateLimiter implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Rate Limiter',
    name: 'rateLimiter',
    icon: { light: 'file:rateLimiter.svg', dark: 'file:rateLimiter.dark.svg' },
    group: ['transform'],
    version: 1,
    subtitle: '={{ $parameter["operation"] === "consume" ? "take" : $parameter["operation"] }}',
    description: 'Lets as many messages through as an account may send a minute, an hour and a day',
    defaults: { name: 'Rate Limiter' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ['Allowed', 'Limited'],
    credentials: [
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties: listsWithoutCredential(properties),
  };

  methods = {
    listSearch: {
      async searchAccounts(this: ILoadOptionsFunctions, filter?: string) {
        return await searchAccounts(this, filter);
      },
    },
    credentialTest: { omnichannelStoreTest: testStoreCredential },
  };

  async execute(this: IExecuteFunctions) {
    const isTool = this.getNode().type.endsWith('Tool');
    return await runOperations.call(this, operations, isTool ? AS_TOOL : TWO_OUTPUTS);
  }
}
