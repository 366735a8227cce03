import { OPTION_NAMES } from '../../config/options.js';
import type { ResolvedSettings } from '../../config/settings.js';
import type { Check, CheckGroup } from './check.js';

/** Options whose value is a secret, or may hold one. */
const SECRET = new Set(['apiKey', 'headers', 'targets']);

/** Every setting that something set, and what won; and what could not be read. */
export function checkSettings({ settings, sources, problems }: ResolvedSettings): CheckGroup {
  const values = settings as unknown as Readonly<Record<string, unknown>>;
  const set = OPTION_NAMES.filter((name) => values[name] !== undefined).map((name): Check => ({
    name,
    status: 'note',
    text: `${SECRET.has(name) ? 'set, not shown' : JSON.stringify(values[name])}, from ${sources[name] ?? 'default'}`,
  }));
  const wrong = problems.map((problem): Check => ({
    name: 'environment',
    status: 'trouble',
    text: problem,
    remedy: 'Correct or unset the variable; it is passed over now.',
  }));
  return { title: 'Settings', checks: [...wrong, ...set] };
}
