import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpFailure } from './http-failure.js';
import { send, sendText } from './reply.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface StaticFiles {
  /** The URL paths that there are. */
  readonly paths: readonly string[];
  sendFile(res: ServerResponse, path: string): Promise<void>;
  /** Sends the page, or says that the dashboard is not built. */
  sendPage(res: ServerResponse): Promise<void>;
}

/**
 * Serves the files that are in a folder at the start, and nothing else: a request is looked up in a table of names and
 * never becomes part of a file path.
 */
export function createStaticFiles(folder: string | undefined): StaticFiles {
  const files = listFiles(folder ?? fileURLToPath(new URL('../dashboard/', import.meta.url)));
  const sendFile = async (res: ServerResponse, path: string): Promise<void> => {
    const file = files.get(path);
    if (file === undefined) throw new HttpFailure(404, 'SPOOR_NOT_FOUND', 'There is no such file.');
    send(res, 200, file.contentType, await readFile(file.path), { 'cache-control': 'no-cache' });
  };
  return {
    paths: [...files.keys()],
    sendFile,
    async sendPage(res) {
      if (files.has('/index.html')) return sendFile(res, '/index.html');
      sendText(
        res,
        200,
        'The translator runs. Its dashboard is not built: `npm run build` in the package builds it.',
      );
    },
  };
}

function listFiles(folder: string): Map<string, { path: string; contentType: string }> {
  const files = new Map<string, { path: string; contentType: string }>();
  for (const name of readNames(folder)) {
    const contentType = CONTENT_TYPES[extname(name)];
    if (contentType === undefined) continue;
    files.set(`/${name.split(sep).join('/')}`, { path: join(folder, name), contentType });
  }
  return files;
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}
