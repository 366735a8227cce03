import { describe, expect, it } from 'vitest';
import { differingBits } from '../../src/analysis/clusters/features.js';
import { pictureHash } from '../../src/shared/picture-hash.js';
import { png, type Pixel } from '../support/make-png.js';

const page: Pixel = (x, y) => (y < 20 ? [30, 30, 200] : x > 60 && y > 40 ? [250, 250, 250] : [200, 180, x]);
const spinner: Pixel = (x, y) => (x > 90 && y < 6 ? [255, 0, 0] : page(x, y));
const other: Pixel = (x, y) => ((x >> 4) % 2 === (y >> 4) % 2 ? [0, 0, 0] : [255, 255, 255]);

function half(hash: string, from: number): number {
  return Number.parseInt(hash.slice(from, from + 8), 16);
}

function bits(left: string, right: string): number {
  return differingBits(half(left, 0), half(right, 0)) + differingBits(half(left, 8), half(right, 8));
}

describe('the hash of a picture', () => {
  it('is alike for pictures that look alike, and not for others', () => {
    const hash = pictureHash(png(100, 80, page)) ?? '';
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(bits(hash, pictureHash(png(100, 80, spinner)) ?? '')).toBeLessThanOrEqual(4);
    expect(bits(hash, pictureHash(png(200, 160, (x, y) => page(x / 2, y / 2))) ?? '')).toBeLessThanOrEqual(4);
    expect(bits(hash, pictureHash(png(100, 80, other)) ?? '')).toBeGreaterThan(15);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello, I am no picture at all, whatever my name says')],
    ['an interlaced one', png(20, 20, page, 1)],
    ['one that was cut', png(100, 80, page).subarray(0, 60)],
    ['one that says to be huge', Buffer.concat([png(4, 4, page).subarray(0, 16), Buffer.alloc(40, 0xff)])],
  ])('is undefined for %s', (_, bytes) => {
    expect(pictureHash(bytes)).toBeUndefined();
  });
});
