/**
 * Books a meeting room and says at each step what it saw, wanted and did. One step fails, and what it teaches is told of
 * an earlier step, after that one has ended.
 */
import { createEvent, createStep, endStep, score, startSession, updateStep, withStep } from 'spoor';

const taken = new Set(['Azul']);

async function book(room) {
  if (taken.has(room)) throw new Error(`${room} was taken a minute ago`);
  taken.add(room);
  return `${room}, Tuesday 10:00`;
}

const session = startSession({
  name: 'book a room',
  agentName: 'room-booker',
  task: 'A room for six on Tuesday at 10',
  userId: 'ines',
  tags: ['example'],
  metadata: { office: 'Porto' },
});

// A step without a callback: it is the active one until the next step, or its end.
const search = createStep({
  name: 'search',
  state: 'the calendar of Tuesday is open',
  stateKey: 'calendar',
  goal: 'know the rooms for six',
});
const lookup = createEvent({ functionName: 'find_rooms', arguments: { seats: 6, day: 'Tuesday' } });
lookup.end({ result: ['Azul', 'Branca'], isSuccessful: true });
updateStep({ action: 'take the first of two rooms' });
endStep({ evalScore: 1, evalDescription: 'two rooms at the first try' });

// A step that throws ends with score 0 and the message, and the error goes on.
const azul = {
  name: 'book',
  state: 'Azul is free',
  stateKey: 'room chosen',
  goal: 'a room is booked',
  action: 'book Azul',
};
try {
  await withStep(azul, () => book('Azul'));
} catch (error) {
  console.log(`Azul: ${error.message}`);
}

// The search has ended. What is said of it now is an amendment.
updateStep({
  stepId: search.id,
  evalScore: 0.4,
  evalDescription: 'took the first room without a look at who else wants it',
});

const branca = { ...azul, state: 'Azul is taken, Branca is free', action: 'book Branca' };
await withStep(branca, async (step) => {
  console.log(`Branca: ${await book('Branca')}`);
  step.update({ evalScore: 1, evalDescription: 'booked' });
});

session.end({
  isSuccessful: true,
  isSuccessfulReason: 'Branca is booked',
  sessionEval: 4,
  sessionEvalReason: 'one room too many was tried',
  scores: { rooms_tried: 2 },
  rubric: {
    name: 'booking',
    value: 0.8,
    criteria: [
      { name: 'fits the wish', value: 1 },
      { name: 'effort', value: 0.6, explanation: 'one try failed' },
    ],
  },
});

// Another day: the session has ended, its id is enough.
score({ name: 'content', value: true, source: 'human', target: { kind: 'session', id: session.id } });
