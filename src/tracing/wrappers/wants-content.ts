import { currentContentPolicy, refusesContent } from '../../config/content-policy.js';

/** Whether a part of a call is kept: as asked for the function, else by the policy. Content that is refused stays out. */
export function wantsContent(
  asked: boolean | undefined,
  part: 'input' | 'output' | 'toolArguments',
): boolean {
  if (asked === false) return false;
  return asked === true ? !refusesContent(part) : currentContentPolicy()[part];
}
