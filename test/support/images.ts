import { createHash } from 'node:crypto';

/** The smallest PNG: one transparent pixel. */
export const PNG: Buffer = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
/** Beginnings of the other formats, with bytes that are no text. */
export const JPEG: Buffer = Buffer.from([
  0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 0xff, 0xd9,
]);
export const WEBP: Buffer = Buffer.concat([
  Buffer.from('RIFF'),
  Buffer.from([4, 0, 0, 0]),
  Buffer.from('WEBPVP8 '),
  Buffer.alloc(4),
]);
export const GIF: Buffer = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');
export const SVG: Buffer = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
);

/** A PNG that no other test has. */
export function uniquePng(label: string, size = 0): Buffer {
  return Buffer.concat([PNG, Buffer.from(label), Buffer.alloc(size)]);
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function referenceOf(bytes: Uint8Array): string {
  return `sha256:${hashOf(bytes)}`;
}
