/** Where requests go. One loopback port serves the embedded exchange; Alpaca has a host per purpose. */
export interface AlpacaVenue {
  readonly id: 'embedded' | 'alpaca-paper' | 'alpaca-live';
  readonly title: string;
  readonly tradingUrl: string;
  readonly dataUrl: string;
  readonly updatesUrl: string;
  readonly streamUrl: string;
  readonly isLive: boolean;
}

export const ALPACA_PAPER: AlpacaVenue = {
  id: 'alpaca-paper',
  title: 'Alpaca paper',
  tradingUrl: 'https://paper-api.alpaca.markets',
  dataUrl: 'https://data.alpaca.markets',
  updatesUrl: 'wss://paper-api.alpaca.markets/stream',
  streamUrl: 'wss://stream.data.alpaca.markets',
  isLive: false,
};

export const ALPACA_LIVE: AlpacaVenue = {
  ...ALPACA_PAPER,
  id: 'alpaca-live',
  title: 'Alpaca live',
  tradingUrl: 'https://api.alpaca.markets',
  updatesUrl: 'wss://api.alpaca.markets/stream',
  isLive: true,
};

/** The embedded exchange's own port. `url` is http://127.0.0.1:port. */
export function embeddedVenue(url: string): AlpacaVenue {
  const socket = url.replace(/^http/, 'ws');
  return {
    id: 'embedded',
    title: 'embedded exchange',
    tradingUrl: url,
    dataUrl: url,
    updatesUrl: `${socket}/stream`,
    streamUrl: socket,
    isLive: false,
  };
}

/**
 * Live and paper must agree in host, key and account before anything starts, and the key goes to no address that is not safe for it:
 * Alpaca's paper keys begin with PK and paper accounts with PA; live keys with AK. What is neither is refused on the live venue: with real money nothing is guessed.
 * Answers what disagrees, or null.
 */
export function disagreement(venue: AlpacaVenue, keyId: string, accountNumber: string | null): string | null {
  if (venue.id === 'embedded') return null;
  const unsafe = unsafeAddress(venue);
  if (unsafe !== null) return unsafe;
  const host = new URL(venue.tradingUrl).hostname;
  if (venue.isLive && host === PAPER_HOST) return `The trading address ${host} is Alpaca’s paper venue but the venue is live.`;
  if (!venue.isLive && host === LIVE_HOST) return `The trading address ${host} is Alpaca’s live venue but the venue is paper.`;
  if (venue.isLive && keyId.startsWith('PK'))
    return 'The key is a paper key (PK…) but the venue is live. Choose the paper venue or store a live key.';
  if (venue.isLive && !keyId.startsWith('AK')) return 'The venue is live, but the key does not begin with AK as live keys do.';
  if (!venue.isLive && keyId.startsWith('AK'))
    return 'The key is a live key (AK…) but the venue is paper. Choose the live venue or store a paper key.';
  if (accountNumber === null) return null;
  if (venue.isLive && accountNumber.startsWith('PA')) return `Account ${accountNumber} is a paper account but the venue is live.`;
  if (!venue.isLive && !accountNumber.startsWith('PA'))
    return `Account ${accountNumber} is not a paper account but the venue is paper.`;
  return null;
}

/** Key and secret travel to each of these: encrypted, or not beyond this machine; with real money to Alpaca alone. */
function unsafeAddress({ tradingUrl, dataUrl, updatesUrl, streamUrl, isLive }: AlpacaVenue): string | null {
  for (const address of [tradingUrl, dataUrl, updatesUrl, streamUrl]) {
    if (!URL.canParse(address)) return `${address} is no address.`;
    const { protocol, hostname } = new URL(address);
    if (LOOPBACK.test(hostname)) continue;
    if (protocol !== 'https:' && protocol !== 'wss:')
      return `The address ${address} is not encrypted: the key would be sent in the open. Use https.`;
    if (isLive && !hostname.endsWith(ALPACA_DOMAIN))
      return `The address ${address} is not Alpaca’s (${ALPACA_DOMAIN.slice(1)}): a live key is sent nowhere else.`;
  }
  return null;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const ALPACA_DOMAIN = '.alpaca.markets';

const PAPER_HOST = new URL(ALPACA_PAPER.tradingUrl).hostname;
const LIVE_HOST = new URL(ALPACA_LIVE.tradingUrl).hostname;

const DATA_PATH = /^\/(v2\/stocks|v1beta1\/|v1\/corporate-actions|v1beta3\/)/;

/** The full address of a request that the SDK made for its own host. */
export function redirected(venue: AlpacaVenue, original: string): string {
  const url = new URL(original);
  return `${DATA_PATH.test(url.pathname) ? venue.dataUrl : venue.tradingUrl}${url.pathname}${url.search}`;
}
