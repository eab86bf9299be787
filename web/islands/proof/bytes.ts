// Bytes and how they are written. Whatever could be written in two ways is refused.
export type Bytes = Uint8Array;

// unbase64 reads the standard base64 of RFC 4648 section 4; undefined for anything else.
export function unbase64(text: string): Bytes | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  return btoa(binary) === text ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : undefined;
}

export function base64(bytes: Bytes): string {
  return btoa(String.fromCharCode(...bytes));
}

export function utf8(text: string): Bytes { return new TextEncoder().encode(text); }

// text reads UTF-8, a byte order mark included; undefined for what is none.
export function text(bytes: Bytes): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function concat(...parts: (Bytes | number[])[]): Bytes {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

// uint32 and uint64 write whole numbers below 2^53, big-endian.
export function uint32(n: number): Bytes { return new Uint8Array([n >>> 24, n >>> 16, n >>> 8, n]); }

export function uint64(n: number): Bytes { return concat(uint32(Math.floor(n / 2 ** 32)), uint32(n % 2 ** 32)); }

// readUint64 is undefined beyond 2^53−1.
export function readUint64(b: Bytes): number | undefined {
  const n = readUint32(b) * 2 ** 32 + readUint32(b.subarray(4));
  return Number.isSafeInteger(n) ? n : undefined;
}

export function readUint32(b: Bytes): number { return ((b[0] << 24) | (b[1] << 16) | (b[2] << 8) | b[3]) >>> 0; }

export function hex(b: Bytes): string {
  return Array.from(b, (n) => n.toString(16).padStart(2, "0")).join("");
}

export function equal(a: Bytes, b: Bytes): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
