import {
  NodeConnectionTypes,
  type IExecuteFunctions,
  type ILoadOptionsFunctions,
  type INodeType,
  type INodeTypeDescription,
} from 'n8n-workflow';
import { testGoogleCredential, testStoreCredential } from '../shared/credentialTests';
import { runOperations } from '../shared/router';
import { searchCalendars } from './fields';
import { operations, properties } from './operations';

export class GoogleCalendarServiceAccount implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Google Calendar (Service Account)',
    name: 'googleCalendarServiceAccount',
    icon: { light: 'file:googleCalendar.svg', dark: 'file:googleCalendar.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description:
      'Works with Google calendars through a service account, without anybody logging in',
    defaults: { name: 'Google Calendar (Service Account)' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      { name: 'googleServiceAccountApi', required: true, testedBy: 'googleServiceAccountTest' },
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties,
  };

  methods = {
    listSearch: {
      async searchCalendars(this: ILoadOptionsFunctions, filter?: string) {
        return await searchCalendars(this, filter);
      },
    },
    credentialTest: {
      googleServiceAccountTest: testGoogleCredential,
      omnichannelStoreTest: testStoreCredential,
    },
  };

  async execute(this: IExecuteFunctions) {
    return await runOperations.call(this, operations);
  }
}
