import { crc32 } from 'node:zlib';

/** One event of the service's binary streams: a head, headers, a payload in JSON and two checksums. */
export function eventFrame(type: string, payload: object): Buffer {
  const headers = { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' };
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const body = Buffer.from(JSON.stringify(payload));
  const frame = Buffer.alloc(head.length + body.length + 16);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  head.copy(frame, 12);
  body.copy(frame, 12 + head.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

function header(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const head = Buffer.alloc(name.length + 4);
  head.writeUInt8(name.length, 0);
  head.write(name, 1);
  // 7: the value is text.
  head.writeUInt8(7, name.length + 1);
  head.writeUInt16BE(text.length, name.length + 2);
  return Buffer.concat([head, text]);
}
