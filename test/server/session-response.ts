import * as z from 'zod';
import { Observation } from '../../semconv/model/observation.js';
import { Session } from '../../semconv/model/session.js';
import { Step } from '../../semconv/model/step.js';

/** Holds what `GET /api/sessions/:id` must be, so that a test refuses records that are not of the model. */
export const SessionResponse = z.strictObject({
  session: Session,
  steps: z.array(Step),
  observations: z.array(Observation),
});
