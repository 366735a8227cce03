import { warnOnce } from './diag.js';
import {
  changeEvent,
  changeForeignEvent,
  closeEvent,
  currentEvent,
  knownEvent,
  openEvent,
  type EventFields,
  type EventOptions,
  type EventState,
} from './event.js';
import { guarded } from './guarded.js';
import { isSilent } from './sampling.js';

/** An event in the hand of the program. No method throws. */
export interface EventHandle {
  readonly concept: 'event';
  readonly id: string;
  /** Changes facts; after the end this is an amendment. */
  update(fields: EventFields): void;
  /** Ends the event. A second end only says what is new. */
  end(fields?: EventFields): void;
}

type WithEventId = EventFields & { eventId?: string; event_id?: string };

/**
 * Opens an event inside the active step. With `isFinished: true` it is ended at once.
 * @example
 * const event = createEvent({ description: 'ask the warehouse', functionName: 'stock', arguments: { id: 7 } });
 * event.end({ result: 3, isSuccessful: true });
 */
export function createEvent(options: EventOptions = {}): EventHandle {
  return guarded('createEvent', EMPTY_EVENT, () => {
    if (isSilent()) return options.id === undefined ? EMPTY_EVENT : { ...EMPTY_EVENT, id: options.id };
    const event = openEvent(options);
    if ((options.isFinished ?? (options as { is_finished?: boolean }).is_finished) === true)
      closeEvent(event, {});
    return handleOf(event);
  });
}

/**
 * Changes facts of the newest open event of this context, or of the one that `eventId` names, also after its end.
 * @example
 * updateEvent({ cost: 0.002, model: 'gpt-4o-mini' });
 */
export function updateEvent(fields: WithEventId = {}): void {
  guarded('updateEvent', undefined, () => act(fields, 'updateEvent', changeEvent));
}

/**
 * Ends the newest open event of this context, or the one that `eventId` names.
 * @example
 * endEvent({ result: 'three left' });
 */
export function endEvent(fields: WithEventId = {}): void {
  guarded('endEvent', undefined, () => act(fields, 'endEvent', closeEvent));
}

function act(
  fields: WithEventId,
  caller: string,
  apply: (event: EventState, fields: EventFields) => void,
): void {
  const id = fields.eventId ?? fields.event_id;
  const event = id === undefined ? currentEvent() : knownEvent(id);
  if (event !== undefined) apply(event, fields);
  else if (id !== undefined) changeForeignEvent(id, fields);
  else if (!isSilent()) warnOnce(`${caller}:none`, `${caller}: no event is open here`);
}

function handleOf(event: EventState): EventHandle {
  return {
    concept: 'event',
    id: event.id,
    update: (fields) => guarded('event.update', undefined, () => changeEvent(event, fields)),
    end: (fields = {}) => guarded('event.end', undefined, () => closeEvent(event, fields)),
  };
}

const EMPTY_EVENT: EventHandle = { concept: 'event', id: '', update: () => undefined, end: () => undefined };
