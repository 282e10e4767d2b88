import { GraphError } from '../graph/errors.ts';

/** Titles and HTTP statuses of the codes that the sandbox answers with. Source: section D.10. */
const CODES: Record<number, { title: string; status?: number }> = {
  10: { title: 'Application does not have permission for this action' },
  100: { title: 'Invalid parameter' },
  130403: { title: 'User is blocked by the business' },
  130429: { title: 'Rate limit hit', status: 429 },
  131008: { title: 'Required parameter is missing' },
  131009: { title: 'Parameter value is not valid' },
  131021: { title: 'Recipient cannot be sender' },
  131026: { title: 'Message undeliverable' },
  131030: { title: 'Recipient phone number not in allowed list' },
  131031: { title: 'Business Account locked', status: 403 },
  131047: { title: 'Re-engagement message' },
  131049: { title: 'This message was not delivered to maintain healthy ecosystem engagement.' },
  131050: { title: 'User has stopped marketing messages' },
  131051: { title: 'Unsupported message type' },
  131053: { title: 'Media upload error' },
  131056: {
    title: '(Business Account, Consumer Account) pair rate limit hit',
  },
  131062: { title: 'Business-scoped user id is not usable for this message' },
  132000: { title: 'Number of parameters does not match the expected number of params' },
  132001: { title: 'Template name does not exist in the translation', status: 404 },
  132005: { title: 'Translated text too long' },
  132012: { title: 'Parameter format does not match format in the created template' },
  132015: { title: 'Template is paused' },
  132016: { title: 'Template is disabled' },
  133005: { title: 'Two step verification PIN mismatch' },
  133006: { title: 'Phone number needs to be verified before registering' },
  133010: { title: 'Phone number is not registered' },
  133016: { title: 'Account register deregister rate limit exceeded' },
  2388019: { title: 'Message template limit exceeded' },
  2388039: { title: 'Template status cannot be changed' },
  2388040: { title: 'Template field has too many characters' },
  2388047: { title: 'Message header format is incorrect' },
  2388072: { title: 'Message body format is incorrect' },
  2388073: { title: 'Message footer format is incorrect' },
  2388293: { title: 'Parameters to words ratio exceeds limit' },
  2388299: { title: 'Variables cannot be at the start or end of the template' },
};

/** Title of a code, as statuses and the error log of the phone name it. */
export function titleOf(code: number): string {
  return CODES[code]?.title ?? 'Something went wrong';
}

/** A refusal in WhatsApp's words: code, title and the details that say what is wrong. */
export function refused(code: number, details: string): GraphError {
  const status = CODES[code]?.status;
  return new GraphError({
    code,
    message: `(#${code}) ${titleOf(code)}`,
    details,
    ...(status === undefined ? {} : { status }),
  });
}

/** Runs a check of a message: refusals of the Graph's own validators get WhatsApp's details. */
export async function withDetails<T>(check: () => T | Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof GraphError) || error.detail.details !== undefined) throw error;
    const { message } = error.detail;
    throw new GraphError({ ...error.detail, details: message.replace(/^\(#\d+\) /, '') });
  }
}
