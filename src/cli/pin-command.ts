import { SpoorClient } from '../client/spoor-client.js';
import { SpoorError } from '../shared/errors.js';
import { openDataDir } from '../server/data-dir.js';
import type { Command, CommandInput, Terminal } from './command.js';
import { SOURCE_OPTIONS, translatorUrl } from './trail-source.js';

/** `spoor pin`: keeps a session when room has to be made. */
export const pinCommand: Command = pinning('pin', true, 'Keep a session when older ones have to make room.');
/** `spoor unpin`: no longer keeps it. */
export const unpinCommand: Command = pinning('unpin', false, 'No longer keep a session that was pinned.');

function pinning(name: string, isPinned: boolean, summary: string): Command {
  return {
    name,
    summary,
    positionals: ['<session>'],
    options: {
      url: SOURCE_OPTIONS.url,
      data: {
        type: 'string',
        value: 'folder',
        summary: 'Write to this data folder, which no translator may have open.',
      },
      json: { type: 'boolean', summary: 'Print the outcome as one line of JSON.' },
    },
    async run(input, terminal) {
      const id = input.positionals[0] ?? '';
      if (!(await setPin(input, terminal, id, isPinned)))
        throw new SpoorError('SPOOR_NOT_FOUND', `There is no session "${id}".`);
      terminal.out(input.has('json') ? `${JSON.stringify({ id, pinned: isPinned })}\n` : '');
      return 0;
    },
  };
}

async function setPin(
  input: CommandInput,
  terminal: Terminal,
  id: string,
  isPinned: boolean,
): Promise<boolean> {
  const dataDir = input.text('data');
  if (dataDir === undefined) {
    const client = new SpoorClient({ baseUrl: translatorUrl(input, terminal), retries: 0 });
    return client.sessions.pin(id, isPinned).finally(() => client.close());
  }
  if (input.has('url')) throw new SpoorError('SPOOR_USAGE', 'Give --url or --data, not both.');
  const store = await openDataDir(dataDir, { readOnly: false });
  try {
    return await store.pin(id, isPinned);
  } finally {
    await store.close();
  }
}
