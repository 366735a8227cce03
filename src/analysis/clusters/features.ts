/** What a text is compared by: a set of hashed features, and their 64-bit simhash in two halves. */
export interface Features {
  readonly isLong: boolean;
  /** Sorted, without duplicates. */
  readonly set: Uint32Array;
  readonly high: number;
  readonly low: number;
}

const BITS = 32;

/** Features of a canonical text: pairs of words when it is long, else runs of three characters. */
export function featuresOf(text: string, longWords: number): Features {
  const words = text.split(/[^\p{L}\p{N}<>_]+/u).filter((word) => word !== '');
  const isLong = words.length >= longWords;
  const raw = isLong ? wordPairs(words) : trigrams(text);
  const set = Uint32Array.from(new Set(raw)).toSorted();
  return { isLong, set, ...simhash(set) };
}

/** Share of the features that two sets have in common, from 0 to 1. */
export function jaccard(left: Uint32Array, right: Uint32Array): number {
  let [first, second, shared] = [0, 0, 0];
  while (first < left.length && second < right.length) {
    const [one = 0, two = 0] = [left[first], right[second]];
    if (one === two) shared += 1;
    if (one <= two) first += 1;
    if (two <= one) second += 1;
  }
  const all = left.length + right.length - shared;
  return all === 0 ? 1 : shared / all;
}

/** Bits in which two halves of a simhash differ. */
export function differingBits(left: number, right: number): number {
  let bits = left ^ right;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function wordPairs(words: readonly string[]): number[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    return next === undefined ? [hash32(word)] : [hash32(word), hash32(`${word} ${next}`)];
  });
}

function trigrams(text: string): number[] {
  const padded = ` ${text} `;
  const found: number[] = [];
  for (let at = 0; at + 3 <= padded.length; at += 1) found.push(hash32(padded.slice(at, at + 3)));
  return found;
}

function simhash(set: Uint32Array): { high: number; low: number } {
  const votes = new Int32Array(2 * BITS);
  for (const feature of set) {
    const other = mixed(feature);
    for (let bit = 0; bit < BITS; bit += 1) {
      votes[bit]! += (feature >>> bit) & 1 ? 1 : -1;
      votes[bit + BITS]! += (other >>> bit) & 1 ? 1 : -1;
    }
  }
  let [high, low] = [0, 0];
  for (let bit = 0; bit < BITS; bit += 1) {
    if (votes[bit]! > 0) low |= 1 << bit;
    if (votes[bit + BITS]! > 0) high |= 1 << bit;
  }
  return { high, low };
}

function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
