import type {
  TemplateButtonValue,
  TemplateFaceValues,
  TemplateMessage,
  TemplateValue,
} from '../../../model';
import type { JsonObject } from '../../graph/json';
import { mediaObject } from './frame';

/** The `template` object of a message: only the places that are filled, the static parts are Meta's. */
export function templateObject(template: TemplateMessage): JsonObject {
  const components = [
    ...faceComponents(template),
    ...(template.offerEndsAt === undefined ? [] : [offerComponent(template.offerEndsAt)]),
    ...carouselComponent(template),
  ];
  return {
    name: template.name,
    language: { code: template.language },
    ...(components.length === 0 ? {} : { components }),
  };
}

function faceComponents({ header, body, buttons }: TemplateFaceValues): JsonObject[] {
  return [
    ...(header === undefined ? [] : [{ type: 'header', parameters: [parameterOf(header)] }]),
    ...(body.length === 0 ? [] : [{ type: 'body', parameters: body.map(parameterOf) }]),
    ...buttons.map(buttonComponent),
  ];
}

function carouselComponent({ cards }: TemplateMessage): JsonObject[] {
  if (cards.length === 0) return [];
  const list = cards.map((card, index) => ({
    card_index: index,
    components: faceComponents(card),
  }));
  return [{ type: 'carousel', cards: list }];
}

function offerComponent(endsAt: number): JsonObject {
  return {
    type: 'limited_time_offer',
    parameters: [
      { type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: endsAt } },
    ],
  };
}

function parameterOf(value: TemplateValue): JsonObject {
  switch (value.kind) {
    case 'text':
      return {
        type: 'text',
        ...(value.name === undefined ? {} : { parameter_name: value.name }),
        text: value.text,
      };
    case 'image':
    case 'video':
      return { type: value.kind, [value.kind]: mediaObject(value.media) };
    case 'document':
      return {
        type: 'document',
        document: {
          ...mediaObject(value.media),
          ...(value.fileName ? { filename: value.fileName } : {}),
        },
      };
    case 'location':
      // Meta's examples write both as texts.
      return {
        type: 'location',
        location: {
          latitude: String(value.latitude),
          longitude: String(value.longitude),
          ...(value.name ? { name: value.name } : {}),
          ...(value.address ? { address: value.address } : {}),
        },
      };
    case 'product':
      return {
        type: 'product',
        product: { product_retailer_id: value.productId, catalog_id: value.catalogId },
      };
  }
}

function buttonComponent(button: TemplateButtonValue): JsonObject {
  const component = (subType: string, parameters: JsonObject[]): JsonObject => ({
    type: 'button',
    sub_type: subType,
    index: String(button.index),
    ...(parameters.length === 0 ? {} : { parameters }),
  });
  switch (button.kind) {
    case 'url':
      return component('url', [{ type: 'text', text: button.text }]);
    case 'quickReply':
      return component('quick_reply', [{ type: 'payload', payload: button.payload }]);
    case 'copyCode':
      return component('copy_code', [{ type: 'coupon_code', coupon_code: button.code }]);
    case 'flow':
      return component('flow', [
        {
          type: 'action',
          action: {
            ...(button.token ? { flow_token: button.token } : {}),
            ...(button.data ? { flow_action_data: button.data } : {}),
          },
        },
      ]);
    case 'catalog':
      return component(
        'catalog',
        button.productId
          ? [{ type: 'action', action: { thumbnail_product_retailer_id: button.productId } }]
          : [],
      );
    case 'products':
      return component('mpm', [
        {
          type: 'action',
          action: {
            thumbnail_product_retailer_id: button.productId,
            sections: button.sections.map(({ title, productIds }) => ({
              ...(title ? { title } : {}),
              product_items: productIds.map((id) => ({ product_retailer_id: id })),
            })),
          },
        },
      ]);
  }
}
