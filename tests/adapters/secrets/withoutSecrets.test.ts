import { describe, expect, it } from 'vitest';
import { cleaned, withoutSecrets } from '#adapters/secrets/withoutSecrets';

describe('a text from outside', () => {
  it('that echoes the headers of a request comes in without its key, wherever and however often it stands there', () => {
    const text = '403: APCA-API-KEY-ID: PK1, APCA-API-SECRET-KEY: s3cr.t+; retried with s3cr.t+';
    expect(withoutSecrets(text, ['s3cr.t+', 'PK1'])).toBe(
      '403: APCA-API-KEY-ID: [secret], APCA-API-SECRET-KEY: [secret]; retried with [secret]',
    );
  });

  it('that was cut in the middle of the key comes in without the piece that is left', () => {
    const secret = 'Kq7Rz0pWvT3mXy5Lb9Nd2Hs8Jf4Gc6AeU1oI';
    expect(withoutSecrets(`equity is not a number: "${secret}"`.slice(0, 44), [secret])).toBe(
      'equity is not a number: "[secret]',
    );
    expect(withoutSecrets(`…${secret.slice(9)}, ${secret.slice(0, 11)}`, [secret])).toBe(`…[secret], ${secret.slice(0, 11)}`);
  });

  it('is cleaned wherever it stands in an answer, but for secrets so short that ids would hold them', () => {
    const secret = 'canary-secret-77c1';
    const answer = { kind: 'x', contracts: 3, fault: { message: `no ${secret}` }, legs: [{ symbol: secret }, { symbol: 'SPY' }] };
    expect(cleaned(answer, [secret, 'SPY'])).toEqual({
      kind: 'x',
      contracts: 3,
      fault: { message: 'no [secret]' },
      legs: [{ symbol: '[secret]' }, { symbol: 'SPY' }],
    });
  });

  it('is left as it is by a key that is not set', () => {
    expect(withoutSecrets('order not found', ['', 'PK1'])).toBe('order not found');
  });
});
