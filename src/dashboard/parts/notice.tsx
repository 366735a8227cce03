import type { ComponentChildren, VNode } from 'preact';
import type { ApiFailure } from '../feed/api.js';
import { KeyForm } from './key-form.js';

interface NoticeProps {
  title: string;
  children?: ComponentChildren;
}

/** A page, or a part of it, that has nothing to show, and why. */
export function Notice({ title, children }: NoticeProps): VNode {
  return (
    <div class="notice">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Shown while something is read for the first time. */
export function Loading(): VNode {
  return (
    <p class="notice loading" role="status">
      Loading…
    </p>
  );
}

/** A failed read, with a way to try again. */
export function Failure({ failure, onRetry }: { failure: ApiFailure; onRetry: () => void }): VNode {
  if (failure.status === 401) return <KeyForm onKey={onRetry} />;
  return (
    <div class="notice" role="alert">
      <h2>This could not be read</h2>
      <p>{failure.message}</p>
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}
