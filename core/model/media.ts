export type MediaKind = 'image' | 'video' | 'audio' | 'file';

/** Kinds of files that a provider is handed. */
export type FileKind = MediaKind | 'sticker';

/** Where a picture, video, recording or document comes from. */
export type MediaSource =
  /** The provider downloads it. */
  | { url: string; mimeType?: string }
  /** The provider has it already: the id that an upload gave. */
  | { attachmentId: string };

/** A file that a provider handed out. */
export interface DownloadedFile {
  bytes: Buffer;
  /** Null where neither the provider nor its content host tells one. */
  mimeType: string | null;
  fileName: string | null;
}
