import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '#adapters/secrets/withoutSecrets';

describe('a text from outside', () => {
  it('that echoes the headers of a request comes in without its key, wherever and however often it stands there', () => {
    const text = '403: APCA-API-KEY-ID: PK1, APCA-API-SECRET-KEY: s3cr.t+; retried with s3cr.t+';
    expect(withoutSecrets(text, ['s3cr.t+', 'PK1'])).toBe(
      '403: APCA-API-KEY-ID: [secret], APCA-API-SECRET-KEY: [secret]; retried with [secret]',
    );
  });

  it('is left as it is by a key that is not set', () => {
    expect(withoutSecrets('order not found', ['', 'PK1'])).toBe('order not found');
  });
});
