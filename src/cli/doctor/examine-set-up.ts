import { resolveSettings } from '../../config/settings.js';
import { resolveTargets } from '../../config/targets.js';
import type { CheckGroup } from './check.js';
import { checkJournal } from './check-journal.js';
import { checkProgram } from './check-program.js';
import { checkReceiver } from './check-receiver.js';
import { checkSettings } from './check-settings.js';

export interface SetUp {
  /** Where the program's packages are looked for. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly isOffline: boolean;
  readonly stop: AbortSignal;
}

/** Everything that can be known without running the program. */
export async function examineSetUp({ folder, env, isOffline, stop }: SetUp): Promise<CheckGroup[]> {
  const resolved = resolveSettings({}, env);
  const { settings } = resolved;
  const { targets, problems } = resolveTargets(resolved, env);
  const asked = isOffline ? [] : targets;
  const receivers = await Promise.all(asked.map((target) => checkReceiver(target, stop)));
  const settingsRead = { ...resolved, problems: [...resolved.problems, ...problems] };
  return [...checkProgram(folder, settings), checkSettings(settingsRead), ...receivers, checkJournal()];
}
