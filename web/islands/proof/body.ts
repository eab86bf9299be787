// Bodies that somebody holds, against what the record says of those that passed. A digest is
// the SHA-256 in hex, or "keyed:" and a commitment, whose key stands in the personal part.
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, concat, hex } from "./bytes";
import { readJSON } from "./json";
import { type Statement } from "./record";
import { type Text } from "./words";

export type Likeness = "same" | "other" | "unkeyed" | "unnamed" | "unfamiliar";
export type Role = "request" | "response";

// Bodies are the SHA-256 of what somebody holds.
export interface Bodies { request?: Bytes; response?: Bytes }

export const keyed = "keyed:";
const keyBytes = 16, domains: Record<Role, number> = { request: 3, response: 4 };

// sumOf reads a file piece by piece, so that it may be larger than memory.
export async function sumOf(file: Blob): Promise<Bytes> {
  const sum = sha256.create(), reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return sum.digest();
    sum.update(value);
  }
}

export function likeness(record: Statement, role: Role, held: Bytes, personal: string): Likeness {
  const recorded = record.texts.get(role + "_digest") ?? "";
  if (recorded === "") {
    const bodiless = role === "request" && record.requestBytes === 0 && record.texts.get("kind") === "sealed";
    return bodiless ? same(hex(held) === hex(sha256(new Uint8Array()))) : "unnamed";
  }
  const commits = recorded.startsWith(keyed), digits = commits ? recorded.slice(keyed.length) : recorded;
  if (!/^[0-9a-f]{64}$/.test(digits)) return "unfamiliar";
  if (!commits) return same(hex(held) === digits);
  const key = digestKey(personal);
  return key ? same(hex(sha256(concat([domains[role]], key, held))) === digits) : "unkeyed";
}

function same(yes: boolean): Likeness { return yes ? "same" : "other"; }

// digestKey is undefined where the personal part holds none, written in the one way there is.
function digestKey(personal: string): Bytes | undefined {
  try {
    const all = readJSON(personal), text = all instanceof Map ? all.get("digest_key") : undefined;
    if (typeof text !== "string" || !/^[A-Za-z0-9_-]{22}$/.test(text)) return undefined;
    const key = Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/") + "=="), (c) => c.charCodeAt(0));
    const again = btoa(String.fromCharCode(...key)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    return key.length === keyBytes && again === text ? key : undefined;
  } catch {
    return undefined;
  }
}

const names: Record<Role, Text> = { request: { id: "isi permintaan", en: "the body of the call" }, response: { id: "isi jawaban", en: "the body of the answer" } };

// sayOf tells of a body that was held against the record.
export function sayOf(record: Statement, role: Role, is: Likeness): Text {
  const what = names[role];
  const untold = (id: string, en: string): Text => ({ id: `Tidak dapat dipastikan apakah berkas Anda ${what.id} pertukaran ini: ${id}`, en: `It cannot be told whether your file is ${what.en} of this exchange: ${en}` });
  const commits = (record.texts.get(role + "_digest") ?? "").startsWith(keyed);
  if (record.texts.get("kind") === "opened") return { id: "Catatan ini dibuat sebelum jawaban selesai, sehingga tidak menyebut sidik isi. Ambil buktinya sekali lagi dari hub.", en: "This record was made before the answer was complete, so it names no fingerprint of a body. Get the proof from the hub once more." };
  switch (is) {
    case "same": return { id: `Berkas Anda persis ${what.id} pertukaran ini.`, en: `Your file is exactly ${what.en} of this exchange.` };
    case "unkeyed": return untold("sidiknya terkunci, dan bukti ini tidak memuat kuncinya. Pihak pertukaran mendapatkannya dengan simpul evidence get --personal, selama kunci bulan itu belum dimusnahkan.", "the fingerprint is keyed, and this proof lacks the key. A party of the exchange gets it by simpul evidence get --personal, as long as the key of that month is not destroyed.");
    case "unfamiliar": return untold("halaman ini tidak mengenal jenis sidiknya. Pakai halaman atau program versi terbaru.", "this page does not know fingerprints of that kind. Use the newest version of the page or the program.");
    case "unnamed": return untold("catatannya tidak menyebut sidiknya, sebab isi itu tidak lewat seutuhnya atau ditulis oleh hub sendiri.", "the record names no fingerprint of it, since that body did not pass as a whole or was written by the hub itself.");
  }
  const plain: Text = { id: `Berkas Anda bukan ${what.id} pertukaran ini: sidiknya lain. Pakai berkas persis seperti yang lewat, tanpa disimpan ulang oleh program lain`, en: `Your file is not ${what.en} of this exchange: its fingerprint differs. Take the file exactly as it passed, not as another program saved it` };
  return commits
    ? { id: plain.id + ", dan bukti yang Anda ambil sendiri: kunci sidik di bukti orang lain dapat saja diganti.", en: plain.en + ", and a proof that you got yourself: the digest key in the proof of others may have been replaced." }
    : { id: plain.id + ".", en: plain.en + "." };
}
