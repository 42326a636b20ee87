import type { VerdictKind } from '#domain/decisions/decision';
import type { Tone } from '../../components/Badge.tsx';

export const verdictWords: Readonly<Record<VerdictKind, { readonly word: string; readonly mark: string; readonly tone: Tone }>> =
  {
    approved: { word: 'approved', mark: '✓', tone: 'good' },
    resized: { word: 'resized', mark: '↓', tone: 'warn' },
    refused: { word: 'refused', mark: '✕', tone: 'bad' },
    awaitingApproval: { word: 'awaits you', mark: '…', tone: 'accent' },
  };
