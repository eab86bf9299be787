// Somebody got the file of a proof and checks it within the browser: one that holds,
// one whose personal part is erased, one that awaits its witnesses, forged ones, and one that is
// no proof. Nothing of the file leaves the browser.
import { readFile } from "node:fs/promises";
import { audit, expect, found, looks, tell, visit } from "./story.mjs";

const vectors = new URL("../../internal/exchange/evidence/proof/testdata/", import.meta.url).pathname;
const keysPath = "/.well-known/simpul-keys";
const words = {
  id: { valid: "Bukti ini sah", awaiting: "Cocok, tetapi menunggu saksi", forged: "Bukti ini tidak cocok", none: "Tidak dapat diperiksa", log: "Langkah “Tempatnya di log” gagal", key: "Langkah “Tanda tangan hub” gagal",
    witness: "Saksi saksi.bpk.go.id melihat log itu", record: "verifikasi penerima bantuan", lesser: "membuktikan lebih sedikit", alone: "bersandar pada hub saja", noKeys: "Pilih berkas kunci",
    body: "Berkas Anda persis isi jawaban", other: "Isi yang Anda pegang lain", untold: "Isinya tidak dapat dipastikan", keyed: "Sidik terkunci jawaban", command: "simpul verify",
    asked: "Aplikasi layanan@bandungkota.go.id meminta data lewat layanan master/Kota", erased: "Sudah dihapus", gone: "dihapus untuk selamanya pada 2026-11-25" },
  en: { valid: "This proof holds", awaiting: "It fits, and awaits a witness", forged: "This proof does not fit", none: "It cannot be checked", log: "The step “Its place in the log” failed", key: "The step “The hub's signature” failed",
    witness: "The witness saksi.bpk.go.id saw that log", record: "verifikasi penerima bantuan", lesser: "proves less", alone: "rests on the hub alone", noKeys: "Choose a keys file",
    body: "Your file is exactly the body of the answer", other: "The body that you hold is another", untold: "The body cannot be told", keyed: "Keyed fingerprint of the answer", command: "simpul verify",
    asked: "The application layanan@bandungkota.go.id asked for data through the service master/Kota", erased: "Erased", gone: "erased for ever on 2026-11-25" },
};

await tell(async (browser) => {
  await checks(browser, 360, "id", "light");
  await checks(browser, 1280, "en", "dark");
  await checks(browser, 1280, "id", "light");
  await checks(browser, 360, "en", "dark");
  await asksTheHub(browser);
  await drops(browser);
  await bodies(browser, 360, "id", "light");
  await bodies(browser, 1280, "en", "light");
  await withoutScript(browser);
});

async function windowOf(browser, width, language, more = {}) {
  const page = await visit(browser, `proof ${width} ${language}`, { viewport: { width, height: 800 }, locale: language === "id" ? "id-ID" : "en-GB", reducedMotion: "reduce", ...more });
  const sent = [];
  page.on("request", (r) => { if (r.method() !== "GET" || r.postData()) sent.push(r.url()); });
  await page.goto("/periksa-bukti");
  return { page, sent };
}

// checks looks at each kind of file with keys of one's own.
async function checks(browser, width, language, colorScheme) {
  const { page, sent } = await windowOf(browser, width, language, { colorScheme });
  const say = words[language], name = (what) => `proof-${what}-${language}`;
  await audit(page, name("empty"));
  await looks(page, name("empty"));
  await page.setInputFiles("#field-keys", vectors + "keys.txt");
  for (const [file, what, ...texts] of [
    ["valid", "valid", say.witness, say.record, say.asked],
    ["valid-erased", "valid", say.record, say.erased, say.gone],
    ["awaiting", "awaiting", say.alone, say.record],
    ["forged-purpose", "forged", say.log],
    ["forged-key", "forged", say.key],
    ["unusable-truncated", "none"],
  ]) {
    await choose(page, file, say[what], ...texts);
    if (what === "forged") expect(`${file}: what a forged record says is not shown`, (await page.innerText("#hasil")).includes(say.record), false);
    await audit(page, name(file));
    await looks(page, name(file));
  }
  expect("what the browser sent", sent.join(" "), "");
  await page.context().close();
}

async function choose(page, file, ...texts) {
  await page.evaluate(() => document.getElementById("hasil").replaceChildren()); // so that what is read is of this file
  await page.setInputFiles("#field-proof", `${vectors}${file}.json`);
  await page.waitForSelector(`#hasil >> text=${texts[0]}`);
  const shown = await page.innerText("#hasil");
  for (const text of texts) if (!shown.includes(text)) found(`${file} does not show “${text}”`);
}

// bodies holds files against the record: the body that passed, another, and one that cannot be
// told without the key.
async function bodies(browser, width, language, colorScheme) {
  const { page, sent } = await windowOf(browser, width, language, { colorScheme });
  const say = words[language];
  await page.setInputFiles("#field-keys", vectors + "keys.txt");
  await page.click("#periksa summary");
  await audit(page, `proof-bodies-${language}`);
  await page.setInputFiles("#field-response", vectors + "answer.json");
  await page.setInputFiles("#field-request", vectors + "question.json");
  await choose(page, "keyed-bodies", say.valid, say.body);
  await looks(page, `proof-body-${language}`);
  await page.setInputFiles("#field-response", vectors + "altered.json");
  await page.waitForSelector(`#hasil >> text=${say.other}`);
  await audit(page, `proof-body-other-${language}`);
  await looks(page, `proof-body-other-${language}`);
  await choose(page, "keyed-without-key", say.untold, "simpul evidence get --personal", say.keyed);
  await audit(page, `proof-body-untold-${language}`);
  await looks(page, `proof-body-untold-${language}`);
  expect("what the browser sent", sent.join(" "), "");
  await page.context().close();
}

// asksTheHub chooses no keys: the hub's own are taken, and the page says what that is worth.
async function asksTheHub(browser) {
  const { page } = await windowOf(browser, 360, "id");
  await page.route("**" + keysPath, (route) => route.fulfill({ status: 404, body: "" }));
  await choose(page, "valid", words.id.none, words.id.noKeys);
  await looks(page, "proof-no-keys");
  await page.unroute("**" + keysPath);
  const keys = await readFile(vectors + "keys.txt", "utf8");
  await page.route("**" + keysPath, (route) => route.fulfill({ status: 200, contentType: "text/plain", body: keys }));
  await page.reload();
  await choose(page, "valid", words.id.valid, words.id.lesser);
  await looks(page, "proof-keys-of-hub");
  await page.context().close();
}

// drops drags the file onto the page instead.
async function drops(browser) {
  const { page } = await windowOf(browser, 1280, "id");
  await page.setInputFiles("#field-keys", vectors + "keys.txt");
  const content = await readFile(vectors + "valid.json", "utf8");
  const data = await page.evaluateHandle((text) => {
    const d = new DataTransfer();
    d.items.add(new File([text], "bukti.json", { type: "application/json" }));
    return d;
  }, content);
  await page.dispatchEvent("[data-drop=proof]", "drop", { dataTransfer: data });
  await page.waitForSelector(`#hasil >> text=${words.id.valid}`);
  await page.context().close();
}

// withoutScript the page says what to do instead.
async function withoutScript(browser) {
  const { page } = await windowOf(browser, 360, "id", { javaScriptEnabled: false });
  expect("no tool that cannot work", await page.isVisible("#field-proof"), false);
  const shown = await page.innerText("main");
  for (const text of ["tidak menjalankan JavaScript", words.id.command]) if (!shown.includes(text)) found(`without JavaScript the page does not say “${text}”`);
  await looks(page, "proof-no-script");
  await page.context().close();
}
