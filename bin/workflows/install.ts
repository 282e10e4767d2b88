import { isDeepStrictEqual } from 'node:util';
import { CommandFailure } from '../command/failure';
import { PACKAGE_VERSION, readBundled, type Bundled } from './bundle';
import { withCredentials } from './credentials';
import { findInstalled } from './installed';
import { shapeOf, withMark, type Mark } from './mark';
import { freshDefinition, mergeDefinition, takenSettings, withLanguage } from './merge';
import type { Options } from '../command/options';
import type { N8nClient } from '../n8n/client';
import type { Credential, StoredWorkflow, WorkflowDefinition } from '../n8n/types';

const PACKAGE_NAME = 'n8n-nodes-omnichannel';
/** Every n8n with the package has it. */
const ANY_CREDENTIAL_TYPE = 'omnichannelStoreApi';
const MANUAL = '.manualTrigger';

type Wishes = Pick<Options, 'names' | 'credentials' | 'language' | 'publish' | 'dryRun' | 'force'>;

interface Job {
  n8n: N8nClient;
  wishes: Wishes;
  stored: readonly StoredWorkflow[];
  available: readonly Credential[] | undefined;
  say: (line: string) => void;
}

/** What is to be sent to n8n, and what the person is told of it. */
interface Plan {
  /** Absent: there is nothing to change. */
  definition?: WorkflowDefinition;
  told: string;
  remarks: string[];
  /** Something is left for the person to do before it can be published. */
  isOpen: boolean;
}

/**
 * Creates bundled workflows in an n8n, or brings those of an earlier time up to date: never a second one of the same.
 * @throws CommandFailure at the first that cannot be done; those before it are
 */
export async function installAll(
  n8n: N8nClient,
  wishes: Wishes,
  say: (line: string) => void,
): Promise<void> {
  const stored = await n8n.listWorkflows();
  await checkPackage(n8n, say);
  const job: Job = { n8n, wishes, stored, available: await n8n.listCredentials(), say };
  if (wishes.dryRun) say('Nothing is changed (--dry-run):');
  for (const name of wishes.names) await install(job, readBundled(name));
}

async function checkPackage(n8n: N8nClient, say: (line: string) => void): Promise<void> {
  if (!(await n8n.knowsCredentialType(ANY_CREDENTIAL_TYPE))) {
    throw new CommandFailure(
      `${PACKAGE_NAME} is not installed in the n8n at ${n8n.url}. Install it first: Settings, Community nodes, Install, ${PACKAGE_NAME}.`,
    );
  }
  const there = await n8n.packageVersion(PACKAGE_NAME);
  if (there === undefined || !isOlder(there, PACKAGE_VERSION)) return;
  say(
    `! n8n has ${PACKAGE_NAME} ${there}, these workflows are of ${PACKAGE_VERSION}: update it under Settings, Community nodes.`,
  );
}

async function install(job: Job, bundled: Bundled): Promise<void> {
  const { n8n, wishes, say } = job;
  const existing = theOne(job, bundled);
  const plan =
    existing === undefined ? planFresh(job, bundled) : planUpdate(job, bundled, existing);
  let id = existing?.id;
  if (plan.definition !== undefined && !wishes.dryRun) {
    if (id === undefined) id = (await n8n.createWorkflow(plan.definition)).id;
    else await n8n.updateWorkflow(id, plan.definition);
  }
  const isPublished = existing?.active === true;
  const publishes =
    wishes.publish && !isPublished && !plan.isOpen && startsByItself(bundled.definition);
  const hindrance =
    publishes && id !== undefined && !wishes.dryRun ? await n8n.publish(id) : undefined;
  const published = (publishes && hindrance === undefined) || isPublished ? ', published' : '';
  say(`${plan.told.padEnd(10)} ${bundled.name}${id === undefined ? '' : ` (${id})`}${published}`);
  for (const remark of plan.remarks) say(`           ${remark}`);
  if (hindrance !== undefined) say(`           not published: ${hindrance}`);
  if (wishes.publish && plan.isOpen) say('           not published: do that first, then publish');
}

/** @throws CommandFailure when there are several: the person has to say which one it is */
function theOne({ stored, n8n }: Job, bundled: Bundled): StoredWorkflow | undefined {
  const { found } = findInstalled(stored, bundled);
  if (found.length <= 1) return found[0];
  const list = found.map(({ id, name }) => `"${name}" (${n8n.url}/workflow/${id})`).join(', ');
  throw new CommandFailure(
    `n8n has ${bundled.name} ${found.length} times: ${list}. Archive all but one, or take the note "${PACKAGE_NAME} workflow …" out of the nodes of the copies.`,
  );
}

function planFresh({ wishes, available }: Job, bundled: Bundled): Plan {
  const definition = withLanguage(freshDefinition(bundled.definition), wishes.language);
  const { nodes, open } = withCredentials(definition.nodes, wishes.credentials, available);
  return {
    definition: marked({ ...definition, nodes }, bundled),
    told: 'created',
    remarks: [...open, ...doorsOf(nodes)],
    isOpen: open.length > 0,
  };
}

function planUpdate(job: Job, bundled: Bundled, existing: StoredWorkflow): Plan {
  const { mark } = findInstalled(job.stored, bundled);
  if (job.wishes.force) return planReplace(job, bundled, existing);
  if (mark?.bundle === bundled.digest) return planComplete(job, existing);
  // Imported by hand: nobody noted what it looked like, so it counts as the person's own where it looks otherwise.
  const installedShape = mark?.shape ?? shapeOf(bundled.definition);
  if (installedShape !== shapeOf(existing)) {
    const remark =
      'it has nodes or connections of your own: left as it is. --force takes the file in its place and keeps what is in Settings';
    return { told: 'left', remarks: [remark], isOpen: false };
  }
  return planReplace(job, bundled, existing);
}

/** The file is another one than last time. */
function planReplace({ wishes, available }: Job, bundled: Bundled, existing: StoredWorkflow): Plan {
  const { definition, keptTriggers } = mergeDefinition(bundled.definition, existing);
  const spoken = withLanguage(definition, wishes.language);
  const { nodes, open } = withCredentials(spoken.nodes, wishes.credentials, available);
  const kept = keptTriggers.map((name) => `kept your settings of "${name}"`);
  return {
    definition: marked({ ...spoken, nodes }, bundled),
    told: 'updated',
    remarks: [...open, ...kept],
    isOpen: open.length > 0,
  };
}

/** The file is the same as last time: only what was asked for now, and credentials that were missing. */
function planComplete({ wishes, available }: Job, existing: StoredWorkflow): Plan {
  const own = ownDefinition(existing);
  const spoken = withLanguage(own, wishes.language);
  const { nodes, open } = withCredentials(spoken.nodes, wishes.credentials, available);
  const isOpen = open.length > 0;
  if (isDeepStrictEqual(nodes, existing.nodes)) return { told: 'unchanged', remarks: open, isOpen };
  return { definition: { ...own, nodes }, told: 'updated', remarks: open, isOpen };
}

function ownDefinition({ name, nodes, connections, settings }: StoredWorkflow): WorkflowDefinition {
  return { name, nodes, connections, settings: takenSettings(settings) };
}

/** What a person starts by hand has nothing to publish. */
function startsByItself({ nodes }: WorkflowDefinition): boolean {
  return nodes.some(({ type }) => /(Trigger|\.webhook)$/.test(type) && !type.endsWith(MANUAL));
}

/** On nodes with notes of their own the mark stands below them. */
function marked(definition: WorkflowDefinition, { name, digest }: Bundled): WorkflowDefinition {
  const mark: Mark = { name, bundle: digest, shape: shapeOf(definition) };
  return { ...definition, nodes: definition.nodes.map((node) => withMark(node, mark)) };
}

/** What has to be told to Meta, which cannot be told by the package itself. */
function doorsOf(nodes: WorkflowDefinition['nodes']): string[] {
  return nodes
    .filter(({ type, disabled }) => type.endsWith('.metaMessagingTrigger') && disabled !== true)
    .map(
      ({ webhookId }) =>
        `callback address for Meta's dashboard: <public address of n8n>/webhook/${webhookId ?? ''}/meta`,
    );
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (const place of [0, 1, 2]) {
    const difference = (a?.[place] ?? 0) - (b?.[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
