// The check of a proof: the steps of `simpul verify`, in their order, with nothing but
// public keys. It goes all the way even where a step fails.
import "./older"; // before the libraries
import { type Bodies, likeness, type Role, sayOf } from "./body";
import { type Bundle, readBundle } from "./bundle";
import { type Bytes, concat, equal, uint32, uint64 } from "./bytes";
import { fieldHolds } from "./field";
import { leafHash, rootOf } from "./merkle";
import { type Checkpoint, cosigned, isName, type Key, type Keys, readCheckpoint, signed } from "./note";
import { erasedOn, readRecord, type Statement } from "./record";
import { shown, type Text } from "./words";

export { readKeys, writeKey } from "./note";
export { Unusable } from "./words";

export type State = "ok" | "failed" | "missing" | "erased";
export interface Step { name: string; state: State; text: Text }
export interface Witness { name: string; at: number } // seconds since 1970
export interface Verdict {
  status: "valid" | "awaiting" | "unchecked" | "invalid";
  steps: Step[];
  bundle: Bundle;
  record?: Statement;
  checkpoint?: Checkpoint;
  witnesses: Witness[];
  signer?: Key;
  erased?: string; // the day on which what was personal was erased
}

const mostRecords = 256, entryVersion = 1;

export function verifyProof(file: Bytes, keys: Keys, bodies: Bodies = {}): Verdict {
  const bundle = readBundle(file);
  const v: Verdict = { status: "valid", steps: [], bundle, record: readRecord(bundle.record), checkpoint: readCheckpoint(bundle.checkpoint), witnesses: [] };
  const say = (name: string, state: State, id: string, en: string) => { v.steps.push({ name, state, text: { id, en } }); };
  checkRecord(v, say);
  checkPlace(v, say);
  checkOrigin(v, say);
  checkSignature(v, keys, say);
  checkWitnesses(v, keys, say);
  checkBodies(v, bodies, say);
  checkField(v, say);
  checkPersonal(v, say);
  if (v.steps.some((s) => s.state === "failed")) v.status = "invalid";
  else if (v.steps.some((s) => s.state === "missing" && ofBody(s))) v.status = "unchecked";
  else if (v.witnesses.length === 0) v.status = "awaiting";
  return v;
}

// ofBody tells the steps about bodies that somebody holds from those of the proof itself.
export function ofBody(s: Step): boolean { return s.name === "request" || s.name === "response"; }

// sound reports whether the proof itself holds, whatever came of a body beside it.
export function sound(v: Verdict): boolean { return !v.steps.some((s) => s.state === "failed" && !ofBody(s)); }

type Say = (name: string, state: State, id: string, en: string) => void;

function checkRecord(v: Verdict, say: Say): void {
  const { exchange } = v.bundle;
  if (!v.record) say("record", "failed", "Catatan di berkas ini bukan catatan pertukaran yang utuh. Minta buktinya sekali lagi dari hub.", "The record in this file is not the whole record of an exchange. Get the proof from the hub once more.");
  else if (v.record.texts.get("id") !== exchange) say("record", "failed", `Catatan di berkas ini milik pertukaran lain. Jangan memakainya sebagai bukti pertukaran ${exchange}.`, `The record in this file is of another exchange. Do not use it as proof of exchange ${exchange}.`);
  else say("record", "ok", `Catatan di berkas ini menceritakan pertukaran ${exchange}.`, `The record in this file tells of exchange ${exchange}.`);
}

// checkPlace leads from the record's bytes to the log's root.
function checkPlace(v: Verdict, say: Say): void {
  const { block, log, sequence } = v.bundle;
  const root = blockRoot(v.bundle);
  if (!root) {
    say("block", "failed", "Catatan ini tidak terdapat di bloknya pada urutan yang disebut: nomor urut atau jalurnya tidak cocok. Minta buktinya sekali lagi dari hub.", "The record is not in its block at the place that is named: the sequence or the path does not fit. Get the proof from the hub once more.");
    say("log", "missing", "Log tidak dapat diperiksa, sebab bloknya tidak cocok.", "The log cannot be checked, since the block does not fit.");
    return;
  }
  say("block", "ok", `Catatan itu nomor ${sequence} di jurnal hub, di dalam blok berisi ${block.count} catatan.`, `The record is number ${sequence} of the hub's journal, in a block of ${block.count === 1 ? "1 record" : block.count + " records"}.`);
  if (!v.checkpoint) {
    say("log", "missing", "Log tidak dapat diperiksa, sebab tanda log di berkas ini tidak terbaca.", "The log cannot be checked, since its checkpoint in this file cannot be read.");
    return;
  }
  const entry = concat([entryVersion], uint64(block.first), uint32(block.count), root);
  const top = rootOf(log.index, v.checkpoint.size, leafHash(entry), log.path);
  if (log.index >= v.checkpoint.size) say("log", "failed", "Tanda log di berkas ini lebih tua dari catatannya, sehingga tidak membuktikannya. Minta buktinya sekali lagi dari hub.", "The log's checkpoint in this file is older than the record, so it does not prove it. Get the proof from the hub once more.");
  else if (!top || !equal(top, v.checkpoint.root)) say("log", "failed", "Catatan persis seperti ini tidak ada di log: isi, urutan, atau jalurnya telah berubah. Jangan memakainya; minta buktinya sekali lagi dari hub.", "A record exactly like this is not in the log: its content, its place or its path was changed. Do not use it; get the proof from the hub once more.");
  else say("log", "ok", `Catatan persis seperti ini ada di log, pada entri ${log.index + 1} dari ${v.checkpoint.size}. Satu huruf lain saja tidak akan cocok.`, `A record exactly like this is in the log, in entry ${log.index + 1} of ${v.checkpoint.size}. A single other letter would not fit.`);
}

function blockRoot({ block, sequence, record }: Bundle): Bytes | undefined {
  if (block.count > mostRecords || sequence < block.first) return undefined;
  return rootOf(sequence - block.first, block.count, leafHash(record), block.path);
}

// hubOf is the hub's name in the origin of a journal's log; undefined for another log.
export function hubOf(origin: string, journal: string): string | undefined {
  const end = "/evidence/" + journal;
  const hub = origin.endsWith(end) ? origin.slice(0, -end.length) : "";
  return isName(hub) ? hub : undefined;
}

function checkOrigin(v: Verdict, say: Say): void {
  const { journal } = v.bundle;
  if (!v.checkpoint) say("checkpoint", "failed", "Tanda log di berkas ini tidak terbaca. Minta buktinya sekali lagi dari hub.", "The log's checkpoint in this file cannot be read. Get the proof from the hub once more.");
  else if (!hubOf(v.checkpoint.origin, journal)) say("checkpoint", "failed", `Tanda log di berkas ini milik log lain, bukan log jurnal ${journal}. Minta buktinya sekali lagi dari hub.`, `The checkpoint in this file is of another log, not that of journal ${journal}. Get the proof from the hub once more.`);
  else say("checkpoint", "ok", `Tanda log ini milik hub ${hubOf(v.checkpoint.origin, journal)}, yang lognya saat itu berisi ${v.checkpoint.size} entri.`, `The signed state is of the log of the hub ${hubOf(v.checkpoint.origin, journal)}, which had ${v.checkpoint.size === 1 ? "1 entry" : v.checkpoint.size + " entries"} then.`);
}

// checkSignature asks for a key of the log itself: one by the name of the origin.
function checkSignature(v: Verdict, keys: Keys, say: Say): void {
  let forged = false, namesake = false;
  for (const s of v.checkpoint?.signatures ?? []) {
    if (s.name !== v.checkpoint!.origin) continue;
    const own = keys.logs.filter((k) => k.name === s.name && k.hash === s.hash);
    for (const k of own) {
      if (signed(k, v.checkpoint!.text, s.bytes)) v.signer = k;
      else forged = true;
    }
    namesake ||= own.length === 0 && keys.logs.some((k) => k.name === s.name);
  }
  if (forged) say("signature", "failed", "Tanda tangan log tidak cocok dengan kuncinya: tanda log ini telah diubah atau dipalsukan. Jangan memakainya.", "The log's signature does not fit its key: this checkpoint was changed or forged. Do not use it.");
  else if (v.signer) say("signature", "ok", "Hub menandatangani tanda log ini dengan kunci yang Anda pakai untuk memeriksa.", "The hub signed this checkpoint with the key that you check with.");
  else if (namesake) say("signature", "failed", "Penanda tangan memakai nama log ini, tetapi kuncinya lain dari kunci yang Anda pakai. Periksa apakah kunci Anda mutakhir; bila ya, jangan memakai bukti ini.", "The signer uses the name of this log, but another key than the one that you check with. See whether your keys are up to date; if they are, do not use this proof.");
  else say("signature", "failed", "Kunci yang Anda pakai bukan kunci log ini. Bila bukti ini dari hub lain, pilih berkas kunci hub itu.", "The keys that you check with are not of this log. If this proof is from another hub, choose the keys file of that hub.");
}

// checkWitnesses counts cosignatures, one for each name.
function checkWitnesses(v: Verdict, keys: Keys, say: Say): void {
  const at = new Map<string, number>();
  let forged = "";
  for (const s of v.checkpoint?.signatures ?? []) {
    for (const k of keys.witnesses.filter((k) => k.name === s.name && k.hash === s.hash)) {
      const when = cosigned(k, v.checkpoint!.text, s.bytes);
      if (when === undefined) forged = k.name;
      else at.set(k.name, Math.max(when, at.get(k.name) ?? 0));
    }
  }
  v.witnesses = Array.from(at, ([name, at]) => ({ name, at })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = v.witnesses.map((w) => w.name).join(", ");
  if (forged) say("witnesses", "failed", `Tanda tangan saksi ${forged} bukan untuk tanda log ini. Jangan memakai bukti ini; minta sekali lagi dari hub.`, `The cosignature of witness ${forged} is not over this checkpoint. Do not use this proof; get it from the hub once more.`);
  else if (names) say("witnesses", "ok", `${v.witnesses.length} saksi ikut menandatangani: ${names}.`, `Cosigned by ${v.witnesses.length}: ${names}.`);
  else if (keys.witnesses.length === 0) say("witnesses", "missing", "Menunggu saksi: kunci yang Anda pakai tidak memuat saksi, jadi bukti ini bersandar pada hub saja. Pakai berkas kunci yang memuat saksi yang Anda percaya.", "Awaiting witness: the keys that you check with name no witness, so this proof rests on the hub alone. Use a keys file with witnesses that you trust.");
  else say("witnesses", "missing", "Menunggu saksi: belum ada saksi yang Anda kenal ikut menandatangani, jadi bukti ini masih bersandar pada hub saja. Ambil buktinya lagi beberapa menit kemudian.", "Awaiting witness: no witness that you know has cosigned yet, so this proof still rests on the hub alone. Get the proof again in a few minutes.");
}

// checkBodies compares what somebody holds with what passed the hub.
function checkBodies(v: Verdict, bodies: Bodies, say: Say): void {
  for (const role of ["request", "response"] as Role[]) {
    const held = bodies[role];
    if (!held || !v.record) continue;
    const is = likeness(v.record, role, held, v.bundle.personal), text = sayOf(v.record, role, is);
    const state = is === "same" ? "ok" : is === "other" ? "failed" : "missing";
    say(role, v.record.texts.get("kind") === "opened" ? "missing" : state, text.id, text.en);
  }
}

function checkField(v: Verdict, say: Say): void {
  const f = v.bundle.field, root = v.record?.texts.get("field_root") ?? "";
  if (!f) return;
  const pointer = shown(f.pointer);
  if (root === "") say("field", "failed", `Catatan ini tidak mengikat kolom satu per satu, sehingga kolom ${pointer} tidak dapat dibuktikan dengannya. Minta bukti tanpa kolom.`, `This record does not commit to single fields, so it cannot prove the field ${pointer}. Get the proof without a field.`);
  else if (!fieldHolds(f, root)) say("field", "failed", `Kolom ${pointer} bukan bagian dari jawaban ini: nilai atau jalurnya tidak cocok. Jangan memakainya; minta buktinya sekali lagi.`, `The field ${pointer} is no part of this answer: its value or its path does not fit. Do not use it; get the proof once more.`);
  else say("field", "ok", `Kolom ${pointer} dalam jawaban bernilai ${shown(f.value)}.`, `The field ${pointer} of the answer has the value ${shown(f.value)}.`);
}

// checkPersonal proves nothing: what was sealed opens to no public key, and that it was
// erased is the hub's word.
function checkPersonal(v: Verdict, say: Say): void {
  const { personal } = v.bundle;
  if (personal === "") return;
  v.erased = erasedOn(personal, v.record);
  if (v.erased) say("personal", "erased", `Bagian pribadi catatan ini, yaitu siapa orangnya dan nomor berkasnya, sudah dihapus untuk selamanya pada ${v.erased}, menurut hub. Bukti tidak rusak karenanya: semua yang lain tetap terbukti.`, `The personal part of this record, which is who the person was and the case number, was erased for ever on ${v.erased}, says the hub. That breaks no proof: all the rest is still proved.`);
  else say("personal", "missing", "Bagian pribadi di berkas ini disalin dari catatan yang tersegel. Kunci publik tidak dapat membuktikannya; tanyakan kepada hub bila Anda memerlukannya.", "The personal part of this file was copied from what is sealed in the record. Public keys cannot prove it; ask the hub if you need it.");
}
