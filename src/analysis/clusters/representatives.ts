import { differingBits, type Features } from './features.js';

/** The first member of a cluster: others are compared with it alone, so that a cluster does not drift. */
export interface Representative {
  readonly cluster: number;
  readonly features: Features;
  readonly screenshot: string | undefined;
  readonly vector: readonly number[] | undefined;
}

/** First members with their simhashes in plain arrays, which is what makes looking at all of them cheap. */
export interface Representatives {
  readonly all: readonly Representative[];
  add(member: Representative): void;
  /** Visits those whose simhash differs in at most this many bits, in the order in which they were added. */
  near(features: Features, mostBits: number, visit: (other: Representative, bits: number) => void): void;
}

const FIRST_ROOM = 64;

export function createRepresentatives(): Representatives {
  const all: Representative[] = [];
  let highs = new Int32Array(FIRST_ROOM);
  let lows = new Int32Array(FIRST_ROOM);
  return {
    all,
    add(member) {
      if (all.length === highs.length) {
        highs = grown(highs);
        lows = grown(lows);
      }
      highs[all.length] = member.features.high;
      lows[all.length] = member.features.low;
      all.push(member);
    },
    near({ high, low }, mostBits, visit) {
      for (let at = 0; at < all.length; at += 1) {
        const bits = differingBits(high, highs[at]!) + differingBits(low, lows[at]!);
        if (bits <= mostBits) visit(all[at]!, bits);
      }
    },
  };
}

function grown(list: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(list.length * 2);
  more.set(list);
  return more;
}
