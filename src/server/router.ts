import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpFailure } from './http-failure.js';

export interface RequestContext {
  req: IncomingMessage;
  res: ServerResponse;
  path: string;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Literal segments and `:name` for one that is any text: `/api/sessions/:id`. */
  path: string;
  handle(context: RequestContext): void | Promise<void>;
}

/** Finds the route of a request. Throws an `HttpFailure`: 400 for a broken path, 404, 405. */
export function matchRoute(
  routes: readonly Route[],
  req: IncomingMessage,
  res: ServerResponse,
): () => void | Promise<void> {
  const { path, query } = splitTarget(req.url ?? '');
  const segments = decodeSegments(path);
  // HEAD is GET whose body node leaves out.
  const method = req.method === 'HEAD' ? 'GET' : req.method;
  const allowed = new Set<string>();
  for (const route of routes) {
    const params = matchPath(route.path, segments);
    if (params === undefined) continue;
    if (route.method === method) return () => route.handle({ req, res, path, params, query });
    allowed.add(route.method);
  }
  if (allowed.size === 0) throw new HttpFailure(404, 'SPOOR_NOT_FOUND', 'There is nothing at this path.');
  const allow = [...allowed].join(', ');
  throw new HttpFailure(405, 'SPOOR_REQUEST_INVALID', `This path takes ${allow} only.`, { allow });
}

function splitTarget(target: string): { path: string; query: URLSearchParams } {
  if (!target.startsWith('/')) {
    throw new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'The request target must be a path.');
  }
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

function decodeSegments(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    throw new HttpFailure(400, 'SPOOR_REQUEST_INVALID', 'The path has a broken percent escape.');
  }
}

function matchPath(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  if (wanted.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, want] of wanted.entries()) {
    const segment = segments[at] ?? '';
    if (want.startsWith(':') && segment !== '') params[want.slice(1)] = segment;
    else if (want !== segment) return undefined;
  }
  return params;
}
