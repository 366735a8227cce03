import type { Observation } from '../../semconv/model/observation.js';
import type { SessionResponse } from '../server/api-types.js';
import { SpoorError } from '../shared/errors.js';
import type { Command } from './command.js';
import { renderSession } from './render-session.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource, type TrailSource } from './trail-source.js';

const MESSAGE_KEYS = [
  'systemInstructions',
  'inputMessages',
  'outputMessages',
  'toolDefinitions',
  'input',
  'output',
] as const satisfies readonly (keyof Observation)[];

/** `spoor show`: one session as a tree. */
export const showCommand: Command = {
  name: 'show',
  summary: 'Show one session: its steps, calls, tokens and messages.',
  positionals: ['<session|latest>'],
  options: {
    ...SOURCE_OPTIONS,
    'no-messages': { type: 'boolean', summary: 'Leave out what was said: messages, arguments, results.' },
    json: { type: 'boolean', summary: 'Print the answer of GET /api/sessions/:id.' },
  },
  async run(input, terminal) {
    const wanted = input.positionals[0] ?? '';
    const found = await withTrailSource(input, terminal, (source) => findSession(source, wanted));
    const hasMessages = !input.has('no-messages');
    const shown = hasMessages ? found : { ...found, observations: found.observations.map(withoutMessages) };
    terminal.out(input.has('json') ? `${toSafeJson(shown, 2)}\n` : renderSession(shown, terminal));
    return 0;
  },
};

/** By whole id, by the start of one among the newest 500, or `latest`. */
async function findSession(source: TrailSource, wanted: string): Promise<SessionResponse> {
  const exact = wanted === 'latest' ? undefined : await source.session(wanted);
  if (exact !== undefined) return exact;
  const { items } = await source.sessions({ limit: wanted === 'latest' ? 1 : 500 });
  const ids = items.map(({ id }) => id).filter((id) => wanted === 'latest' || id.startsWith(wanted));
  if (ids.length > 1) {
    throw new SpoorError(
      'SPOOR_NOT_FOUND',
      `${ids.length} sessions begin with "${wanted}". Give more of the id.`,
    );
  }
  const found = ids[0] === undefined ? undefined : await source.session(ids[0]);
  if (found !== undefined) return found;
  throw new SpoorError(
    'SPOOR_NOT_FOUND',
    wanted === 'latest' ? 'There is no session yet.' : `There is no session "${wanted}".`,
  );
}

function withoutMessages(observation: Observation): Observation {
  const kept: Observation = { ...observation };
  for (const key of MESSAGE_KEYS) delete kept[key];
  if (kept.tool === undefined) return kept;
  const tool = { ...kept.tool };
  delete tool.arguments;
  delete tool.result;
  return { ...kept, tool };
}
