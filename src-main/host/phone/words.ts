/** What the phone asks for. */
export type PhoneCommand =
  | { readonly kind: 'stop'; readonly verb: 'stopEntries' | 'freeze'; readonly reason: string }
  | { readonly kind: 'status' | 'positions' | 'proposals' | 'help' | 'resume' }
  | { readonly kind: 'seen'; readonly alertId: string }
  | { readonly kind: 'answer'; readonly decisionId: string; readonly approve: boolean }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'unknown' };

/** Longest reason that goes into the journal. */
const MOST_REASON = 200;

/** Reads a typed line. Names in any case, with or without '@bot' behind them. */
export function commandIn(text: string): PhoneCommand {
  const trimmed = text.slice(0, 1_000).trim();
  if (/^\d{6}$/.test(trimmed)) return { kind: 'code', code: trimmed };
  const match = /^\/([a-z]+)(?:@\w+)?(?:\s+([\s\S]*))?$/i.exec(trimmed);
  const name = match?.[1]?.toLowerCase() ?? '';
  const rest = (match?.[2] ?? '').trim();
  switch (name) {
    case 'kill':
    case 'freeze':
      return { kind: 'stop', verb: 'freeze', reason: reasonIn(rest) };
    case 'pause':
      return { kind: 'stop', verb: 'stopEntries', reason: reasonIn(rest) };
    case 'status':
    case 'positions':
    case 'proposals':
    case 'help':
    case 'resume':
      return { kind: name };
    case 'start':
      return { kind: 'help' };
    case 'seen':
      return /^a\d{1,9}$/.test(rest) ? { kind: 'seen', alertId: rest } : { kind: 'unknown' };
    case 'approve':
    case 'decline':
      return /^[\w-]{1,64}$/.test(rest) ? { kind: 'answer', decisionId: rest, approve: name === 'approve' } : { kind: 'unknown' };
    default:
      return { kind: 'unknown' };
  }
}

/** The code that pairs a phone, as '/pair CODE' or as the link's '/start CODE'; null for anything else. */
export function pairingCodeIn(text: string): string | null {
  const match = /^\/(?:pair|start)(?:@\w+)?\s+([A-Za-z0-9]{4,32})$/i.exec(text.slice(0, 200).trim());
  return match?.[1]?.toUpperCase() ?? null;
}

function reasonIn(rest: string): string {
  const said = rest
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .slice(0, MOST_REASON);
  return said === '' ? 'Thrown from the phone' : `From the phone: ${said}`;
}
