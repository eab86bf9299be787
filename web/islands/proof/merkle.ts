// Merkle trees of RFC 9162 section 2.1.
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat } from "./bytes";

export const hashBytes = 32;

export function leafHash(data: Bytes): Bytes { return sha256(concat([0], data)); }

function join(left: Bytes, right: Bytes): Bytes { return sha256(concat([1], left, right)); }

// rootOf is where the path leads from a leaf (section 2.1.3.2); undefined where a tree
// of that size has no such path.
export function rootOf(index: number, size: number, leaf: Bytes, path: Bytes[]): Bytes | undefined {
  if (index >= size) return undefined;
  let place = index, last = size - 1, root = leaf;
  const up = () => { place = Math.floor(place / 2); last = Math.floor(last / 2); };
  for (const hash of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      root = join(hash, root);
      while (place % 2 === 0 && place !== 0) up();
    } else {
      root = join(root, hash);
    }
    up();
  }
  return last === 0 ? root : undefined;
}
