import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import * as get from './get.operation';

export const operations = { get: get.operation };

const showForStatistics = { show: { resource: ['statistics'] } };

export const properties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    default: 'get',
    displayOptions: showForStatistics,
    options: [
      {
        name: 'Get',
        value: 'get',
        description: 'Messages, answers, journeys, attendants, conversions and ratings of a period',
        action: 'Get statistics',
      },
    ],
  },
  ...updateDisplayOptions({ show: { ...showForStatistics.show, operation: ['get'] } }, [
    ...get.properties,
  ]),
];
