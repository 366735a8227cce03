import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { storedKey } from '../feed/key.js';
import { KeyedImage } from './keyed-image.js';
import { BLOBS_PATH, hashOfReference } from '../../../semconv/blob-reference.js';

/** The screenshots of a step or event. Only our own server is asked for them: no record can name another address. */
export function ScreenshotList({
  references,
  of,
}: {
  references: readonly string[];
  of: string;
}): VNode | null {
  const hashes = references.map(hashOfReference).filter((hash) => hash !== undefined);
  if (hashes.length === 0) return null;
  return (
    <section class="screenshots" aria-label="Screenshots">
      {hashes.map((hash, index) => (
        <Screenshot key={hash} hash={hash} alt={`Screenshot ${index + 1} of ${of}`} />
      ))}
    </section>
  );
}

/** A reference may outlive its image, or arrive before it. */
function Screenshot({ hash, alt }: { hash: string; alt: string }): VNode {
  const [isMissing, setMissing] = useState(false);
  const path = `${BLOBS_PATH}/${hash}`;
  if (isMissing) {
    return (
      <p class="faint">
        {alt}: not stored here (sha256:{hash.slice(0, 12)}…)
      </p>
    );
  }
  if (storedKey() !== undefined)
    return <KeyedImage path={path} alt={alt} onMissing={() => setMissing(true)} />;
  return (
    <a href={path} target="_blank" rel="noreferrer">
      <img src={path} alt={alt} loading="lazy" onError={() => setMissing(true)} />
    </a>
  );
}
