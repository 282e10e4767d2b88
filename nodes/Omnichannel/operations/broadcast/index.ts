import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf } from '../../../shared/resource';
import { refuseAsTool } from '../../../shared/toolVariant';
import * as cancel from './cancel.operation';
import * as create from './create.operation';
import * as get from './get.operation';
import * as pause from './pause.operation';
import * as preview from './preview.operation';
import * as resume from './resume.operation';
import * as retryFailed from './retryFailed.operation';
import * as start from './start.operation';
import * as test from './test.operation';

export const operations = {
  cancel: refuseAsTool('Broadcast: Cancel', cancel.operation),
  create: refuseAsTool('Broadcast: Create', create.operation),
  get: refuseAsTool('Broadcast: Get', get.operation),
  pause: refuseAsTool('Broadcast: Pause', pause.operation),
  preview: refuseAsTool('Broadcast: Preview', preview.operation),
  resume: refuseAsTool('Broadcast: Resume', resume.operation),
  retryFailed: refuseAsTool('Broadcast: Retry Failed', retryFailed.operation),
  start: refuseAsTool('Broadcast: Start', start.operation),
  test: refuseAsTool('Broadcast: Test', test.operation),
};

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'create',
    displayOptions: { show: { resource: ['broadcast'] } },
    options: [
      {
        name: 'Cancel',
        value: 'cancel',
        description: 'End it for good; what was sent was sent',
        action: 'Cancel a broadcast',
      },
      {
        name: 'Create',
        value: 'create',
        description:
          'Make a draft of all input items: people and messages are frozen, nothing is sent',
        action: 'Create a broadcast',
      },
      {
        name: 'Get',
        value: 'get',
        description: 'How far it is, and what became of its messages',
        action: 'Get a broadcast',
      },
      {
        name: 'Pause',
        value: 'pause',
        description: 'Stop sending; Resume goes on with the rest',
        action: 'Pause a broadcast',
      },
      {
        name: 'Preview',
        value: 'preview',
        description:
          'The first messages with their real variables, and how many people would get theirs',
        action: 'Preview a broadcast',
      },
      {
        name: 'Resume',
        value: 'resume',
        description: 'Go on with those who are left',
        action: 'Resume a broadcast',
      },
      {
        name: 'Retry Failed',
        value: 'retryFailed',
        description: 'Try those again that failed; what was sent is not sent again',
        action: 'Retry the failed messages of a broadcast',
      },
      {
        name: 'Start',
        value: 'start',
        description: 'Send it in the background, at the pace of the account',
        action: 'Start a broadcast',
      },
      {
        name: 'Test',
        value: 'test',
        description: "Send one person's message to your own number",
        action: 'Test a broadcast',
      },
    ],
  },
  ...fieldsOf('broadcast', {
    cancel,
    create,
    get,
    pause,
    preview,
    resume,
    retryFailed,
    start,
    test,
  }),
];
