import { hashOfReference } from '../../semconv/blob-reference.js';

const SHOWN_DIGITS = 12;

/** References to images in short, as many digits as tell them apart: `sha256:9f86d081884c, sha256:60303ae22b99`. */
export function screenshotsText(references: readonly string[] | undefined): string | undefined {
  return references
    ?.map((reference) => {
      const hash = hashOfReference(reference);
      return hash === undefined ? reference : `sha256:${hash.slice(0, SHOWN_DIGITS)}`;
    })
    .join(', ');
}
