/** What a text is compared by: a set of hashed features, and their 64-bit simhash in two halves. */
export interface Features {
  readonly isLong: boolean;
  /** Sorted, without duplicates. */
  readonly set: Uint32Array;
  readonly high: number;
  readonly low: number;
}

const BITS = 32;

/** Features of a canonical text: words and pairs of words when it is long, else runs of three characters. */
export function featuresOf(text: string, longWords: number): Features {
  const words = text.split(/[^\p{L}\p{N}<>_]+/u).filter((word) => word !== '');
  const isLong = words.length >= longWords;
  const set = withoutRepeats(isLong ? wordPairs(words) : trigrams(text));
  return { isLong, set, ...simhash(set) };
}

/**
 * Share of the features that two sets have in common, from 0 to 1; 0 as soon as it is sure to be less than `least`, which for sets
 * that are not alike is soon.
 */
export function jaccard(left: Uint32Array, right: Uint32Array, least: number): number {
  const all = left.length + right.length;
  if (all === 0) return 1;
  // Features that only one of the two may have.
  const most = all - 2 * Math.ceil((least * all) / (1 + least));
  let [first, second, single] = [0, 0, 0];
  if (Math.abs(left.length - right.length) > most) return 0;
  while (first < left.length && second < right.length) {
    const one = left[first]!;
    const two = right[second]!;
    if (one !== two) {
      single += 1;
      if (single > most) return 0;
    }
    if (one <= two) first += 1;
    if (two <= one) second += 1;
  }
  single += left.length - first + right.length - second;
  const shared = (all - single) / 2;
  return shared / (all - shared);
}

/** Bits in which two halves of a simhash differ. */
export function differingBits(left: number, right: number): number {
  let bits = left ^ right;
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function wordPairs(words: readonly string[]): Uint32Array {
  const found = new Uint32Array(words.length * 2 - 1);
  let before = 0;
  for (const [at, word] of words.entries()) {
    const own = hash32(word);
    found[at] = own;
    if (at > 0) found[words.length + at - 1] = mixed(Math.imul(before, 31) + own);
    before = own;
  }
  return found;
}

function trigrams(text: string): Uint32Array {
  const padded = ` ${text} `;
  const found = new Uint32Array(Math.max(0, padded.length - 2));
  for (let at = 0; at < found.length; at += 1) {
    const first = Math.imul(padded.charCodeAt(at), 0x10001) ^ padded.charCodeAt(at + 1);
    found[at] = mixed(Math.imul(first, 0x01000193) ^ padded.charCodeAt(at + 2));
  }
  return found;
}

function withoutRepeats(features: Uint32Array): Uint32Array {
  features.sort();
  let count = 0;
  for (const feature of features) {
    if (count > 0 && feature === features[count - 1]) continue;
    features[count] = feature;
    count += 1;
  }
  return features.slice(0, count);
}

/** For each bit, what most features have. Four bits are counted at once, in the bytes of one number. */
function simhash(set: Uint32Array): { high: number; low: number } {
  const ones = new Int32Array(2 * BITS);
  const bytes = new Int32Array(16);
  for (const [at, feature] of set.entries()) {
    const other = mixed(feature);
    for (let shift = 0; shift < 8; shift += 1) {
      bytes[shift]! += (feature >>> shift) & 0x01010101;
      bytes[shift + 8]! += (other >>> shift) & 0x01010101;
    }
    // A byte holds no more than that.
    if (at % 255 === 254) flush(bytes, ones);
  }
  flush(bytes, ones);
  let [high, low] = [0, 0];
  for (let bit = 0; bit < BITS; bit += 1) {
    if (ones[bit]! * 2 > set.length) low |= 1 << bit;
    if (ones[bit + BITS]! * 2 > set.length) high |= 1 << bit;
  }
  return { high, low };
}

function flush(bytes: Int32Array, ones: Int32Array): void {
  for (const [at, counts] of bytes.entries()) {
    const first = at < 8 ? at : at - 8 + BITS;
    for (let byte = 0; byte < 4; byte += 1) ones[first + byte * 8]! += (counts >>> (byte * 8)) & 0xff;
  }
  bytes.fill(0);
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
