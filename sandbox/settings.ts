const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Every knob of the sandbox, changed with `PATCH /_sandbox/settings`. */
export interface Settings {
  graphVersions: string[];
  /** Events that become due within this time share one POST. */
  batchWindowMs: number;
  maxEventsPerDelivery: number;
  /** Every n-th delivery is made twice; 0 = never. */
  duplicateEvery: number;
  webhookTimeoutMs: number;
  /** Real waiting time before attempt 2, 3, ...; after the last one the delivery has failed. */
  retryDelaysMs: number[];
  /** Each call to a provider takes up to so much longer, at random, once before it is done and once after it. */
  latencyMs: number;
  escapeSlashes: boolean;
  /** Which media addresses the sandbox fetches as the vendor would. */
  fetchMedia: 'loopback' | 'all' | 'never';
  /** Error 2534025 is seen both as a code and as a subcode. */
  privateReplyErrorAs: 'code' | 'subcode';
  enforceRates: boolean;
  /** Calls per hour that count as 100 % in the usage headers. */
  callsPerHour: number;
  /** False: also addresses of this machine must be registered for the app, as at the vendor. */
  allowLocalRedirects: boolean;
  /** Life of the dialog's code; the documents say "a short time". */
  codeSeconds: number;
  /** Life of a user token of the dialog, 1 to 2 h. */
  shortTokenSeconds: number;
  /** Life of a Page token derived from a short-lived user token; one from a long-lived never expires. */
  pageTokenSeconds: number;
  /** Life of a user token after `fb_exchange_token` or `ig_exchange_token`. */
  longTokenSeconds: number;
  /** Life of the short token of Business Login for Instagram. */
  instagramShortTokenSeconds: number;
  /** Age from which an Instagram token can be refreshed. */
  refreshAfterSeconds: number;
  /** Data access ends so long after the dialog. */
  dataAccessSeconds: number;
  /** Whether the code's answer names `expires_in`, which the vendor at times leaves out. */
  codeAnswerExpiry: 'given' | 'absent';
  /** What exchanging a long-lived token again does; no document says. */
  exchangeOfLongLived: 'extend' | 'same' | 'refuse';
  /** A wrong or missing appsecret_proof is seen as code 100 and as code 104. */
  proofErrorAs: 100 | 104;
  /** Both shapes of the answer of api.instagram.com are documented. */
  instagramCodeAnswer: 'flat' | 'wrapped';
  /** Sources disagree on which secret signs the webhooks of Instagram Login. */
  instagramLoginSignedWith: 'app' | 'instagramApp';
  /** The examples of graph.instagram.com leave `messaging_type` out. */
  instagramLoginMessagingType: 'accept' | 'refuse';
  /** What an uploaded Instagram file is sent as: two pages of the documents disagree. */
  sendsUploadedAs: 'both' | 'type' | 'mediaShare';
  /** Both answers of messenger_profile are seen: `{result: "success"}` and `{success: true}`. */
  profileAnswer: 'result' | 'success';
  /** After what time a message of WhatsApp says "sent", and "delivered" where the phone is on. */
  whatsAppSentMs: number;
  whatsAppDeliveredMs: number;
  /** What keeps a message from its person is told by a failed status, or by the answer to the call. */
  whatsAppRefusals: 'status' | 'call';
  /** How long Meta takes to review a template, by the sandbox's clock, and what it finds. */
  templateReviewMs: number;
  templateReview: 'approve' | 'reject';
  /** Instagram comments and mentions come under `changes[]`, or flat in the entry. */
  flatComments: boolean;
}

/** The defaults of every knob, with the vendor's numbers where the vendor states one. */
export function defaultSettings(): Settings {
  return {
    graphVersions: ['v24.0', 'v25.0', 'v26.0'],
    batchWindowMs: 5,
    maxEventsPerDelivery: 1000,
    duplicateEvery: 5,
    webhookTimeoutMs: 5000,
    retryDelaysMs: [1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 120_000, 300_000],
    latencyMs: 0,
    escapeSlashes: true,
    fetchMedia: 'loopback',
    privateReplyErrorAs: 'subcode',
    enforceRates: true,
    callsPerHour: 20_000,
    allowLocalRedirects: true,
    codeSeconds: 600,
    shortTokenSeconds: 1.5 * HOUR_SECONDS,
    longTokenSeconds: 60 * DAY_SECONDS,
    pageTokenSeconds: HOUR_SECONDS,
    instagramShortTokenSeconds: HOUR_SECONDS,
    refreshAfterSeconds: DAY_SECONDS,
    dataAccessSeconds: 90 * DAY_SECONDS,
    codeAnswerExpiry: 'given',
    exchangeOfLongLived: 'extend',
    proofErrorAs: 100,
    instagramCodeAnswer: 'flat',
    instagramLoginSignedWith: 'instagramApp',
    instagramLoginMessagingType: 'accept',
    sendsUploadedAs: 'both',
    profileAnswer: 'result',
    whatsAppSentMs: 20,
    whatsAppDeliveredMs: 150,
    whatsAppRefusals: 'status',
    templateReviewMs: 3 * 60_000,
    templateReview: 'approve',
    flatComments: false,
  };
}

/** Settings that are one of a closed list. */
export const SETTING_CHOICES: Record<string, string[] | undefined> = {
  fetchMedia: ['loopback', 'all', 'never'],
  privateReplyErrorAs: ['code', 'subcode'],
  codeAnswerExpiry: ['given', 'absent'],
  exchangeOfLongLived: ['extend', 'same', 'refuse'],
  proofErrorAs: ['100', '104'],
  instagramCodeAnswer: ['flat', 'wrapped'],
  instagramLoginSignedWith: ['app', 'instagramApp'],
  instagramLoginMessagingType: ['accept', 'refuse'],
  sendsUploadedAs: ['both', 'type', 'mediaShare'],
  profileAnswer: ['result', 'success'],
  whatsAppRefusals: ['status', 'call'],
  templateReview: ['approve', 'reject'],
};
