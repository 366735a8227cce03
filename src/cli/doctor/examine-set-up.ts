import { tracesUrl } from '../../config/endpoint.js';
import { resolveSettings } from '../../config/settings.js';
import { otlpTarget } from '../../sdk/otlp-sender.js';
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
  const receiver = isOffline ? [] : [await checkReceiver(otlpTarget(settings, tracesUrl(resolved)), stop)];
  return [...checkProgram(folder, settings), checkSettings(resolved), ...receiver, checkJournal()];
}
