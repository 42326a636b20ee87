import type { FeedName, ItemOf } from '#contract/contract';
import type { Client } from '#wire/client';

/** The first item of a feed for which `when` holds. */
export function firstItem<Name extends FeedName>(
  from: Client,
  name: Name,
  input: Parameters<Client['feed']>[1],
  when: (item: ItemOf<Name>) => boolean,
): Promise<ItemOf<Name>> {
  return new Promise((resolve, reject) => {
    const stop = from.feed(
      name,
      input as never,
      (item) => {
        if (!when(item)) return;
        setTimeout(() => stop());
        resolve(item);
      },
      (failure) => reject(new Error(failure.message)),
    );
  });
}
