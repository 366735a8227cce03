import type { Command } from './command.js';
import { costCommand } from './cost-command.js';
import { doctorCommand } from './doctor-command.js';
import { exportCommand } from './export-command.js';
import { flushCommand } from './flush-command.js';
import { graphCommand } from './graph-command.js';
import { importCommand } from './import-command.js';
import { keysCommand } from './keys-command.js';
import { mcpCommand } from './mcp-command.js';
import { migrateCommand } from './migrate-command.js';
import { scoreCommand } from './score-command.js';
import { pinCommand, unpinCommand } from './pin-command.js';
import { reindexCommand } from './reindex-command.js';
import { scoresCommand } from './scores-command.js';
import { searchCommand } from './search-command.js';
import { serveCommand } from './serve-command.js';
import { sessionsCommand } from './sessions-command.js';
import { showCommand } from './show-command.js';
import { stuckCommand } from './stuck-command.js';
import { sqlCommand } from './sql-command.js';
import { statsCommand } from './stats-command.js';
import { tailCommand } from './tail-command.js';
import { translateCommand } from './translate-command.js';

/** Every command, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  sessionsCommand,
  showCommand,
  graphCommand,
  stuckCommand,
  costCommand,
  scoreCommand,
  tailCommand,
  searchCommand,
  scoresCommand,
  sqlCommand,
  statsCommand,
  pinCommand,
  unpinCommand,
  reindexCommand,
  mcpCommand,
  translateCommand,
  importCommand,
  exportCommand,
  migrateCommand,
  keysCommand,
  doctorCommand,
  flushCommand,
];
