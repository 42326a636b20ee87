import { createHash } from 'node:crypto';
import type { ContentDigest } from '#ports/contentDigest';

/** SHA-256. Pieces are set apart by their lengths, so that no two lists of pieces read the same. */
export const contentDigest: ContentDigest = (pieces) => {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(`${piece.length}:`).update(piece);
  return hash.digest('hex');
};
