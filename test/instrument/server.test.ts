import { describe, expect, it } from 'vitest';
import { matchHost, serverOf } from '../../src/instrument/server.js';

describe('serverOf', () => {
  it.each([
    ['https://api.example.com/v1', { serverAddress: 'api.example.com', serverPort: 443 }],
    ['http://localhost:8080/v1', { serverAddress: 'localhost', serverPort: 8080 }],
    ['http://[::1]:9/v1', { serverAddress: '::1', serverPort: 9 }],
    ['not a url', {}],
    [undefined, {}],
  ])('reads %s', (url, expected) => {
    expect(serverOf(url)).toEqual(expected);
  });
});

describe('matchHost', () => {
  const table = { 'example.com': 'one', 'eu.example.com': 'two' };

  it('takes the longest suffix at a label boundary', () => {
    expect(matchHost('api.eu.example.com', table)).toBe('two');
    expect(matchHost('API.Example.com', table)).toBe('one');
  });

  it('does not match in the middle of a label', () => {
    expect(matchHost('myexample.com', table)).toBeUndefined();
    expect(matchHost('example.com.evil.org', table)).toBeUndefined();
    expect(matchHost(undefined, table)).toBeUndefined();
  });
});
