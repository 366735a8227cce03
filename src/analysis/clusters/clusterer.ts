import type { ClusterMethod, ClusterThresholds } from '../../../semconv/model/graph.js';
import { cosine, screenshotDistance } from './signals.js';
import { featuresOf, jaccard, type Features } from './features.js';
import { createRepresentatives, type Representatives } from './representatives.js';

export const DEFAULT_THRESHOLDS: ClusterThresholds = {
  shortSimilarity: 0.75,
  longDistance: 8,
  longWords: 12,
  screenshotDistance: 10,
  embeddingSimilarity: 0.93,
};

/** What clustering may use besides the text. */
export interface ClusterOptions {
  thresholds?: Partial<ClusterThresholds>;
  /** The user's own vectors; a text without one is compared by its words. */
  embedding?: (text: string) => readonly number[] | undefined;
  /** Perceptual hash of a screenshot by its reference: 16 hex digits. */
  screenshotHash?: (reference: string) => string | undefined;
}

/** What is known of a state. */
export interface StateFacts {
  readonly stateKey?: string;
  /** Canonical form. */
  readonly stateText: string;
  readonly screenshot?: string;
}

export interface Assignment {
  /** From 0, in the order in which clusters were first seen. */
  readonly cluster: number;
  readonly method: ClusterMethod;
}

export interface Clusterer {
  readonly thresholds: ClusterThresholds;
  assign(state: StateFacts): Assignment;
}

/** Similar texts differ in fewer bits than this with few exceptions; unlike ones hardly ever do. */
const SHORT_PREFILTER_BITS = 17;
/** From here on only equal texts are taken together: a session with more unlike states is no graph to look at. */
const MOST_REPRESENTATIVES = 20_000;

/** Takes states together, one by one, by the first method that applies. */
export function createClusterer(options: ClusterOptions = {}): Clusterer {
  const thresholds: ClusterThresholds = { ...DEFAULT_THRESHOLDS, ...options.thresholds };
  const known = new Map<string, Assignment>();
  const long = createRepresentatives();
  const short = createRepresentatives();
  let count = 0;

  function assign(state: StateFacts): Assignment {
    const picture = pictureOf(state);
    const exact =
      state.stateKey === undefined ? `text ${picture ?? ''} ${state.stateText}` : `key ${state.stateKey}`;
    const before = known.get(exact);
    if (before !== undefined) return before;
    const assignment = state.stateKey === undefined ? byText(state, picture) : fresh('key');
    known.set(exact, assignment);
    return assignment;
  }

  /** Without a perceptual hash, only the same picture is the same. */
  function pictureOf({ screenshot, stateText }: StateFacts): string | undefined {
    if (screenshot === undefined) return undefined;
    return options.screenshotHash?.(screenshot) ?? (stateText === '' ? screenshot : undefined);
  }

  function byText({ stateText }: StateFacts, picture: string | undefined): Assignment {
    const features = featuresOf(stateText, thresholds.longWords);
    const vector = options.embedding?.(stateText);
    const list = features.isLong ? long : short;
    const found =
      byPicture(stateText, picture) ??
      (stateText === '' ? undefined : nearest(list, features, picture)) ??
      byVector(vector);
    if (found !== undefined) return found;
    const made = fresh(stateText === '' && picture !== undefined ? 'screenshot' : 'text');
    if (list.all.length < MOST_REPRESENTATIVES)
      list.add({ cluster: made.cluster, features, screenshot: picture, vector });
    return made;
  }

  function fresh(method: ClusterMethod): Assignment {
    count += 1;
    return { cluster: count - 1, method };
  }

  /** A picture decides where there is no text. */
  function byPicture(text: string, picture: string | undefined): Assignment | undefined {
    if (picture === undefined || text !== '') return undefined;
    const same = short.all.find(
      ({ screenshot, features }) => features.set.length <= 1 && isSamePicture(screenshot, picture) === true,
    );
    return same === undefined ? undefined : { cluster: same.cluster, method: 'screenshot' };
  }

  function byVector(vector: readonly number[] | undefined): Assignment | undefined {
    if (vector === undefined) return undefined;
    let best: { cluster: number; similarity: number } | undefined;
    for (const { cluster, vector: other } of [...short.all, ...long.all]) {
      const similarity = other === undefined ? 0 : cosine(vector, other);
      if (similarity >= thresholds.embeddingSimilarity && similarity > (best?.similarity ?? 0))
        best = { cluster, similarity };
    }
    return best === undefined ? undefined : { cluster: best.cluster, method: 'embedding' };
  }

  function nearest(
    list: Representatives,
    features: Features,
    picture: string | undefined,
  ): Assignment | undefined {
    const { isLong, set } = features;
    const { shortSimilarity, longDistance } = thresholds;
    let cluster: number | undefined;
    let best = 0;
    list.near(features, isLong ? longDistance : SHORT_PREFILTER_BITS, (other, bits) => {
      const likeness = isLong ? 1 - bits / 64 : jaccard(set, other.features.set, shortSimilarity);
      if (likeness <= best || (!isLong && likeness < shortSimilarity)) return;
      // The same words under another picture are another page.
      if (isSamePicture(other.screenshot, picture) === false) return;
      best = likeness;
      cluster = other.cluster;
    });
    return cluster === undefined ? undefined : { cluster, method: 'near' };
  }

  /** Undefined when one of the two is not known. */
  function isSamePicture(left: string | undefined, right: string | undefined): boolean | undefined {
    if (left === undefined || right === undefined) return undefined;
    if (left === right) return true;
    const distance = screenshotDistance(left, right);
    return distance === undefined ? undefined : distance <= thresholds.screenshotDistance;
  }

  return { thresholds, assign };
}
