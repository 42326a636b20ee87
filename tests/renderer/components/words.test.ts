import { describe, expect, it } from 'vitest';
import { contractName, legsLine, shortContractName, strikeText } from '../../../src-renderer/components/format/contracts.ts';
import { gateTitle, inUnit, pairInUnit, titleOf, wordsOf } from '../../../src-renderer/components/format/words.ts';

describe('codes in the owner’s words', () => {
  it('splits codes and keeps abbreviations', () => {
    expect(wordsOf('creditToRisk')).toBe('credit to risk');
    expect(titleOf('bull_put_spread')).toBe('Bull put spread');
    expect(titleOf('ivRankMin')).toBe('IV rank min');
    expect(wordsOf('lognormal (forecast): forward 551.42')).toBe('lognormal (forecast): forward 551.42');
    expect(gateTitle('maxPositionsPerSector')).toBe('Max positions per sector');
  });

  it('writes numbers in their stated unit', () => {
    expect(inUnit(0.42, 'fraction')).toBe('42.0 %');
    expect(inUnit(50_000, 'cents')).toBe('$500.00');
    expect(inUnit(-3.1, 'dollars')).toBe('−$3.10');
    expect(inUnit(21, 'days')).toBe('21 d');
    expect(inUnit(4_210, 'contracts')).toBe('4,210 contracts');
    expect(inUnit(1, 'flag')).toBe('yes');
    expect(inUnit(null, 'days')).toBe('–');
  });

  it('says a long unit once for a pair', () => {
    expect(pairInUnit(0.4, 2, 'times the credit')).toEqual(['0.40', '2 times the credit']);
    expect(pairInUnit(0.34, 0.5, 'fraction')).toEqual(['34.0 %', '50.0 %']);
    expect(pairInUnit(null, 5, 'positions')).toEqual(['–', '5 positions']);
  });
});

describe('contracts in words', () => {
  it('reads an OCC symbol', () => {
    expect(contractName('SPY261218P00525000')).toBe('SPY 18 Dec 525 put');
    expect(shortContractName('KO261218C00072500')).toBe('72.5 call');
    expect(contractName('SPY')).toBe('SPY');
    expect(strikeText(27.5)).toBe('27.5');
  });

  it('writes the legs of a spread on one line, with dates only where they differ', () => {
    const put = (strike: number, day: string) => `SPY26${day}P00${strike}000`;
    expect(
      legsLine([
        { symbol: put(525, '1218'), ratio: -1 },
        { symbol: put(520, '1218'), ratio: 1 },
      ]),
    ).toBe('−1 525P  +1 520P');
    expect(
      legsLine([
        { symbol: put(525, '1218'), ratio: -1 },
        { symbol: put(525, '1120'), ratio: 1 },
      ]),
    ).toBe('−1 18 Dec 525P  +1 20 Nov 525P');
  });
});
