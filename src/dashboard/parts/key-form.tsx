import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { keepKey, storedKey } from '../feed/key.js';

/** Asks for the key that the translator wants. */
export function KeyForm({ onKey }: { onKey: () => void }): VNode {
  const [key, setKey] = useState('');
  const wasRefused = storedKey() !== undefined;
  return (
    <form
      class="notice"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() === '') return;
        keepKey(key);
        onKey();
      }}
    >
      <h2>This translator asks for a key</h2>
      {wasRefused ? <p role="alert">The key was refused: it is not known, or may not read.</p> : null}
      <p>
        <label>
          Key{' '}
          <input
            type="password"
            autocomplete="off"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>{' '}
        <button type="submit">Use it</button>
      </p>
      <p>It is kept in this tab only.</p>
    </form>
  );
}
