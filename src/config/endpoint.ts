import type { ResolvedSettings } from './settings.js';

export const DEFAULT_ENDPOINT = 'http://localhost:4318';
const TRACES_PATH = '/v1/traces';

/**
 * The address that spans are posted to. A traces-specific variable is used as it is, as the exporter's specification
 * says; every other form is a base address, to which the path is added unless it is there.
 */
export function tracesUrl(resolved: ResolvedSettings): string {
  const given = resolved.settings.endpoint ?? DEFAULT_ENDPOINT;
  if (resolved.sources['endpoint'] === 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') return given;
  const url = new URL(given);
  if (!url.pathname.endsWith(TRACES_PATH)) url.pathname = url.pathname.replace(/\/+$/, '') + TRACES_PATH;
  return url.href;
}

/** True for an address of this machine itself. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const host = new URL(address).hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}

/** The endpoint that was given for spoor itself, in code or by SPOOR_ENDPOINT: not the one of the app's own exporter. */
export function ownEndpoint(resolved: ResolvedSettings): string | undefined {
  const source = resolved.sources['endpoint'];
  if (source === 'code' || source === 'SPOOR_ENDPOINT') return tracesUrl(resolved);
  const given = process.env['SPOOR_ENDPOINT']?.trim();
  if (given === undefined || !URL.canParse(given)) return undefined;
  return tracesUrl({
    ...resolved,
    settings: { ...resolved.settings, endpoint: given },
    sources: { ...resolved.sources, endpoint: 'SPOOR_ENDPOINT' },
  });
}
