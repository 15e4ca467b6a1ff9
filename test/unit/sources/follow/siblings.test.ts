import { describe, expect, it } from 'vitest';
import { isRotatedName } from '../../../../src/sources/follow/siblings.ts';

describe('isRotatedName', () => {
  it.each([
    ['access.log.1', 'access.log'],
    ['access.log.12', 'access.log'],
    ['access.log-20261121', 'access.log'],
    ['access.log-20261121-1795235222', 'access.log'],
    ['access.log.2026-11-21_04', 'access.log'],
    ['access.log-2026-11-21T04:00:00Z', 'access.log'],
    ['access.log.old', 'access.log'],
    ['access-20261121.log', 'access.log'],
    ['access.1.log', 'access.log'],
    ['gunicorn.1', 'gunicorn'],
  ])('%s is an earlier %s', (name, base) => {
    expect(isRotatedName(name, base)).toBe(true);
  });

  it.each([
    ['access.log', 'access.log'],
    ['access.log.1.gz', 'access.log'],
    ['access.log-20261121.zst', 'access.log'],
    ['access.log.error', 'access.log'],
    ['access.log.swp', 'access.log'],
    ['access-api.log', 'access.log'],
    ['error.log.1', 'access.log'],
    ['gunicorn.error.1', 'gunicorn'],
    ['gunicorn-access.log', 'gunicorn'],
    ['access.log.10', 'access.log.1'],
    ['app10.log', 'app1.log'],
  ])('%s is no earlier %s', (name, base) => {
    expect(isRotatedName(name, base)).toBe(false);
  });
});
