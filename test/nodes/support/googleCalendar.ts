import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { GoogleCalendarServiceAccount } from '../../../nodes/GoogleCalendar/GoogleCalendarServiceAccount.node';
import type { Instance } from './instance.ts';
import { probeNodes } from './probeNodes.ts';
import { PACKAGE, runWorkflow, type FinishedRun } from './workflow.ts';

/** A visit as the panel sends it, in the calendar of the credential. */
export const VISIT = {
  calendar: byId(''),
  summary: 'Limpeza',
  start: '2027-03-10T14:00:00',
  end: '',
};

/** A calendar named by its id; empty = that of the credential. */
export function byId(value: string) {
  return { __rl: true, mode: 'id', value };
}

/** What a credential for the sandbox's service account holds. */
export function credentialOf({ sandbox }: Instance): Record<string, string> {
  const { google } = sandbox.seed;
  return {
    clientEmail: google.clientEmail,
    privateKey: google.privateKey,
    calendarId: google.calendarId,
    timezone: google.timeZone,
    delegatedUser: '',
    calendarBaseUrl: google.calendarBaseUrl,
    tokenUrl: google.tokenUrl,
  };
}

/** Runs operations of the node Google Calendar, named `resource: operation`. */
export function calendarNode(credential: () => Record<string, string>) {
  const run = async (
    operation: string,
    parameters: IDataObject,
    options: { items?: IDataObject[]; onError?: boolean; executionId?: string } = {},
  ): Promise<FinishedRun> => {
    const [resource, name] = operation.split(': ');
    const items = (options.items ?? [{}]).map((json): INodeExecutionData => ({ json }));
    return runWorkflow(
      {
        id: 'calendar-workflow',
        nodes: [
          { name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
          {
            name: 'Calendar',
            type: `${PACKAGE}.googleCalendarServiceAccount`,
            parameters: {
              resource,
              operation: name,
              options: {},
              details: {},
              ...parameters,
            } as never,
            credentials: { googleServiceAccountApi: { id: '1', name: 'Google' } },
            ...(options.onError ? { onError: 'continueRegularOutput' as const } : {}),
          },
        ],
        connections: [['Start', 'Calendar']],
      },
      {
        nodeTypes: {
          ...probeNodes,
          [`${PACKAGE}.googleCalendarServiceAccount`]: new GoogleCalendarServiceAccount(),
        },
        items,
        credentials: { googleServiceAccountApi: credential() },
        ...(options.executionId === undefined ? {} : { executionId: options.executionId }),
      },
    );
  };

  const items = async (operation: string, parameters: IDataObject): Promise<IDataObject[]> => {
    const done = await run(operation, parameters);
    if (done.error !== undefined) throw new Error(done.error);
    return (done.output('Calendar')[0] ?? []).map(({ json }) => json);
  };

  return {
    run,
    items,
    create: async (changes: IDataObject = {}): Promise<IDataObject> =>
      (await items('event: create', { allDay: false, ...VISIT, ...changes }))[0] ?? {},
  };
}
