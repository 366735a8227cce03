import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { keyHeaders } from '../feed/key.js';

interface KeyedImageProps {
  path: string;
  alt: string;
  onMissing: () => void;
}

/** An image that needs the key: the browser's own requests for images send no header. */
export function KeyedImage({ path, alt, onMissing }: KeyedImageProps): VNode | null {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    const over = new AbortController();
    let made: string | undefined;
    const read = async (): Promise<void> => {
      const response = await fetch(path, { headers: keyHeaders(), signal: over.signal });
      if (!response.ok) return onMissing();
      made = URL.createObjectURL(await response.blob());
      if (over.signal.aborted) URL.revokeObjectURL(made);
      else setAddress(made);
    };
    read().catch(() => {
      if (!over.signal.aborted) onMissing();
    });
    return () => {
      over.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [path]);
  return address === undefined ? null : <img src={address} alt={alt} />;
}
