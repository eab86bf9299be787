// What a verdict means, in plain words: first the answer, then what the record says, what is
// proved and what is not; last, for whoever wants to know how, each step and the key.
import { badge, element, list, locale, say, section, summary, t, type Tone } from "./dom";
import { keyed } from "./body";
import { hubOf, ofBody, sound, type State, type Verdict, writeKey } from "./verify";
import { shown, type Text } from "./words";

export { say } from "./dom";

interface Circumstances { name: string; took: number; keysOfHub: boolean }

export function explain(v: Verdict, c: Circumstances): Node[] {
  const how = section({ id: "Langkah demi langkah", en: "Step by step" }, steps(v));
  if (!sound(v)) return [answer(v, c), how];
  return [
    answer(v, c),
    section({ id: "Yang dikatakan catatan", en: "What the record says" }, record(v)),
    section({ id: "Yang terbukti", en: "What is proved" }, list(proved(v))),
    section({ id: "Yang tidak terbukti", en: "What is not proved" }, list(notProved(v, c))),
    how,
    section({ id: "Kunci yang dipakai", en: "The key that was used" }, ...key(v, c)),
  ];
}

// answer is the outcome in one notice.
function answer(v: Verdict, c: Circumstances): Node {
  const took = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(Math.max(1, c.took));
  const where: Text = { id: `${c.name}: diperiksa di peramban ini dalam ${took} milidetik, tanpa mengirimkannya.`, en: `${c.name}: checked in this browser in ${took} milliseconds, without sending it.` };
  const failed = v.steps.find((s) => s.state === "failed" && !ofBody(s)), body = v.steps.find((s) => s.state !== "ok" && ofBody(s));
  if (failed) return say("bad", { id: "Bukti ini tidak cocok", en: "This proof does not fit" }, { id: `Langkah “${title(failed.name).id}” gagal. ${failed.text.id}`, en: `The step “${title(failed.name).en}” failed. ${failed.text.en}` }, where);
  if (body?.state === "failed") return say("bad", { id: "Isi yang Anda pegang lain", en: "The body that you hold is another" }, body.text, whole, where);
  if (body) return say("caution", { id: "Isinya tidak dapat dipastikan", en: "The body cannot be told" }, body.text, whole, where);
  if (v.status === "awaiting") return say("caution", { id: "Cocok, tetapi menunggu saksi", en: "It fits, and awaits a witness" }, told(v),
    { id: "Catatan ini ada di log yang ditandatangani hub, dan tidak berubah. Belum ada saksi yang Anda kenal melihatnya, jadi untuk saat ini Anda mempercayai hub saja.", en: "The record is in the log that the hub signed, and is unaltered. No witness that you know has seen it yet, so for now you trust the hub alone." }, where);
  return say("good", { id: "Bukti ini sah", en: "This proof holds" }, told(v),
    { id: `Catatan ini sudah ada paling lambat ${newest(v)}, dan tidak berubah sejak itu.`, en: `The record existed at ${newest(v)} at the latest, and is unaltered since.` }, where);
}

const whole: Text = { id: "Buktinya sendiri cocok: catatan pertukaran ini ada di log hub, dan tidak berubah.", en: "The proof itself fits: the record of this exchange is in the hub's log, and is unaltered." };
// told is the record in one sentence.
function told(v: Verdict): Text {
  const of = (name: string) => shown(v.record!.texts.get(name) ?? "");
  const at = v.record!.opened ? moment(v.record!.opened.getTime() / 1000) : "?", purpose = of("purpose");
  return {
    id: `Aplikasi ${of("application")} meminta data lewat layanan ${of("address")} milik ${of("provider")} pada ${at}` + (purpose ? `, untuk keperluan: ${purpose}.` : "."),
    en: `The application ${of("application")} asked for data through the service ${of("address")} of ${of("provider")} on ${at}` + (purpose ? `, for this purpose: ${purpose}.` : "."),
  };
}

const titles: Record<string, Text> = {
  record: { id: "Catatannya", en: "The record" },
  block: { id: "Tempatnya di jurnal", en: "Its place in the journal" },
  log: { id: "Tempatnya di log", en: "Its place in the log" },
  checkpoint: { id: "Log milik hub mana", en: "Which hub's log it is" },
  signature: { id: "Tanda tangan hub", en: "The hub's signature" },
  witnesses: { id: "Saksi", en: "Witnesses" },
  request: { id: "Isi permintaan", en: "The body of the call" },
  response: { id: "Isi jawaban", en: "The body of the answer" },
  field: { id: "Kolom", en: "The field" },
  personal: { id: "Bagian pribadi", en: "The personal part" },
};

function title(step: string): Text { return titles[step] ?? { id: step, en: step }; }

const states: Record<State, [Tone | "neutral", Text]> = {
  ok: ["good", { id: "Cocok", en: "Fits" }],
  failed: ["bad", { id: "Tidak cocok", en: "Does not fit" }],
  missing: ["caution", { id: "Tidak diperiksa", en: "Not checked" }],
  erased: ["neutral", { id: "Sudah dihapus", en: "Erased" }],
};

function steps(v: Verdict): Node {
  return element("ol", "steps", ...v.steps.map((s) => {
    const [tone, label] = states[s.state];
    const waits = s.name === "witnesses" && s.state === "missing";
    const mark = badge(tone, waits ? { id: "Menunggu", en: "Awaited" } : label);
    return element("li", "step", element("p", "step__title", t(title(s.name)), " ", mark), element("p", "step__text", t(s.text)));
  }));
}

function moment(seconds: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "long" }).format(new Date(seconds * 1000));
}

function newest(v: Verdict): string { return moment(Math.max(...v.witnesses.map((w) => w.at))); }

function proved(v: Verdict): Text[] {
  const hub = hubOf(v.checkpoint!.origin, v.bundle.journal) ?? "";
  const all: Text[] = [{ id: `Hub ${hub} menyatakan catatan ini dan menandatangani log yang memuatnya; ia tidak dapat menyangkalnya.`, en: `The hub ${hub} stated this record and signed the log that holds it; it cannot deny that.` },
    { id: "Catatan itu persis seperti ketika masuk log. Satu huruf saja yang diubah akan membuat pemeriksaan ini gagal.", en: "The record is exactly as it was when it went into the log. A single altered letter would make this check fail." }];
  for (const w of v.witnesses) all.push({ id: `Saksi ${w.name} melihat log itu pada ${moment(w.at)}.`, en: `The witness ${w.name} saw that log on ${moment(w.at)}.` });
  for (const s of v.steps) if (ofBody(s) && s.state === "ok") all.push(s.text);
  const f = v.bundle.field;
  if (f) all.push({ id: `Dalam jawaban pertukaran itu, kolom ${shown(f.pointer)} bernilai ${shown(f.value)}. Kolom lain tidak ikut ditunjukkan.`, en: `In the answer of that exchange the field ${shown(f.pointer)} had the value ${shown(f.value)}. Other fields are not shown.` });
  return all;
}

function notProved(v: Verdict, c: Circumstances): Text[] {
  const all: Text[] = [];
  if (c.keysOfHub) all.push({ id: "Bahwa kuncinya milik hub yang benar. Kuncinya baru saja diminta dari hub ini sendiri, dan itu membuktikan lebih sedikit daripada kunci dari tempat lain: cocokkan kunci di bawah dengan yang tercetak atau dari saksi, atau pilih berkas kunci.", en: "That the key is the right hub's. It was just asked of this hub itself, which proves less than a key from elsewhere: compare the key below with a printed one or a witness's, or choose a keys file." });
  if (v.witnesses.length === 0) all.push({ id: "Kapan catatan itu masuk log, dan bahwa hub menunjukkan log yang sama kepada semua orang. Untuk itu diperlukan saksi.", en: "When the record went into the log, and that the hub shows the same log to everybody. That takes a witness." });
  else all.push({ id: "Bahwa saksinya lembaga lain. Saksi yang dijalankan operator hub sendiri tidak membuktikan apa pun terhadap operator itu; pastikan Anda mengenal saksinya.", en: "That the witness is another institution. One that the hub's own operator runs proves nothing against that operator; make sure that you know the witness." });
  if (v.record!.texts.get("kind") === "opened") all.push({ id: "Bagaimana pertukaran itu berakhir: ini catatan pembukanya, yang dibuat sebelum penyedia dipanggil.", en: "How the exchange ended: this is its opening record, made before the provider was called." });
  all.push({ id: "Bahwa data penyedia benar, atau bahwa pemanggil memakainya sesuai tujuannya. Catatan mengatakan apa yang lewat, bukan apakah itu benar.", en: "That the provider's data are right, or that the caller used them for the purpose. The record says what passed, not whether it was true." },
    { id: "Waktu mulai menurut catatan: itu jam hub. Yang disaksikan pihak lain hanyalah waktu saksi.", en: "The time of the beginning in the record: that is the hub's clock. Only the witnesses' times are attested by others." });
  if (!v.bundle.field && !v.steps.some((s) => s.name === "response")) all.push(contentOf(v));
  if (v.erased) all.push({ id: "Siapa orangnya. Bagian itu sudah dihapus untuk selamanya, dan tidak seorang pun dapat memulihkannya.", en: "Who the person was. That part was erased for ever, and nobody can restore it." });
  else if (v.bundle.personal !== "") all.push({ id: "Bagian pribadi yang ikut di berkas ini.", en: "The personal part that came with this file." });
  return all;
}

// contentOf says what the record holds in place of the answer's content.
function contentOf(v: Verdict): Text {
  const digest = v.record!.texts.get("response_digest") ?? "";
  if (digest.startsWith(keyed)) return { id: "Isi jawaban. Di catatan hanya ada sidik terkunci, yang tanpa kuncinya tidak mengatakan apa pun; pihak pertukaran dapat mengambil bukti dengan kuncinya, lalu memilih berkas jawaban di atas.", en: "The content of the answer. The record holds a keyed fingerprint only, which says nothing without its key; a party of the exchange can get a proof with the key, and choose the answer's file above." };
  return { id: "Isi jawaban. Di catatan hanya ada sidiknya (SHA-256); pilih berkas jawabannya di atas bila Anda memilikinya.", en: "The content of the answer. The record holds its fingerprint (SHA-256) only; choose the answer's file above if you have it." };
}

function record(v: Verdict): Node {
  const texts = v.record!.texts, of = (name: string) => texts.get(name) ?? "";
  const pair = (a: string, b: string) => [of(a), of(b)].filter(Boolean).join(" ");
  const opened = v.record!.opened ? moment(v.record!.opened.getTime() / 1000) : "";
  return summary([
    [{ id: "Nomor pertukaran", en: "Exchange number" }, of("id")],
    [{ id: "Mulai, menurut hub", en: "Began, by the hub's clock" }, opened],
    [{ id: "Aplikasi pemanggil", en: "Calling application" }, shown(of("application"))],
    [{ id: "Layanan data (LID) dan versinya", en: "Data service (LID) and its version" }, shown(pair("address", "version"))],
    [{ id: "Kelas data", en: "Class of the data" }, shown(of("class"))],
    [{ id: "Instansi penyedia", en: "Provider agency" }, shown(of("provider"))],
    [{ id: "Operasi", en: "Operation" }, shown(pair("method", "path"))],
    [{ id: "Tujuan", en: "Purpose" }, shown(of("purpose"))],
    [{ id: "Dasar hukum", en: "Legal basis" }, shown(of("basis"))],
    [{ id: "Data yang diizinkan", en: "Data that were granted" }, shown(of("fields"))],
    [{ id: "Hasil", en: "Outcome" }, ending(v)],
    digest({ id: "jawaban", en: "the answer" }, of("response_digest")),
    digest({ id: "permintaan", en: "the call" }, of("request_digest")),
  ]);
}

// digest calls a commitment by another name than a SHA-256.
function digest(what: Text, digest: string): [Text, string] {
  if (digest.startsWith(keyed)) return [{ id: `Sidik terkunci ${what.id}`, en: `Keyed fingerprint of ${what.en}` }, shown(digest.slice(keyed.length))];
  return [{ id: `Sidik ${what.id} (SHA-256)`, en: `Fingerprint of ${what.en} (SHA-256)` }, shown(digest)];
}

function ending(v: Verdict): string {
  const { texts, status } = v.record!, outcome = texts.get("outcome") ?? "";
  if (texts.get("kind") === "opened") return t({ id: "belum diketahui", en: "not known yet" });
  const http = status > 0 ? ` (HTTP ${status})` : "";
  return (outcome === "" ? t({ id: "jawaban diserahkan", en: "the answer was delivered" }) : t({ id: "tidak berhasil: ", en: "it failed: " }) + shown(outcome)) + http;
}

function key(v: Verdict, c: Circumstances): Node[] {
  const written = element("code", "", writeKey(v.signer!, "log"));
  written.translate = false;
  const from: Text = c.keysOfHub
    ? { id: "Diminta dari hub ini sendiri. Cocokkan huruf demi huruf dengan kunci yang tercetak di surat resmi, atau yang diberikan saksi:", en: "Asked of this hub itself. Compare it letter by letter with the key printed in an official letter, or given by a witness:" }
    : { id: "Dari berkas kunci yang Anda pilih:", en: "From the keys file that you chose:" };
  return [element("p", "", t(from)), element("p", "key-line", written)];
}
