import type { MessagePart } from '../../semconv/model/message.js';

/** A part for something that was given by URL: a `data:` URL holds the bytes themselves. */
export function mediaPart(modality: string, url: string): MessagePart {
  const data = /^data:([^;,]*)((?:;[^;,]*)*?)(;base64)?,/.exec(url);
  if (data === null) return { type: 'uri', modality, uri: url };
  const body = url.slice(data[0].length);
  const content = data[3] === undefined ? Buffer.from(decodeURIComponent(body)).toString('base64') : body;
  return blobPart(modality, data[1] === '' ? undefined : data[1], content);
}

/** A part for bytes in base64. */
export function blobPart(modality: string, mimeType: string | undefined, content: string): MessagePart {
  return mimeType === undefined
    ? { type: 'blob', modality, content }
    : { type: 'blob', modality, mime_type: mimeType, content };
}

/** The modality that a MIME type belongs to. */
export function modalityOf(mimeType: string | undefined): string {
  const family = mimeType?.split('/')[0] ?? '';
  return ['image', 'audio', 'video'].includes(family) ? family : 'document';
}
