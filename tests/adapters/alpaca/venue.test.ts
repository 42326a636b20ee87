import { describe, expect, it } from 'vitest';
import { ALPACA_LIVE, ALPACA_PAPER, type AlpacaVenue, disagreement } from '#adapters/brokers/alpaca/venue';

const at = (venue: AlpacaVenue, change: Partial<AlpacaVenue> = {}): string | null =>
  disagreement({ ...venue, ...change }, venue.isLive ? 'AKLIVE' : 'PKPAPER', null);

describe('where the key is sent', () => {
  it('is Alpaca’s own for either venue, and this machine', () => {
    for (const venue of [ALPACA_LIVE, ALPACA_PAPER]) {
      expect(at(venue)).toBeNull();
      for (const host of ['127.0.0.1:4100', 'localhost:4100', '[::1]:4100', '127.1:4100'])
        expect(at(venue, { tradingUrl: `http://${host}`, updatesUrl: `ws://${host}/stream` })).toBeNull();
    }
  });

  it.each(['tradingUrl', 'dataUrl', 'updatesUrl', 'streamUrl'] as const)(
    'with real money is nobody else’s %s, and never in the open',
    (field) => {
      const scheme = field === 'tradingUrl' || field === 'dataUrl' ? 'http' : 'ws';
      for (const host of ['broker.example', 'alpaca.markets.example', 'notalpaca.markets', '127.0.0.1.example', '10.0.0.5'])
        expect(at(ALPACA_LIVE, { [field]: `${scheme}s://${host}` })).toContain('is not Alpaca’s (alpaca.markets)');
      expect(at(ALPACA_LIVE, { [field]: `${scheme}://api.alpaca.markets` })).toContain('is not encrypted');
      expect(at(ALPACA_LIVE, { [field]: 'http://' })).toContain('is no address');
      expect(at(ALPACA_PAPER, { [field]: `${scheme}://10.0.0.5` })).toContain('is not encrypted');
      expect(at(ALPACA_PAPER, { [field]: `${scheme}s://proxy.example` })).toBeNull();
    },
  );
});
