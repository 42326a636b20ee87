import { create } from 'zustand';

/** The row that is open in each panel's drawer. */
interface Selection {
  readonly position: string | null;
  readonly order: string | null;
  readonly trade: string | null;
  readonly strategy: string | null;
}

export const useSelection = create<Selection>(() => ({ position: null, order: null, trade: null, strategy: null }));

export const select = (change: Partial<Selection>) => useSelection.setState(change);
