import { describe, expect, it } from 'vitest';
import { exposureWarning, formatListenAddress, parseListenAddress } from '../../../../src/output/prometheus/index.ts';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:10913', '127.0.0.1', 10913],
    ['localhost:0', 'localhost', 0],
    ['[::1]:65535', '::1', 65535],
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['metrics.example.org:80', 'metrics.example.org', 80],
  ])('%s', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
    expect(formatListenAddress({ host, port })).toBe(text);
  });

  it('is one of the loopback when only a port is given', () => {
    expect(parseListenAddress('8080')).toEqual({ host: '127.0.0.1', port: 8080 });
  });

  it.each(['', ':80', 'host', 'host:', 'host:65536', 'host:1e3', '::1:80', '[::1]', '[host]:80', 'a b:80', '-x:80'])(
    'is not %j',
    (text) => {
      expect(parseListenAddress(text)).toBeNull();
    },
  );

  it.each([
    ['127.0.0.1', false],
    ['127.3.2.1', false],
    ['::1', false],
    ['localhost', false],
    ['0.0.0.0', true],
    ['::', true],
    ['192.168.1.7', true],
    ['127.0.0.1.example.org', true],
  ])('at %s is worth a warning: %s', (host, warns) => {
    expect(exposureWarning({ host, port: 80 }) !== null).toBe(warns);
  });
});
