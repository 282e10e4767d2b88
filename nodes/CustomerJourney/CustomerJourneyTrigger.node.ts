import {
  NodeConnectionTypes,
  NodeOperationError,
  type IDataObject,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type ITriggerFunctions,
} from 'n8n-workflow';
import type { JourneyItem } from '../../core/journeys/due';
import { runTrigger, triggerId } from '../shared/consume';
import { testStoreCredential } from '../shared/credentialTests';
import { emitAndAwait } from '../shared/emitAndAwait';
import { core } from '../shared/loadCore';
import { openApp } from '../shared/openApp';
import { journeyProperties, readJourneySettings } from './journeyProperties';

export class CustomerJourneyTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Customer Journey Trigger',
    name: 'customerJourneyTrigger',
    icon: { light: 'file:customerJourney.svg', dark: 'file:customerJourney.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["journey"] }}',
    description:
      'Start when something is due: before and after an appointment, on a birthday, when a lead went silent',
    eventTriggerDescription: '',
    activationMessage: 'What becomes due from now on will start this workflow.',
    defaults: { name: 'Customer Journey Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [
      {
        name: 'omnichannelStoreApi',
        required: true,
        testedBy: 'omnichannelStoreTest',
        displayOptions: { show: { 'options.store': ['credential'] } },
      },
    ],
    properties: journeyProperties,
  };

  methods = { credentialTest: { omnichannelStoreTest: testStoreCredential } };

  async trigger(this: ITriggerFunctions) {
    const { tenantId, store, watch } = readJourneySettings(this);
    return await runTrigger(this, {
      store,
      show: async () => {
        const app = await openApp(this, store);
        const item = await core.due.previewJourney(app, tenantId, watch);
        if (!item) throw new NodeOperationError(this.getNode(), NOTHING_YET[watch.kind]);
        this.emit([[toExecutionData(item)]]);
      },
      start: async (app) =>
        await core.due.startJourneyTrigger(app, {
          triggerId: triggerId(this),
          tenantId,
          name: `${this.getWorkflow().name ?? ''}: ${this.getNode().name}`,
          watch,
          emit: async (item) =>
            await emitAndAwait(this, [toExecutionData(item)], app.host.executionsMode),
        }),
    });
  }
}

const NO_APPOINTMENT =
  'No appointment matches, within a year before and after today. Save one with the node Omnichannel (Appointment: Create or Update), or watch a calendar, then try again.';

const NOTHING_YET: Record<JourneyItem['journey']['kind'], string> = {
  appointmentCreated: NO_APPOINTMENT,
  appointmentUpcoming: NO_APPOINTMENT,
  appointmentFinished: NO_APPOINTMENT,
  birthday:
    'No contact has a birthday. Save one with the node Omnichannel (Contact: Create or Update), then try again.',
  unansweredLead:
    'No open conversation matches. Write to a connected account and answer it, or change "Waiting For" under Options, then try again.',
};

/** A JourneyItem is JSON by construction. */
function toExecutionData(item: JourneyItem): INodeExecutionData {
  return { json: item as unknown as IDataObject };
}
