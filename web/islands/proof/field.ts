// One field of an answer, and the record's commitment to all of them.
import { sha256 } from "@noble/hashes/sha2.js";
import type { Field } from "./bundle";
import { concat, hex, uint32, uint64, utf8 } from "./bytes";
import { readJSON } from "./json";
import { leafHash, rootOf } from "./merkle";

const domain = utf8("simpul-field/1\0"), saltBytes = 16;

// fieldHolds reports whether the field stood in the answer whose record has this root.
export function fieldHolds(f: Field, root: string): boolean {
  if (f.salt.length !== saltBytes || !isPointer(f.pointer) || !isScalar(f.value)) return false;
  const pointer = utf8(f.pointer), value = utf8(f.value);
  const leaf = leafHash(concat(domain, uint32(pointer.length), pointer, uint32(value.length), value, f.salt));
  const tree = rootOf(f.index, f.size, leaf, f.path);
  return tree !== undefined && hex(sha256(concat([2], domain, uint64(f.size), tree))) === root;
}

function isPointer(s: string): boolean { return /^(\/([^~/]|~[01])*)*$/u.test(s); }

function isScalar(s: string): boolean {
  if (s === "{}" || s === "[]") return true;
  if (/^[{[\s]|\s$/.test(s)) return false;
  try {
    readJSON(s);
    return true;
  } catch {
    return false;
  }
}
