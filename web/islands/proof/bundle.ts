// The file of a proof: exactly the members that the format has.
import { type Bytes, text, unbase64 } from "./bytes";
import { hashBytes } from "./merkle";
import { Num, readJSON, type Value } from "./json";
import { type Text, Unusable } from "./words";

export const mostBytes = 4 * 2 ** 20; // of the file
const format = "simpul-proof/1", mostRecord = 2 ** 20, mostCheckpoint = 2 ** 16, longestPath = 64;

export interface Bundle {
  exchange: string;
  journal: string;
  sequence: number;
  record: Bytes;
  block: { first: number; count: number; path: Bytes[] };
  log: { index: number; path: Bytes[] };
  checkpoint: string;
  personal: string;
  field?: Field;
}

export interface Field { pointer: string; value: string; salt: Bytes; index: number; size: number; path: Bytes[] }

type Members = Map<string, Value>;

// readBundle throws Unusable where the file is no proof. It does not say whether the
// proof holds.
export function readBundle(file: Bytes): Bundle {
  if (file.length > mostBytes) throw new Unusable("", { id: "Berkas ini lebih besar dari 4 MiB; bukti tidak pernah sebesar itu.", en: "This file is larger than 4 MiB; no proof is." });
  const all = members(file);
  known("", all, ["format", "exchange", "journal", "sequence", "record", "block", "log", "checkpoint", "personal", "field"]);
  if (string(all, "format") !== format) throw new Unusable("format", { id: "Berkas ini bukan bukti pertukaran, atau bentuknya belum dikenal halaman ini.", en: "This file is not the proof of an exchange, or of a form that this page does not know." });
  const block = object(all, "block", ["first", "count", "path"]), log = object(all, "log", ["index", "path"]);
  const b: Bundle = {
    exchange: string(all, "exchange"), journal: string(all, "journal"), sequence: whole(all, "sequence"), record: bytes(all, "record"),
    block: { first: whole(block, "first"), count: whole(block, "count"), path: path(block) },
    log: { index: whole(log, "index"), path: path(log) },
    checkpoint: string(all, "checkpoint"), personal: string(all, "personal"), field: field(all),
  };
  check(b);
  return b;
}

function check(b: Bundle): void {
  const holds: [string, boolean][] = [
    ["exchange", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(b.exchange)],
    ["journal", /^[0-9a-f]{32}$/.test(b.journal)],
    ["sequence", b.sequence > 0],
    ["record", b.record.length > 0 && b.record.length <= mostRecord],
    ["block.first", b.block.first > 0],
    ["block.count", b.block.count > 0 && b.block.count < 2 ** 32],
    ["checkpoint", b.checkpoint !== "" && b.checkpoint.length <= mostCheckpoint],
  ];
  for (const [place, ok] of holds) if (!ok) throw misshapen(place);
}

function members(file: Bytes): Members {
  try {
    const value = readJSON(text(file) ?? "");
    if (value instanceof Map) return value;
  } catch { /* told below */ }
  throw new Unusable("", { id: "Berkas ini bukan bukti pertukaran yang utuh.", en: "This file is not the whole proof of an exchange." });
}

function field(all: Members): Field | undefined {
  if ((all.get("field") ?? null) === null) return undefined;
  const f = object(all, "field", ["pointer", "value", "salt", "index", "size", "path"]);
  return { pointer: string(f, "pointer"), value: string(f, "value"), salt: bytes(f, "salt"), index: whole(f, "index"), size: whole(f, "size"), path: path(f) };
}

// An absent member, or null, is empty, as the Go program reads it.
function object(all: Members, name: string, names: string[]): Members {
  const value = all.get(name) ?? new Map<string, Value>();
  if (!(value instanceof Map)) throw misshapen(name);
  known(name + ".", value, names);
  return value;
}

function known(place: string, all: Members, names: string[]): void {
  for (const name of all.keys()) if (!names.includes(name)) throw misshapen(place + name);
}

function string(all: Members, name: string): string {
  const value = all.get(name) ?? "";
  if (typeof value !== "string") throw misshapen(name);
  return value;
}

function whole(all: Members, name: string): number {
  const value = all.get(name) ?? new Num("0");
  const n = value instanceof Num ? value.whole() : undefined;
  if (n === undefined) throw misshapen(name);
  return n;
}

function bytes(all: Members, name: string): Bytes {
  const value = unbase64(string(all, name));
  if (!value) throw misshapen(name);
  return value;
}

function path(all: Members): Bytes[] {
  const value = all.get("path") ?? [];
  if (!Array.isArray(value) || value.length > longestPath) throw misshapen("path");
  return value.map((one) => {
    const hash = typeof one === "string" ? unbase64(one) : undefined;
    if (hash?.length !== hashBytes) throw misshapen("path");
    return hash;
  });
}

function misshapen(place: string): Unusable {
  const say: Text = { id: `Bagian ${place} tidak ada, bukan milik sebuah bukti, atau tidak mungkin bernilai begitu.`, en: `The member ${place} is absent, is none of a proof, or cannot have such a value.` };
  return new Unusable(place, say);
}
