// Signed notes, checkpoints and keys: C2SP signed-note, tlog-checkpoint and
// tlog-cosignature.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, base64, concat, equal, readUint32, readUint64, unbase64, utf8 } from "./bytes";
import { hashBytes } from "./merkle";
import { type Text, Unusable } from "./words";

export interface Checkpoint { text: string; origin: string; size: number; root: Bytes; signatures: Signature[] }

interface Signature { name: string; hash: number; bytes: Bytes }

export interface Key { name: string; hash: number; public: Bytes }

export interface Keys { logs: Key[]; witnesses: Key[] }

const mostSignatures = 100, keyBytes = 32, signatureBytes = 64, ofLog = 1, ofWitness = 4;
const latest = 253402300799; // the last second that four digits of a year can write

// readCheckpoint reads the note and checks no signature; undefined for what is none.
export function readCheckpoint(written: string): Checkpoint | undefined {
  if (/[\u0000-\u0009\u000b-\u001f]/.test(written) || !written.endsWith("\n")) return undefined;
  const split = written.lastIndexOf("\n\n");
  if (split < 0) return undefined;
  const text = written.slice(0, split + 1), lines = written.slice(split + 2).split("\n");
  lines.pop(); // behind the last line break
  if (lines.length === 0 || lines.length > mostSignatures) return undefined;
  const signatures: Signature[] = [];
  for (const line of lines) {
    const s = readSignature(line);
    if (!s) return undefined;
    signatures.push(s);
  }
  return readText(text, signatures);
}

function readSignature(line: string): Signature | undefined {
  const found = /^— ([^ ]+) (.+)$/u.exec(line);
  const bytes = found && !/[+\p{White_Space}]/u.test(found[1]) ? unbase64(found[2]) : undefined;
  if (!found || !bytes || bytes.length < 5) return undefined;
  return { name: found[1], hash: readUint32(bytes), bytes: bytes.subarray(4) };
}

// Lines behind the third are extensions: signed with the rest, and without meaning here.
function readText(text: string, signatures: Signature[]): Checkpoint | undefined {
  const [origin, size, encoded] = text.slice(0, -1).split("\n");
  const root = unbase64(encoded ?? "");
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size ?? "") || !Number.isSafeInteger(Number(size)) || root?.length !== hashBytes) return undefined;
  return { text, origin, size: Number(size), root, signatures };
}

// isName knows the names of keys: no spaces, no plus, and nothing that is not seen.
export function isName(s: string): boolean { return s !== "" && !/[+\p{White_Space}\p{C}\p{Z}]/u.test(s); }

// readKeys reads a keys file: "log" or "witness" and a key on each line.
export function readKeys(file: string): Keys {
  const keys: Keys = { logs: [], witnesses: [] };
  file.replace(/^\ufeff/, "").split("\n").forEach((line, i) => addKey(keys, i + 1, line.trim()));
  if (keys.logs.length === 0) throw badKeys(0, { id: "Berkas kunci ini tidak memuat satu pun kunci log.", en: "This keys file holds no key of a log." });
  return keys;
}

function addKey(keys: Keys, number: number, line: string): void {
  if (line === "" || line.startsWith("#")) return;
  const [, role, written] = /^(log|witness) +(\S+)$/.exec(line) ?? [];
  if (!role) throw badKeys(number, { id: "Baris ini tidak dimulai dengan log atau witness.", en: "This line begins with neither log nor witness." });
  const one = readKey(written, role === "log" ? ofLog : ofWitness);
  if (!one) throw badKeys(number, { id: "Kunci pada baris ini tidak utuh, atau milik peran lain.", en: "The key on this line is not whole, or of the other role." });
  const [own, others] = role === "log" ? [keys.logs, keys.witnesses] : [keys.witnesses, keys.logs];
  if (others.some((k) => equal(k.public, one.public))) throw badKeys(number, { id: "Kunci ini sudah tertulis dalam peran lain: log tidak dapat menjadi saksi bagi dirinya.", en: "This key stands in the other role already: a log is no witness of itself." });
  if (!own.some((k) => k.name === one.name && equal(k.public, one.public))) own.push(one);
}

function readKey(written: string, algorithm: number): Key | undefined {
  const [, name, hash, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(written) ?? [];
  const typed = unbase64(encoded ?? "");
  if (!typed || typed.length !== 1 + keyBytes || typed[0] !== algorithm || !isName(name)) return undefined;
  const own = readUint32(sha256(concat(utf8(name + "\n"), typed)));
  return own === parseInt(hash, 16) ? { name, hash: own, public: typed.subarray(1) } : undefined;
}

// writeKey is the key as others print it.
export function writeKey(k: Key, algorithm: "log" | "witness"): string {
  const typed = concat([algorithm === "log" ? ofLog : ofWitness], k.public);
  return `${k.name}+${k.hash.toString(16).padStart(8, "0")}+${base64(typed)}`;
}

export function signed(k: Key, text: string, signature: Bytes): boolean { return holds(k, utf8(text), signature); }

// cosigned is when a witness cosigned, in seconds since 1970; undefined where it did not.
export function cosigned(k: Key, text: string, signature: Bytes): number | undefined {
  if (signature.length !== 8 + signatureBytes) return undefined;
  const at = readUint64(signature);
  if (at === undefined || at > latest) return undefined;
  return holds(k, utf8(`cosignature/v1\ntime ${at}\n${text}`), signature.subarray(8)) ? at : undefined;
}

// holds checks as RFC 8032 says; the library's usual rule is more lenient.
function holds(k: Key, message: Bytes, signature: Bytes): boolean {
  return signature.length === signatureBytes && ed25519.verify(signature, message, k.public, { zip215: false });
}

function badKeys(line: number, say: Text): Unusable {
  const where = (word: string) => (line > 0 ? ` (${word} ${line})` : "");
  return new Unusable(String(line), { id: say.id + where("baris"), en: say.en + where("line") }, {
    id: "Ambil kunci dari tempat yang Anda percaya, satu kunci per baris: log atau witness, lalu kuncinya.",
    en: "Get keys from a place that you trust, one key a line: log or witness, then the key." });
}
