import { toSafeText } from '../safe-text.js';

/** Lines that could not be read, by file. Of very many, the first are told one by one. */
export interface BadLines {
  add(file: string, line: number, problem: string): void;
  readonly count: number;
  /** The first of them, for a result in JSON. */
  readonly first: readonly { file: string; line: number; problem: string }[];
  /** One line each, and how many more there are; empty when all was well. */
  render(): string;
}

const MOST_TOLD = 20;
const LONGEST_PROBLEM = 200;

export function createBadLines(): BadLines {
  const first: { file: string; line: number; problem: string }[] = [];
  let count = 0;
  return {
    first,
    get count() {
      return count;
    },
    add(file, line, problem) {
      count += 1;
      if (first.length < MOST_TOLD) first.push({ file, line, problem: problem.slice(0, LONGEST_PROBLEM) });
    },
    render() {
      const lines = first.map(
        ({ file, line, problem }) => `${toSafeText(file)}:${line}: ${toSafeText(problem)}\n`,
      );
      const more = count - first.length;
      return `${lines.join('')}${more > 0 ? `and ${more} more bad lines\n` : ''}`;
    },
  };
}
