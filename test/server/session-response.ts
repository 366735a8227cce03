import * as z from 'zod';
import { Log } from '../../semconv/model/log.js';
import { Observation } from '../../semconv/model/observation.js';
import { Session } from '../../semconv/model/session.js';
import { Step } from '../../semconv/model/step.js';

/** Holds what `GET /api/sessions/:id` must be, and `spoor show --json` with its log records, so that a test refuses records that are not of the model. */
export const SessionResponse = z.strictObject({
  session: Session,
  steps: z.array(Step),
  observations: z.array(Observation),
  nextCursor: z.string().optional(),
  logs: z.array(Log).optional(),
});
