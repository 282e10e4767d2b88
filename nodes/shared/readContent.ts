import type { Button, OutboundContent, QuickReply } from '../../core/model/message';
import type { contentProperties } from './contentProperties';
import type { ParameterReader } from './parameters';

type Read = ParameterReader<typeof contentProperties>;
type ButtonRow = NonNullable<ReturnType<typeof buttonRows>>[number];

/** The content of one item, from the fields of `contentProperties`. Limits are core's to check. */
export function readContent(read: Read): OutboundContent {
  const type = read('contentType');
  switch (type) {
    case 'text':
      return { type, text: read('text') };
    case 'image':
      return { type, url: read('imageUrl').trim() };
    case 'buttons':
      return { type, text: read('text'), buttons: (buttonRows(read) ?? []).map(toButton) };
    case 'quickReplies':
      return {
        type,
        text: read('text'),
        quickReplies: (read('quickReplies').quickReply ?? []).map(toQuickReply),
      };
  }
}

function buttonRows(read: Read) {
  return read('buttons').button;
}

function toButton({ type, title, payload, phone, url }: ButtonRow): Button {
  switch (type) {
    case 'postback':
      return { type, title, payload: payload || title };
    case 'phone':
      return { type, title, phone: phone.trim() };
    case 'url':
      return { type, title, url: url.trim() };
  }
}

function toQuickReply(row: { title: string; payload: string; imageUrl: string }): QuickReply {
  const { title, payload, imageUrl } = row;
  return {
    title,
    payload: payload || title,
    ...(imageUrl.trim() && { imageUrl: imageUrl.trim() }),
  };
}
