import type { CallMapper } from '../../src/instrument/call-mapper.js';
import { textOf, type Fields } from '../../src/instrument/read.js';
import { responsesInput, responsesRequest } from './request.js';
import { responsesOutput, responsesResponse } from './response.js';
import { responsesReducer } from './responses-stream.js';
import type { SocketSession } from './socket-calls.js';

const MAPPER: CallMapper = {
  request: responsesRequest,
  input: responsesInput,
  response: responsesResponse,
  output: responsesOutput,
  reducer: responsesReducer,
};
const FINAL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled']);

/** The Responses API over a WebSocket: the events of a streamed response, one response after the other. */
export class ResponsesSession implements SocketSession {
  readonly mapper: CallMapper = MAPPER;
  readonly isSerial: boolean = true;

  /** The event is the body of the request; what comes back is always a stream. */
  sends(event: Fields): unknown[] | undefined {
    return event['type'] === 'response.create' ? [{ ...event, stream: true }] : undefined;
  }

  receives(): void {}

  unasked(): unknown[] {
    return [{ stream: true }];
  }

  begins(): void {}

  ends(): boolean {
    return false;
  }

  isFinal(event: Fields): boolean {
    return FINAL.has(textOf(event['type']) ?? '');
  }
}
