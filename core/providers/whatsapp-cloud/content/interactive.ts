import type { FlowCall, Frame, ListSection, OutboundContent, RichContent } from '../../../model';
import type { JsonObject } from '../../graph/json';
import { frameParts } from './frame';

/** The `interactive` object of a message; null for content of another kind. */
export function interactiveObject(content: OutboundContent): JsonObject | null {
  switch (content.type) {
    case 'buttons':
      return ofButtons(content);
    case 'quickReplies':
      return ofQuickReplies(content);
    case 'replyButtons':
      return replyButtons(content.frame, content.buttons);
    case 'list':
      return list(content.frame, content.title, content.sections);
    case 'linkButton':
      return linkButton(content.frame, content.title, content.url);
    case 'flow':
      return { type: 'flow', ...frameParts(content.frame), action: flowAction(content.flow) };
    case 'product':
    case 'productList':
    case 'catalog':
      return ofProducts(content);
    case 'locationRequest':
      return {
        type: 'location_request_message',
        body: { text: content.text },
        action: { name: 'send_location' },
      };
    case 'interactive':
      return content.interactive;
    default:
      return null;
  }
}

type Taps = ReadonlyArray<{ id: string; title: string }>;

function replyButtons(frame: Frame, buttons: Taps): JsonObject {
  return {
    type: 'button',
    ...frameParts(frame),
    action: { buttons: buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } })) },
  };
}

function list(frame: Frame, title: string, sections: readonly ListSection[]): JsonObject {
  return {
    type: 'list',
    ...frameParts(frame),
    action: {
      button: title,
      sections: sections.map((section) => ({
        ...(section.title ? { title: section.title } : {}),
        rows: section.rows.map(({ id, title: name, description }) => ({
          id,
          title: name,
          ...(description ? { description } : {}),
        })),
      })),
    },
  };
}

function linkButton(frame: Frame, title: string, url: string): JsonObject {
  return {
    type: 'cta_url',
    ...frameParts(frame),
    action: { name: 'cta_url', parameters: { display_text: title, url } },
  };
}

/** Buttons of the kind that every channel has: one that opens a page, or up to three that answer. */
function ofButtons({ text, buttons }: Extract<OutboundContent, { type: 'buttons' }>): JsonObject {
  const link = buttons.find((button) => button.type === 'url');
  if (link) return linkButton({ text }, link.title, link.url);
  const taps = buttons.map((button) => ({
    id: button.type === 'postback' ? button.payload : button.title,
    title: button.title,
  }));
  return replyButtons({ text }, taps);
}

/** Rows of a list, which opens by a button of its own. */
const LIST_BUTTON = '☰';
const MAX_REPLY_BUTTONS = 3;

function ofQuickReplies({
  text,
  quickReplies,
}: Extract<OutboundContent, { type: 'quickReplies' }>): JsonObject {
  const taps = quickReplies.flatMap((reply) =>
    'title' in reply ? [{ id: reply.payload, title: reply.title }] : [],
  );
  return taps.length > MAX_REPLY_BUTTONS
    ? list({ text }, LIST_BUTTON, [{ rows: taps }])
    : replyButtons({ text }, taps);
}

/** Version 3 is the only one there is. */
function flowAction(flow: FlowCall): JsonObject {
  return {
    name: 'flow',
    parameters: {
      flow_message_version: '3',
      flow_token: flow.token,
      ...(flow.flowId ? { flow_id: flow.flowId } : { flow_name: flow.flowName ?? '' }),
      flow_cta: flow.title,
      flow_action: flow.action === 'navigate' ? 'navigate' : 'data_exchange',
      ...(flow.action === 'navigate' && flow.screen
        ? {
            flow_action_payload: { screen: flow.screen, ...(flow.data ? { data: flow.data } : {}) },
          }
        : {}),
      ...(flow.mode === 'draft' ? { mode: 'draft' } : {}),
    },
  };
}

function ofProducts(
  content: Extract<RichContent, { type: 'product' | 'productList' | 'catalog' }>,
): JsonObject {
  const { frame } = content;
  switch (content.type) {
    case 'product':
      return {
        type: 'product',
        ...frameParts(frame),
        action: { catalog_id: content.catalogId, product_retailer_id: content.productId },
      };
    case 'productList':
      return {
        type: 'product_list',
        ...frameParts(frame),
        action: {
          catalog_id: content.catalogId,
          sections: content.sections.map(({ title, productIds }) => ({
            title,
            product_items: productIds.map((id) => ({ product_retailer_id: id })),
          })),
        },
      };
    case 'catalog':
      return {
        type: 'catalog_message',
        ...frameParts(frame),
        action: {
          name: 'catalog_message',
          ...(content.productId
            ? { parameters: { thumbnail_product_retailer_id: content.productId } }
            : {}),
        },
      };
  }
}
