import * as z from 'zod';
import { Rubric } from '../../../semconv/model/rubric.js';
import { SpoorError } from '../../shared/errors.js';

/**
 * Reads a rubric.
 * @throws SpoorError SPOOR_OPTION_INVALID
 */
export function readRubric(content: unknown): Rubric {
  const parsed = Rubric.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new SpoorError(
    'SPOOR_OPTION_INVALID',
    `The rubric is not as expected: ${z.prettifyError(parsed.error)}`,
  );
}
