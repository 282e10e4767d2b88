import { randomBytes } from 'node:crypto';

export interface FormFile {
  /** Name of the form's field. */
  field: string;
  fileName: string;
  mimeType: string;
  bytes: Uint8Array;
}

/** `multipart/form-data` (RFC 7578) with one file, in memory. */
export function multipartForm(
  fields: Readonly<Record<string, string>>,
  file: FormFile,
): { contentType: string; body: Buffer } {
  const boundary = `----omnichannel${randomBytes(16).toString('hex')}`;
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(file.field)}"; filename="${quoted(file.fileName)}"\r\ncontent-type: ${file.mimeType.replace(/[\r\n]/g, '')}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([
      Buffer.from(parts.join('') + head),
      file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}

function quoted(text: string): string {
  return text.replace(/["\r\n]/g, (sign) => encodeURIComponent(sign));
}
