import { deflateSync } from 'node:zlib';

/** Red, green and blue of a point. */
export type Pixel = (x: number, y: number) => readonly [number, number, number];

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length);
  head.write(name, 4, 'latin1');
  // The checksum is not looked at.
  return Buffer.concat([head, content, Buffer.alloc(4)]);
}

/** A PNG of RGB pixels, each row by another of the five filters. */
export function png(width: number, height: number, pixel: Pixel, interlaced = 0): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, interlaced], 8);
  const stride = width * 3;
  let above = Buffer.alloc(stride);
  const rows: Buffer[] = [];
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.from(Array.from({ length: width }, (_, x) => [...pixel(x, y)]).flat());
    const filter = y % 5;
    rows.push(Buffer.from([filter]), filtered(row, above, filter));
    above = row;
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function filtered(row: Buffer, above: Buffer, filter: number): Buffer {
  return row.map((value, at) => {
    const left = at < 3 ? 0 : (row[at - 3] ?? 0);
    const up = above[at] ?? 0;
    const corner = at < 3 ? 0 : (above[at - 3] ?? 0);
    const nearest = [left, up, corner].toSorted(
      (a, b) => Math.abs(left + up - corner - a) - Math.abs(left + up - corner - b),
    )[0] as number;
    return value - ([0, left, up, (left + up) >> 1, nearest][filter] as number);
  }) as Buffer;
}
