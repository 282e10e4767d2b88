/** What the stand-in saw since it was asked last. */
export interface Traffic {
  /** Sends, by the status they were answered with. */
  sends: Record<string, number>;
  /** All other requests. */
  others: number;
  /** TLS connections that were opened. */
  connections: number;
  /** Through the tunnels, as encrypted. */
  bytesIn: number;
  bytesOut: number;
  /** From the first send to the last answer; null without any. */
  sendingMs: number | null;
}

/** The stand-in's process to whoever started it. */
export type StandInMessage =
  | { kind: 'ready'; port: number }
  | { kind: 'traffic'; traffic: Traffic };

/** What both sides know of the Page that the stand-in has. */
export const PAGE = {
  id: '100200300400500',
  name: 'Page of the benchmark',
  token: 'EAAGtokenofthebenchmark',
  appId: '700800900',
  appSecret: 'secret-of-the-benchmark',
  verifyToken: 'word-of-the-benchmark',
  graphVersion: 'v25.0',
} as const;

/** What both sides know of the WhatsApp numbers that the stand-in has; they belong to the Page's app. */
export const BUSINESS_ID = '300400500600700';
export const NUMBERS = [
  { id: '410000000000001', digits: '5511900000001' },
  { id: '410000000000002', digits: '5511900000002' },
] as const;
export type BenchNumber = (typeof NUMBERS)[number];

export const GRAPH_HOST = 'graph.facebook.com';
