import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { SpoorError } from '../shared/errors.js';
import { HttpFailure } from './http-failure.js';

/**
 * Who may talk to a translator. A bind to loopback is no protection by itself: any web page can point its own name at
 * 127.0.0.1 (DNS rebinding) or post to localhost. So each request must name us, and no foreign page may send one.
 */
export interface Guard {
  /** Throws an `HttpFailure` for a request that must not be served. */
  check(req: IncomingMessage): void;
}

export interface GuardOptions {
  /** The address that was asked for. */
  host: string;
  port: number;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  headerLines: number;
}

export function createGuard(options: GuardOptions): Guard {
  const hosts = allowedHostHeaders(options);
  const anyPort = new Set(options.allowedHosts.map(hostName));
  const origins = new Set([
    ...[...hosts].map((host) => `http://${host}`),
    ...options.allowedOrigins.map((origin) => origin.toLowerCase()),
  ]);
  return {
    check(req) {
      if (req.rawHeaders.length / 2 > options.headerLines) {
        throw new HttpFailure(
          431,
          'SPOOR_REQUEST_INVALID',
          `A request may have ${options.headerLines} header lines.`,
        );
      }
      const named = req.headersDistinct['host'] ?? [];
      const host = named[0]?.toLowerCase() ?? '';
      if (named.length !== 1 || !(hosts.has(host) || anyPort.has(host.replace(/:\d+$/, '')))) {
        throw new HttpFailure(403, 'SPOOR_HOST_REFUSED', 'This host name is not served here.');
      }
      const given = req.headersDistinct['origin'];
      if (given !== undefined && (given.length !== 1 || !origins.has(given[0]?.toLowerCase() ?? ''))) {
        throw new HttpFailure(
          403,
          'SPOOR_ORIGIN_REFUSED',
          'Pages of this origin may not send requests here.',
        );
      }
    },
  };
}

/** `anyPort` holds only names given without a port. */
function hostName(allowed: string): string {
  return /^(\[.*\]|[^:]+)$/.test(allowed) ? allowed.toLowerCase() : '\0';
}

function allowedHostHeaders(options: GuardOptions): Set<string> {
  const names = [
    'localhost',
    '127.0.0.1',
    '[::1]',
    isIP(options.host) === 6 ? `[${options.host}]` : options.host,
  ];
  const hosts = new Set(names.map((name) => `${name.toLowerCase()}:${options.port}`));
  // A client leaves the port out only when it is the default of http.
  if (options.port === 80) for (const name of names) hosts.add(name.toLowerCase());
  for (const allowed of options.allowedHosts) hosts.add(allowed.toLowerCase());
  return hosts;
}

/** True for `localhost` and for addresses that only this machine can reach. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase();
  if (bare === 'localhost' || bare === '::1' || bare === '0:0:0:0:0:0:0:1') return true;
  return isIP(bare) === 4 && bare.startsWith('127.');
}

/** Only a translator with keys may be reached from elsewhere. @throws SpoorError `SPOOR_BIND_REFUSED` */
export function assertBind(host: string, keyCount: number): void {
  if (isLoopbackHost(host) || keyCount > 0) return;
  throw new SpoorError(
    'SPOOR_BIND_REFUSED',
    `The translator does not listen on "${host}": anybody who reaches it could read and write every record, and there is no key. ` +
      'Give it one (`spoor keys create`), or use 127.0.0.1, ::1 or localhost.',
  );
}
