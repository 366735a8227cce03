import type { Observation } from '../../semconv/model/observation.js';
import type { Command } from './command.js';
import { findSession } from './find-session.js';
import { renderSession } from './render-session.js';
import { toSafeJson } from './safe-text.js';
import { SOURCE_OPTIONS, withTrailSource } from './trail-source.js';

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
    json: {
      type: 'boolean',
      summary: 'Print the answer of GET /api/sessions/:id, with the log records beside it.',
    },
  },
  async run(input, terminal) {
    const hasMessages = !input.has('no-messages');
    const wanted = input.positionals[0] ?? '';
    const { found, logs } = await withTrailSource(input, terminal, async (source) => {
      const session = await findSession(source, wanted);
      return { found: session, logs: hasMessages ? await source.logs(session.session.id) : [] };
    });
    const shown = hasMessages ? found : { ...found, observations: found.observations.map(withoutMessages) };
    const asked = hasMessages ? { ...shown, logs } : shown;
    terminal.out(input.has('json') ? `${toSafeJson(asked, 2)}\n` : renderSession(shown, terminal, logs));
    return 0;
  },
};

function withoutMessages(observation: Observation): Observation {
  const kept: Observation = { ...observation };
  for (const key of MESSAGE_KEYS) delete kept[key];
  if (kept.tool === undefined) return kept;
  const tool = { ...kept.tool };
  delete tool.arguments;
  delete tool.result;
  return { ...kept, tool };
}
