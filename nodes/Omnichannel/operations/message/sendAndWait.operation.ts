import { createHash } from 'node:crypto';
import { WAIT_INDEFINITELY, type IExecuteFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../../../core/model/errors';
import type { OutboundContent } from '../../../../core/model/content';
import type { AskInput } from '../../../../core/messaging/waits';
import type { App } from '../../../../core/runtime';
import { idempotencyKeys } from '../../../shared/idempotencyKey';
import { itemParameters } from '../../../shared/itemParameters';
import { losesAnswers } from '../../../host';
import { core } from '../../../shared/loadCore';
import { openApp, tenantId } from '../../../shared/openApp';
import type { ParameterReader } from '../../../shared/parameters';
import type { Operation } from '../../../shared/router';
import { limitWaitOf } from '../../../shared/sendOptions';
import { sendResultItem } from '../../../shared/sendResultItem';
import { chosenTemplate } from '../../../WhatsAppCloud/content/readContent';
import { mustName } from '../connection/fields';
import { askProperties } from './askFields';
import { answerItem } from './answerItem';
import { mustFillTemplate } from './fillTemplate';
import { approvalChoices, waitUntil } from './readAsk';

export const properties = askProperties;

export const operation: Operation = {
  start(context) {
    const { type } = context.getNode();
    if (type.endsWith('Tool') && !type.endsWith('HitlTool')) {
      return () => Promise.reject(notATool());
    }
    if (context.getInputData().length > 1) return () => Promise.reject(onlyOneItem());
    const readerFor = itemParameters(context, properties);
    const keyFor = idempotencyKeys(context);
    return async (itemIndex) => {
      const read = readerFor(itemIndex);
      const options = read('options');
      const now = Date.now();
      const until = waitUntil(options.limitWaitTime?.values?.[0], now);
      const question = questionOf(read);
      const app = await openApp(context, options.store);
      const place = { tenantId: tenantId(options.tenant), ...targetOf(read) };
      const asked = await core.messaging.askAndWait(app, {
        ...place,
        question,
        whenWindowClosed: insteadOf(read, app, place),
        resume: resumeOf(context),
        expiresAt: until.getTime() === WAIT_INDEFINITELY.getTime() ? null : until.getTime(),
        keepsAnswer: options.answerStartsWorkflows !== true,
        tooLateText: options.tooLateText?.trim() || undefined,
        limitWait: limitWaitOf(options, context.getExecutionCancelSignal()),
        idempotencyKey: keyFor(itemIndex, options, question) + reviewedCall(context, question),
      });
      const input = context.getInputData()[itemIndex]?.json ?? {};
      switch (asked.kind) {
        case 'waiting':
          warnOfLostAnswers(context);
          await context.putExecutionToWait(until);
          return input;
        case 'answered':
          return answerItem(context.getNode(), asked.answer);
        case 'over':
          return input;
        case 'notSent':
          return sendResultItem(context.getNode(), asked.result, 'fail', itemIndex);
      }
    };
  },
};

let hasWarned = false;

/** Once in the life of the process. */
function warnOfLostAnswers({ logger }: IExecuteFunctions): void {
  if (hasWarned || !losesAnswers()) return;
  hasWarned = true;
  logger.warn(
    'An answer that comes while this worker is being started again is lost, and the execution that waits for it, too. Set N8N_EVENTBUS_LOGWRITER_MAXTOTALMESSAGESPERFILE=1 on the workers; docs/store.md says more under "Queue mode".',
  );
}

type Read = ParameterReader<typeof properties>;

/** @throws InvalidInputError */
function targetOf(
  read: Read,
): Pick<AskInput, 'conversationId' | 'automatic' | 'accountId' | 'recipientExternalId'> {
  if (read('sendTo') === 'person') {
    const recipientExternalId = read('recipient').trim();
    if (!recipientExternalId) {
      throw new InvalidInputError('Recipient', '"Recipient" is empty.', {
        hint: 'Write the phone number of who is to answer.',
      });
    }
    return { accountId: mustName(read('account')), recipientExternalId };
  }
  const conversationId = read('conversation').trim();
  const automatic = read('conversationChannel') === 'automatic';
  if (conversationId) return { conversationId, automatic };
  throw new InvalidInputError('Conversation', '"Conversation" is empty.', {
    hint: "Use the trigger item's conversation.id; behind other nodes or an agent $('Omnichannel Trigger').item.json.conversation.id.",
  });
}

/** What asks where the window is closed. @throws InvalidInputError naming the field */
function insteadOf(
  read: Read,
  app: App,
  place: Pick<AskInput, 'tenantId' | 'accountId'>,
): AskInput['whenWindowClosed'] {
  if (read('whenWindowClosed') !== 'template') return undefined;
  const chosen = chosenTemplate(read('fallbackTemplate'), read('fallbackVariables'));
  // Its places hold texts: a template without files.
  return async (payloads) =>
    (await mustFillTemplate(app, place, chosen, payloads)) as OutboundContent;
}

function questionOf(read: Read): AskInput['question'] {
  const text = read('message').trim();
  if (read('responseType') === 'freeText') return { responseType: 'freeText', text };
  const options = approvalChoices(read('approvalOptions').values?.[0]);
  return { responseType: 'approval', text, options };
}

/** Where n8n takes the answer: the address without its host, which the world may see by another one. */
function resumeOf(context: IExecuteFunctions): AskInput['resume'] {
  const { pathname, search } = new URL(context.getSignedResumeUrl());
  return {
    executionId: context.getExecutionId(),
    nodeId: context.getNode().id,
    path: pathname + search,
  };
}

/**
 * A model that is asked again may want another tool than the first time: a person's word for one call must not count
 * for another, so the call is part of the key.
 */
function reviewedCall(context: IExecuteFunctions, question: AskInput['question']): string {
  if (!context.getNode().type.endsWith('HitlTool')) return '';
  const { tool, toolParameters } = context.getInputData()[0]?.json ?? {};
  const call = JSON.stringify([question, tool, toolParameters]);
  return `/${createHash('sha256').update(call).digest('hex').slice(0, 16)}`;
}

function onlyOneItem(): InvalidInputError {
  return new InvalidInputError('Items', 'One execution can wait for one answer at a time.', {
    hint: 'Put the node Loop Over Items with a batch size of 1 in front of this one.',
  });
}

function notATool(): InvalidInputError {
  return new InvalidInputError('Operation', 'An agent cannot wait with this tool.', {
    hint: 'Connect the node between the agent and a tool, as human review.',
  });
}
