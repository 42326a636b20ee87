import type { Broker } from '#ports/broker';
import type { MarketData } from '#ports/marketData';

const silent = () => () => {};
const unused = (): never => {
  throw new Error('not part of this story');
};

/** A broker that says nothing; what is done at it is the story's. */
export function silentBroker(acts: Pick<Broker, 'send' | 'cancel'>): Broker {
  return {
    ...acts,
    capabilities: {
      id: 'story',
      maxLegs: 4,
      canReplaceCombination: false,
      canCombineStockAndOptions: false,
      requiresCoverInsideOrder: true,
      cancelsOnDisconnect: false,
      timeInForce: ['day'],
      reportsAssignmentSameDay: false,
    },
    onReport: silent,
    onSnapshot: silent,
    onConnection: silent,
    lookUp: unused,
    requestSnapshot: unused,
    exercise: unused,
    start: unused,
    stop: unused,
  };
}

/** Market data that never come. */
export function silentFeed(): MarketData {
  return {
    capabilities: { id: 'story', quality: 'simulated', maxWatchedOptions: 1 },
    onChains: silent,
    onHistory: silent,
    onHalts: silent,
    onQuotes: silent,
    onConnection: silent,
    requestChains: unused,
    requestHistory: unused,
    watch: unused,
    requestQuotes: unused,
    start: unused,
    stop: unused,
  };
}
