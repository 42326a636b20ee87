import pino from 'pino';

export type Log = pino.Logger;

/** Fields that are never written, wherever they stand. */
const SECRET_FIELDS = ['secret', 'token', 'keyId', 'password', 'passphrase', 'authorization'];

/** The program's own log: one JSON object a line, without secrets. The journal, not this, is the record of what was traded. */
export function openLog(file: string): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  return pino(
    { level: process.env['STRIKEDESK_LOG_LEVEL'] ?? 'info', redact: { paths, censor: '[secret]' }, base: { pid: process.pid } },
    pino.destination({ dest: file, sync: true, mkdir: true, mode: 0o600 }),
  );
}
