import { appendFile } from 'node:fs/promises';
import { SpoorError } from '../shared/errors.js';
import type { Command } from './command.js';

/** `spoor keys create`: a key for a translator that others reach. */
export const keysCommand: Command = {
  name: 'keys',
  summary: 'Make a key for a translator: `spoor keys create`.',
  positionals: ['<create>'],
  options: {
    scopes: {
      type: 'string',
      value: 'scopes',
      summary: 'What it may do: ingest, read, write, apart by commas. Default: all three.',
    },
    project: { type: 'string', value: 'name', summary: 'The only project that it reaches. Default: any.' },
    file: { type: 'string', value: 'file', summary: 'File of hashed keys to add it to; made when missing.' },
    json: { type: 'boolean', summary: 'Print the key and its entry as one line of JSON.' },
  },
  async run(input, terminal) {
    if (input.positionals[0] !== 'create') {
      throw new SpoorError('SPOOR_USAGE', 'Keys can be made, and nothing else: `spoor keys create`.');
    }
    const { createApiKey, isProjectName, KEY_SCOPES, parseScopes } = await import('../server/api-keys.js');
    const scopes = parseScopes(input.text('scopes') ?? KEY_SCOPES.join(','));
    if (scopes === undefined) {
      throw new SpoorError('SPOOR_USAGE', `--scopes takes ${KEY_SCOPES.join(', ')}.`);
    }
    const project = input.text('project');
    if (project !== undefined && !isProjectName(project)) {
      throw new SpoorError(
        'SPOOR_USAGE',
        '--project takes lower-case letters, digits, dots, dashes and underscores, 64 at most.',
      );
    }
    const { secret, entry } = createApiKey({ scopes, project });
    const file = input.text('file');
    if (file !== undefined) await appendFile(file, `${entry}\n`, { mode: 0o600 });
    terminal.out(
      input.has('json') ? `${JSON.stringify({ key: secret, entry })}\n` : shown(secret, entry, file),
    );
    return 0;
  },
};

function shown(secret: string, entry: string, file: string | undefined): string {
  return [
    secret,
    '',
    'This key is shown once. Programs send it as SPOOR_API_KEY, or as `authorization: Bearer <key>`.',
    file === undefined
      ? 'The translator needs this line, which holds its hash, in the file of --api-keys-file or in SPOOR_API_KEYS:'
      : `Its hash is in ${file}, for \`spoor serve --api-keys-file\`:`,
    `  ${entry}`,
    '',
  ].join('\n');
}
