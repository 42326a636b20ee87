/**
 * The hash of a content, as hex: SHA-256 where the engine runs. Handed in, so that the engine stays free of hashing and of the
 * platform that does it. The same pieces in the same order give the same digest.
 */
export type ContentDigest = (pieces: Iterable<string | Uint8Array>) => string;
