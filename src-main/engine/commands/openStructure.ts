import { midOf } from '#domain/market/chain';
import { type OptionContract, parseOccSymbol } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import { buyingPowerEffect } from '#domain/structures/margin';
import { recogniseStructure } from '#domain/structures/name';
import { profitBounds } from '#domain/structures/payoff';
import type { CommandLeg, CommandOutcome, OperatorCommand } from '#ports/commands';
import { ownersRisk, startEntry } from '../entries/enter.ts';
import { fixedLadder } from '../execution/ladder.ts';
import { currentRecord } from '../execution/work.ts';
import { unitGreeks } from '../positions/unitGreeks.ts';
import { combinationQuote, isSane } from '../risk/combinationQuote.ts';
import { isSecuredShape, withFreeShares } from '../risk/secured.ts';
import { freeSharesOf, riskBookOf } from '../state/riskBook.ts';
import type { Turn } from '../turn.ts';

type Ticket = Extract<OperatorCommand, { kind: 'openStructure' }>;

/** Shares alone are ordered by the share, whatever unit they were drawn in: an order's limit is the price of one. */
function byTheShare(command: Ticket): Ticket {
  const [only, ...others] = command.legs;
  const shares = Math.abs(only?.ratio ?? 1);
  if (!only || others.length > 0 || shares <= 1 || parseOccSymbol(only.symbol) !== null) return command;
  const { contracts, netLimit } = command;
  const legs = [{ ...only, ratio: Math.sign(only.ratio) }];
  return { ...command, legs, contracts: contracts * shares, netLimit: Math.ceil((netLimit / shares) * 100 - 1e-6) / 100 };
}

/** Opens what the owner drew: his own limit, the same gate. */
export function openStructure(turn: Turn, commandId: string, asked: Ticket): CommandOutcome {
  const command = byTheShare(asked);
  const legs = command.legs.map((leg) => legOf(turn, leg));
  const named = legs.filter((leg): leg is Leg => leg !== null);
  const [first] = named;
  if (!first || named.length !== legs.length)
    return { kind: 'refused', message: 'A leg is not listed in the last look at the market.', reasons: [] };
  const underlying = first.kind === 'stock' ? first.underlying : first.contract.underlying;
  const quote = combinationQuote(named, (symbol) => turn.present.quotes.get(symbol) ?? null);
  const spotQuote = turn.present.quotes.get(underlying) ?? null;
  if (!quote || !isSane(spotQuote))
    return {
      kind: 'refused',
      message: 'A leg has no usable quote now.',
      reasons: [{ gate: 'quote', passed: false, value: null, limit: null, unit: 'dollars' }],
    };
  const spot = midOf(spotQuote);
  const structure = recogniseStructure(named);
  const bounds = profitBounds(named, command.netLimit);
  const covered = withFreeShares(named, 1, underlying, freeSharesOf(turn, underlying));
  const power = buyingPowerEffect(covered, command.netLimit, 1, {
    spot,
    cashSecuredPuts: true,
    priceOf: (contract) => midOrBound(turn, contract, spot),
  });
  const secured = isSecuredShape(covered);
  turn.state.counters.position += 1;
  turn.state.counters.campaign += 1;
  const positionId = `p${turn.state.counters.position}`;
  const plan = turn.settings.positions;
  const gates = startEntry(turn, {
    legs: named,
    contracts: command.contracts,
    mid: quote.mid,
    natural: quote.natural,
    spot,
    frozenBound: command.netLimit,
    entry: {
      campaignId: `c${turn.state.counters.campaign}`,
      structure,
      legs: named,
      exitPlan: {
        takeProfitFraction: plan.takeProfitFraction,
        stopLossMultiple: command.netLimit > 0 ? plan.stopLossMultiple : null,
        trailing: null,
        timeStopDays: null,
        roll: null,
        scaleOut: [],
        takeAssignment: false,
      },
      rolls: 0,
      tags: command.note === '' ? ['manual'] : ['manual', command.note.slice(0, 200)],
    },
    strategyId: 'manual',
    origin: 'owner',
    cause: { kind: 'command', commandId },
    risk: ownersRisk(
      named,
      bounds.maxLoss,
      power,
      secured,
      unitGreeks(named, underlying, riskBookOf(turn), turn.settings.scanner.riskFreeRate),
    ),
    ladder: fixedLadder(command.netLimit, quote.mid, spot, turn.settings.execution.ownLimitRestMinutes * 60_000),
  });
  if (gates) return { kind: 'refused', message: 'The risk gate refused it.', reasons: gates };
  const intentId = `i${turn.state.counters.intent}`;
  const sent = unitsSent(turn, intentId) ?? command.contracts;
  const count = sent < command.contracts ? `${sent} of ${command.contracts}` : `${command.contracts}`;
  const cut = sent < command.contracts ? ' The risk gate lets no more through.' : '';
  return {
    kind: 'done',
    message: `Sent: ${count} ${underlying} ${structure} at ${command.netLimit.toFixed(2)}.${cut}`,
    ids: [intentId, positionId],
  };
}

/** Units of the structure that the first order was sent for: the gate may have cut it down. */
function unitsSent(turn: Turn, intentId: string): number | null {
  const record = currentRecord(turn, intentId);
  return record ? Math.round(record.request.contracts * record.unitWeight * 1e6) / 1e6 : null;
}

function midOrBound(turn: Turn, contract: OptionContract, spot: number): number {
  const quote = turn.present.quotes.get(contract.symbol) ?? null;
  return isSane(quote) ? midOf(quote) : contract.right === 'call' ? spot : contract.strike;
}

/** The contract behind a symbol: from the last look at the market, else from its own symbol. */
export function legOf(turn: Turn, leg: CommandLeg): Leg | null {
  const parts = parseOccSymbol(leg.symbol);
  if (!parts)
    return turn.settings.universe.includes(leg.symbol) ? { kind: 'stock', underlying: leg.symbol, shares: leg.ratio } : null;
  for (const view of turn.present.scan?.output.market.underlyings ?? []) {
    for (const { slice } of view.expirations) {
      if (slice.root !== parts.root || slice.expiration !== parts.expiration) continue;
      const side = parts.right === 'call' ? slice.calls : slice.puts;
      if (!side.symbols.includes(leg.symbol)) continue;
      return {
        kind: 'option',
        ratio: leg.ratio,
        contract: {
          symbol: leg.symbol,
          underlying: slice.underlying,
          root: slice.root,
          right: parts.right,
          strike: parts.strike,
          expiration: parts.expiration,
          style: slice.style,
          settlement: slice.settlement,
          multiplier: slice.multiplier,
          pennyProgram: slice.pennyProgram,
        },
      };
    }
  }
  if (!turn.settings.universe.includes(parts.root)) return null;
  return {
    kind: 'option',
    ratio: leg.ratio,
    contract: {
      symbol: leg.symbol,
      underlying: parts.root,
      root: parts.root,
      right: parts.right,
      strike: parts.strike,
      expiration: parts.expiration,
      style: 'american',
      settlement: 'physical',
      multiplier: 100,
      pennyProgram: true,
    },
  };
}
