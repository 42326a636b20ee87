import { wordsOf } from '#domain/decisions/words';
import { isOver } from '../state/orderRecord.ts';
import { notify, type Turn } from '../turn.ts';

/** At a start the owner is told what other accounts of this journal were left with: nobody watches it while this one trades. */
export function tellSetAside(turn: Turn): void {
  for (const [account, { positions, orders }] of turn.state.setAside) {
    const held = [...positions.values()]
      .filter(({ legs }) => legs.length > 0)
      .map(({ positionId, underlying, structure }) => `${positionId} ${underlying} ${wordsOf(structure)}`);
    const working = [...orders.values()].filter(({ status }) => !isOver(status)).length;
    if (held.length === 0 && working === 0) continue;
    const left = [
      ...held,
      ...(working === 0 ? [] : [`${working === 1 ? 'one order' : `${working} orders`} not known to be over`]),
    ];
    notify(
      turn,
      'breach',
      `Left in account ${account}: ${held.length === 1 ? '1 position' : `${held.length} positions`}`,
      `${left.join(', ')}. Nothing here watches or closes them while ${turn.parts.account} trades; a start on ${account} takes them up again.`,
      true,
    );
  }
}
