import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { EVENT_TYPES } from '../../core/model/eventTypes';

/** Trigger nodes of this package whose items are events (they carry `id`) or due moments (`journeyKey`). */
const TRIGGER_NAMES = [
  'omnichannelTrigger',
  'customerJourneyTrigger',
  'metaMessagingTrigger',
  'whatsAppCloudTrigger',
  'whatsAppSessionTrigger',
  'notificaMeTrigger',
  'connectPortalTrigger',
  'signedWebhookTrigger',
];
const SUBWORKFLOW_TRIGGER = 'n8n-nodes-base.executeWorkflowTrigger';
const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** What one item of a run goes back to. */
export interface Ancestor {
  /** The event's id, or the journey key of what was due. */
  key: string;
  /** It is a moment that was due, of which several workflows may hear. */
  isJourney: boolean;
  /** The event came through another workflow: several calls with the same event look alike here. */
  throughSubworkflow: boolean;
}

/** The part of n8n's `$('Node')` that is used here. */
interface NodeView {
  isExecuted: boolean;
  item: INodeExecutionData;
  all(branchIndex: number, runIndex: number): INodeExecutionData[];
}

/** n8n's data as expressions see it, for one item. */
export interface ItemView {
  $(nodeName: string): NodeView;
  $runIndex: number;
}

/**
 * Finds the event behind an item, for all items of one run of a node. Without a trigger before it no view is asked for:
 * n8n takes longer to make one than for anything else about an item.
 */
export function ancestorFinder(context: IExecuteFunctions) {
  const { ours, subworkflow } = triggersBefore(context);
  const hasTriggers = ours.length + subworkflow.length > 0;
  return (viewOf: () => ItemView): Ancestor | undefined => {
    if (!hasTriggers) return undefined;
    const view = viewOf();
    return findAt(view, ours, false) ?? findAt(view, subworkflow, true);
  };
}

function findAt(view: ItemView, names: string[], throughSubworkflow: boolean) {
  for (const name of names) {
    const node = view.$(name);
    if (!node.isExecuted) continue;
    const item = pairedItem(node) ?? onlyItem(node);
    const key = item && keyOf(item.json, throughSubworkflow);
    if (key) return { key, isJourney: key === item.json.journeyKey, throughSubworkflow };
  }
  return undefined;
}

/** n8n throws when the pairing is lost (Merge and Code nodes can lose it) or leads to several items. */
function pairedItem(node: NodeView): INodeExecutionData | undefined {
  try {
    return node.item;
  } catch {
    return undefined;
  }
}

/** A trigger that gave one item is the origin of everything in this execution, paired or not. */
function onlyItem(node: NodeView): INodeExecutionData | undefined {
  try {
    const items = node.all(0, 0);
    return items.length === 1 ? items[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Items that came through another workflow are anything, so only the exact shape of an event counts. */
function keyOf(json: IDataObject, exactShape: boolean): string | undefined {
  if (typeof json.journeyKey === 'string' && json.journeyKey) return json.journeyKey;
  if (typeof json.id !== 'string' || !json.id) return undefined;
  return !exactShape || isEvent(json) ? json.id : undefined;
}

function isEvent(json: IDataObject): boolean {
  const isKnownType = EVENT_TYPES.some((type) => type === json.event);
  return isKnownType && typeof json.id === 'string' && ULID.test(json.id);
}

/** The trigger nodes that lead here, also when this node serves an agent as a tool. */
function triggersBefore(context: IExecuteFunctions): { ours: string[]; subworkflow: string[] } {
  const { name, type } = context.getNode();
  const packageName = type.slice(0, type.lastIndexOf('.') + 1);
  const ownTypes = TRIGGER_NAMES.map((trigger) => packageName + trigger);
  const ours = new Set<string>();
  const subworkflow = new Set<string>();
  for (const start of [name, ...sourcesOf(context)]) {
    for (const node of context.getParentNodes(start)) {
      if (ownTypes.includes(node.type)) ours.add(node.name);
      if (node.type === SUBWORKFLOW_TRIGGER) subworkflow.add(node.name);
    }
  }
  return { ours: [...ours], subworkflow: [...subworkflow] };
}

/** The nodes whose output runs this one; of a tool it is the agent, which `getParentNodes` does not follow. */
function sourcesOf(context: IExecuteFunctions): string[] {
  const source = context.getExecuteData().source ?? {};
  return Object.values(source).flatMap((inputs) =>
    inputs.flatMap((input) => (input ? [input.previousNode] : [])),
  );
}
