import { expect, it } from 'vitest';
import { patchMethod, type Caller } from '../../src/instrument/patch-sdk.js';

class Client {
  create(text: string): string {
    return text;
  }
}

it('does not patch a method again that another instrumentation has wrapped since', () => {
  let calls = 0;
  const call: Caller = (resource, args, original) => {
    calls += 1;
    const answer: unknown = Reflect.apply(original, resource, args);
    return answer;
  };
  patchMethod(Client.prototype, 'create', call);
  // As OpenTelemetry's instrumentations do it.
  const ours = Object.getOwnPropertyDescriptor(Client.prototype, 'create')?.value as Client['create'];
  const theirs = function theirs(this: Client, text: string): string {
    return `${ours.call(this, text)}!`;
  };
  Object.defineProperty(theirs, '__original', { value: ours });
  Object.defineProperty(Client.prototype, 'create', { value: theirs, configurable: true, writable: true });
  patchMethod(Client.prototype, 'create', call);
  expect([new Client().create('one'), calls]).toEqual(['one!', 1]);
});
