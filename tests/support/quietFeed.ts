/** What a feed over Alpaca's protocol is opened with in a test: by REST alone, handed on at once, no earnings. */
export const QUIET_FEED = {
  immediate: true,
  optionFeed: 'indicative',
  stockFeed: 'iex',
  quality: 'indicative',
  stream: null,
  maxWatchedOptions: 50,
  earnings: () => Promise.resolve([]),
} as const;
