import { differingBits } from './features.js';

/** Bits in which two perceptual hashes of 64 bits differ; undefined when one of them is none. */
export function screenshotDistance(left: string, right: string): number | undefined {
  if (!isHash(left) || !isHash(right)) return undefined;
  return differingBits(half(left, 0), half(right, 0)) + differingBits(half(left, 8), half(right, 8));
}

/** Cosine of the angle between two vectors; 0 when they cannot be compared. */
export function cosine(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) return 0;
  let [dot, first, second] = [0, 0, 0];
  for (const [at, value] of left.entries()) {
    const other = right[at] ?? 0;
    dot += value * other;
    first += value * value;
    second += other * other;
  }
  const length = Math.sqrt(first * second);
  return length === 0 ? 0 : dot / length;
}

/** Eight digits of a hash. */
function half(hash: string, from: number): number {
  return Number.parseInt(hash.slice(from, from + 8), 16);
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}
