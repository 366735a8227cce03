import { describe, expect, it } from 'vitest';
import { sniffImageType } from '../../src/shared/image-type.js';
import { GIF, JPEG, PNG, SVG, WEBP } from '../support/images.js';

describe('the type of an image', () => {
  it.each([
    ['PNG', PNG, { mediaType: 'image/png', extension: 'png' }],
    ['JPEG', JPEG, { mediaType: 'image/jpeg', extension: 'jpg' }],
    ['WebP', WEBP, { mediaType: 'image/webp', extension: 'webp' }],
    ['GIF', GIF, { mediaType: 'image/gif', extension: 'gif' }],
    ['GIF of 1987', Buffer.from('GIF87a'), { mediaType: 'image/gif', extension: 'gif' }],
  ])('%s is told by its bytes', (_name, bytes, type) => {
    expect(sniffImageType(bytes)).toEqual(type);
  });

  it.each([
    ['SVG', SVG],
    ['SVG behind a declaration', Buffer.from('<?xml version="1.0"?><svg/>')],
    ['HTML', Buffer.from('<!doctype html><img>')],
    ['another RIFF', Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WAVE')])],
    ['half a signature', PNG.subarray(0, 7)],
    ['nothing', Buffer.alloc(0)],
  ])('%s is none', (_name, bytes) => {
    expect(sniffImageType(bytes)).toBeUndefined();
  });
});
