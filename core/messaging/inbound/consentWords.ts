import { listConsents } from '../../store/statements/consents';
import { findLastOutbound } from '../../store/statements/marketing';
import { findTenant } from '../../store/statements/tenants';
import { isOneOf } from '../../tenants/words';
import { settingsFrom, type SettingsPatch, type TenantSettings } from '../../tenants/settings';
import { noteConsent } from './consent';
import { partnerOf, type Scope } from './scope';

/** No word of the settings is longer. */
const LONGEST_WORD = 200;
/** So long after a marketing message, what they write may be the answer to it. */
const ANSWER_MS = 7 * 24 * 3_600_000;

/** What somebody said by writing it, or by a button. */
export interface Words {
  text: string | null;
  /** Null: it was written. */
  payload: string | null;
  /** The button's label, where it was chosen by typing something else. */
  label?: string;
}

/**
 * A message that is exactly one of the tenant's words stops marketing, or takes that back. A button with a payload of its
 * own says what its own message meant by it; one that brings nothing but its label ("Parar" under a template) is as good as
 * written, and can only stop, and so does a stop word that is typed where choices have no buttons, whatever else it chooses.
 * "Cancelar" and its like stop marketing in answer to marketing alone, since after a reminder they mean the appointment.
 */
export async function followConsentWords(
  scope: Scope,
  { text, payload, label }: Words,
): Promise<void> {
  if (text === null || text.length > LONGEST_WORD) return;
  const optOut = await wordsOf(scope);
  if (payload !== null) {
    const saysItsLabel = payload === (label ?? text);
    const said = [...(saysItsLabel ? [payload] : []), ...(label === undefined ? [] : [text])];
    const stop = said.find((word) => isOneOf(optOut.words, word));
    if (stop !== undefined) await note(scope, 'out', stop);
    return;
  }
  if (isOneOf(optOut.words, text)) return note(scope, 'out', text);
  if (isOneOf(optOut.wordsAfterMarketing, text)) {
    if (await answersMarketing(scope)) await note(scope, 'out', text);
    return;
  }
  if (isOneOf(optOut.optInWords, text) && (await isOut(scope))) await note(scope, 'in', text);
}

async function wordsOf({ tx }: Scope): Promise<TenantSettings['optOut']> {
  const row = await findTenant(tx);
  const stored = row ? (JSON.parse(row.settings) as SettingsPatch) : {};
  return settingsFrom(tx.tenantId, stored).optOut;
}

async function answersMarketing({ tx, prepared, person }: Scope): Promise<boolean> {
  const at = prepared.event.occurredAt;
  const conversationId = person?.conversation?.id ?? '';
  const last = await findLastOutbound(tx, conversationId, { from: at - ANSWER_MS, to: at });
  return last?.category === 'marketing';
}

/** A word such as "start" is no consent of somebody who never said anything about it: it only takes an opt-out back. */
async function isOut(scope: Scope): Promise<boolean> {
  const consents = await listConsents(scope.tx, partnerOf(scope).contact.id);
  return consents.some(({ purpose, state }) => purpose === 'marketing' && state === 'out');
}

async function note(scope: Scope, state: 'in' | 'out', text: string): Promise<void> {
  const said = { state, purpose: 'marketing', note: text.trim(), source: 'reply' } as const;
  await noteConsent(scope, partnerOf(scope), said);
}
