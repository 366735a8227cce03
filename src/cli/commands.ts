import type { Command } from './command.js';
import { doctorCommand } from './doctor-command.js';
import { flushCommand } from './flush-command.js';
import { serveCommand } from './serve-command.js';
import { sessionsCommand } from './sessions-command.js';
import { showCommand } from './show-command.js';
import { tailCommand } from './tail-command.js';

/** Every command, in the order of the help text. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  sessionsCommand,
  showCommand,
  tailCommand,
  doctorCommand,
  flushCommand,
];
