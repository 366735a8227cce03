/** The formats that are kept as images. SVG is none: it is a document that can run scripts. */
export interface ImageType {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** Without a dot. */
  readonly extension: 'png' | 'jpg' | 'webp' | 'gif';
}

const PNG: ImageType = { mediaType: 'image/png', extension: 'png' };
const JPEG: ImageType = { mediaType: 'image/jpeg', extension: 'jpg' };
const WEBP: ImageType = { mediaType: 'image/webp', extension: 'webp' };
const GIF: ImageType = { mediaType: 'image/gif', extension: 'gif' };

/** Every format, in the order of how likely it is. */
export const IMAGE_TYPES: readonly ImageType[] = [PNG, JPEG, WEBP, GIF];

/** Tells an image by its first bytes; what a name or a header calls it counts for nothing. */
export function sniffImageType(bytes: Uint8Array): ImageType | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return PNG;
  if (head.startsWith('\xff\xd8\xff')) return JPEG;
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return WEBP;
  return head.startsWith('GIF87a') || head.startsWith('GIF89a') ? GIF : undefined;
}
