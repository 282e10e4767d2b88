import type { INodeProperties } from 'n8n-workflow';
import { fieldsOf, operationsOf } from '../../../shared/resource';
import * as assign from './assign.operation';
import * as close from './close.operation';
import * as continueOn from './continueOn.operation';
import * as get from './get.operation';
import * as getMany from './getMany.operation';
import * as getMessages from './getMessages.operation';
import * as handOver from './handOver.operation';
import * as reopen from './reopen.operation';
import * as resumeAutomation from './resumeAutomation.operation';

const files = {
  assign,
  close,
  continueOn,
  get,
  getMany,
  getMessages,
  handOver,
  reopen,
  resumeAutomation,
};

export const operations = operationsOf(files);

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'get',
    displayOptions: { show: { resource: ['conversation'] } },
    options: [
      {
        name: 'Assign',
        value: 'assign',
        description: 'Say who looks after it',
        action: 'Assign a conversation',
      },
      {
        name: 'Close',
        value: 'close',
        description: 'Done with; the next message of the contact opens it again',
        action: 'Close a conversation',
      },
      {
        name: 'Continue on Another Channel',
        value: 'continueOn',
        description: 'Write to the same person where the channel lets it through',
        action: 'Continue a conversation on another channel',
      },
      { name: 'Get', value: 'get', action: 'Get a conversation' },
      { name: 'Get Many', value: 'getMany', action: 'Get many conversations' },
      {
        name: 'Get Messages',
        value: 'getMessages',
        description: 'What was written in both directions',
        action: 'Get the messages of a conversation',
      },
      {
        name: 'Hand Over',
        value: 'handOver',
        description: 'Leave it to a person: triggers skip it meanwhile',
        action: 'Hand a conversation over to a person',
      },
      { name: 'Reopen', value: 'reopen', action: 'Reopen a conversation' },
      {
        name: 'Resume Automation',
        value: 'resumeAutomation',
        description: 'Give it back: automation answers again',
        action: 'Give a conversation back to automation',
      },
    ],
  },
  ...fieldsOf('conversation', files),
];
