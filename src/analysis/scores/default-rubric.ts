import type { Rubric } from '../../../semconv/model/rubric.js';

/**
 * What runs are judged by when their user says nothing: without a model, from what the spans say. A `eval` or
 * `isSuccessful` that the user gave stands in its place.
 */
export const DEFAULT_RUBRIC: Rubric = {
  name: 'default',
  version: '1',
  kind: 'score',
  criteria: [
    {
      name: 'completed',
      weight: 4,
      heuristic: 'completed',
      description: 'It came to an end, with an answer.',
    },
    { name: 'errors', weight: 2, heuristic: 'errors', description: 'Its parts did not fail.' },
    { name: 'stuck', weight: 3, heuristic: 'stuck', description: 'It did not go in circles.' },
    { name: 'tools', weight: 2, heuristic: 'tools', description: 'Its tools worked.' },
    {
      name: 'repeated-work',
      weight: 1,
      heuristic: 'repeated-work',
      description: 'It did not come back to where it had been.',
    },
    {
      name: 'latency',
      weight: 0.5,
      heuristic: 'latency',
      description: 'It took no longer than runs like it.',
    },
    { name: 'cost', weight: 0.5, heuristic: 'cost', description: 'It cost no more than runs like it.' },
  ],
};
