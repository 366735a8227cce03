import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that writes a segment, told apart from a later one with the same number. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the kernel started it, in ticks since boot; absent where that cannot be read. */
  readonly startTicks?: string;
}

let self: Owner | undefined;

/** This process. */
export function ownOwner(): Owner {
  if (self !== undefined) return self;
  const ticks = startTicks('self');
  self = { host: hostname(), pid: process.pid, ...(ticks === undefined ? {} : { startTicks: ticks }) };
  return self;
}

/**
 * Whether the owner still runs. A process of another machine, seen through a shared folder, counts as running: nobody
 * here can know.
 */
export function isRunning(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startTicks(String(owner.pid));
  return owner.startTicks === undefined || now === undefined || now === owner.startTicks;
}

/** Field 22 of `/proc/<pid>/stat`. The second field, the program's name, may hold blanks and parentheses. */
function startTicks(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
