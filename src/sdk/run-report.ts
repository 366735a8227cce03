import type { DeliveryCounts } from './span-delivery.js';

/** What one process, or thread, of a program did: written at its end for `spoor doctor -- <command>`. */
export interface RunReport {
  readonly pid: number;
  readonly thread: number;
  readonly node: string;
  /** Where spans were made: with a provider of our own, of the app, or nowhere because there was none to make. */
  readonly provider: { readonly kind: 'own' | 'app' | 'none'; readonly name: string };
  /** Instrumentations, and how many modules of their SDKs were seen to load. */
  readonly instrumentations: readonly { readonly name: string; readonly loaded: number }[];
  readonly counts: DeliveryCounts;
  readonly diagnostics: readonly string[];
  readonly sources: Readonly<Record<string, string>>;
}
