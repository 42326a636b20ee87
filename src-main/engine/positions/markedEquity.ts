import { civilDate } from '#domain/market/calendar';
import type { Position } from '#domain/portfolio/position';
import { type Cents, cents } from '#domain/units';
import type { AccountSnapshot } from '#ports/broker';
import type { Turn } from '../turn.ts';
import { tooWide } from './exitRules.ts';
import { exitViewOf } from './exitView.ts';
import type { Mark } from './mark.ts';

/**
 * What would be left if everything were closed now: the cash book's cash and what every position brings at natural prices (its
 * mid where its market is too wide to believe). It moves with each mark, while the broker's own figure waits for the next look
 * at the account. null while the account disagrees with the journal, or while anything held has no fresh mark.
 */
export function markedEquity(turn: Turn): Cents | null {
  const { state, present } = turn;
  if (!present.reconciled || !present.accountAgrees || state.cashBook === null) return null;
  let value = state.cashBook.cash + present.valueElsewhere;
  for (const position of state.positions.values()) {
    if (position.legs.length === 0) continue;
    const mark = freshMark(turn, position);
    if (!mark) return null;
    value += tooWide({ ...exitViewOf(turn, position), mark }) ? mark.midValue : mark.naturalValue;
  }
  return cents(value);
}

/** Positions that should have a mark and have none, or only an old one. What is expired waits for clearing, not for a price. */
export function unmarkedPositions(turn: Turn): readonly Position[] {
  const today = civilDate(turn.now);
  return [...turn.state.positions.values()].filter(
    (position) =>
      position.legs.length > 0 &&
      (position.expiration === null || position.expiration >= today) &&
      freshMark(turn, position) === null,
  );
}

function freshMark({ present, settings, now }: Turn, { positionId }: Position): Mark | null {
  const mark = present.marks.get(positionId);
  return mark && Math.abs(now - mark.at) <= settings.risk.maxMarkAgeSeconds * 1000 ? mark : null;
}

/** What the account's equity counts besides cash and its positions, by the broker's own figures; null when one is missing. */
export function valueElsewhere({ account, positions }: AccountSnapshot): Cents | null {
  let rest: number = account.equity - account.cash;
  for (const { marketValue } of positions) {
    if (marketValue === null) return null;
    rest -= marketValue;
  }
  return cents(rest);
}
