// A LID from its OpenAPI file to the last refused call. The provider makes it page
// by page: what is wrong is shown where it is to be mended and nothing that was
// typed is lost, one may leave and come back, and nobody else sees the draft. It
// passes its test, is submitted, and the operator publishes it. A consumer asks for
// two fields and gets one, of one city; the provider takes that back.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { agency, api, invited, Visitor } from "./people.mjs";
import { call, expect, found, looks, nation, tell, visit } from "./story.mjs";

const contract = fileURLToPath(new URL("../../internal/app/demo/contracts/imunisasi.json", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const lid = "/lid/kesehatan/Imunisasi", address = "kesehatan/Imunisasi", application = `layanan@${agency}`;
const names = { provider: "rina.penyedia@kemkes.go.id", operator: "tono.daftar@komdigi.go.id", consumer: `dewi.pemohon@${agency}` };

await tell(async (browser) => {
  const provider = await cookiesOf(names.provider, "Rina Penyedia", { role: "provider" });
  const stranger = await cookiesOf("budi.lain@bandungkota.go.id", "Budi Lain", { role: "provider" });
  await publishes(browser, provider);
  await otherwise(browser, provider);
  await seesNothing(browser, stranger);

  const operator = await cookiesOf(names.operator, "Tono Daftar", { role: "operator", national: true });
  const consumer = await cookiesOf(names.consumer, "Dewi Pemohon", { role: "admin" });
  await registers(browser, operator);
  await shows(browser, provider);
  const request = await asks(browser, consumer);
  await givesLess(browser, provider, request);
  await takesBack(browser, provider);
});

// publishes walks the whole way in a narrow window without JavaScript.
async function publishes(browser, cookies) {
  const page = await windowOf(browser, "publish", cookies, { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  await page.goto("/lid");
  await has(page, "Belum ada LID dari instansi Anda", "Siapkan tiga hal");
  await looks(page, "work-empty");
  await page.click("text=Terbitkan LID pertama");
  await looks(page, "work-new");

  await press(page, "Baca kontrak");
  await has(page, "Kontraknya belum ada");
  await upload(page, "rusak.json", '{"openapi":"3.1.0","info":{"title":"X"}}');
  await has(page, "Di info.version");
  await looks(page, "work-new-faults");
  await upload(page, "soap.wsdl", '<?xml version="1.0"?><definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>');
  await has(page, "WSDL", "menyusul");
  await upload(page, "imunisasi.json", readFileSync(contract));

  expect("the address is proposed", `${await page.inputValue("#field-group")}/${await page.inputValue("#field-name")}`, "kesehatan/ImunisasiAnak");
  expect("the title is proposed", await page.inputValue("#field-title"), "Imunisasi anak");
  await looks(page, "work-words");
  await page.fill("#field-name", "imunisasi");
  await page.fill("#field-keywords", "imunisasi, vaksin, anak, puskesmas");
  await page.fill("#field-title", "=HYPERLINK(1)");
  await press(page, "Simpan dan lanjut");
  await has(page, "tidak berbentuk grup/Nama", "rumus lembar kerja");
  expect("what was typed stays", await page.inputValue("#field-keywords"), "imunisasi, vaksin, anak, puskesmas");
  await looks(page, "work-words-faults");
  await page.fill("#field-name", "Imunisasi");
  await page.fill("#field-title", "Imunisasi anak");
  await page.check("#themes-HEAL");
  await press(page, "Simpan dan lanjut");
  expect("the draft has its address", new URL(page.url()).pathname, `${lid}/aturan`);

  await page.check("#class-terbuka");
  await page.check("#personal-ya");
  await page.fill("#field-legalBasis", "UU 17/2023 tentang Kesehatan pasal 44");
  await press(page, "Simpan dan lanjut");
  await has(page, "LID kelas terbuka tidak boleh memuat data pribadi");
  await page.check("#class-terbatas");
  await page.check("#categories-health");
  await page.check("#categories-child");
  await page.selectOption("#field-licence", "perjanjian");
  await looks(page, "work-law");
  await press(page, "Simpan dan lanjut");

  await page.goto("/lid"); // one may leave and come back
  await has(page, "Imunisasi anak", "Lengkapi");
  await looks(page, "work-list");
  await page.click("text=Lengkapi");
  await page.fill("#field-upstream", "ftp://10.1.2.3/x");
  await page.fill("#field-contacts\\.1\\.unit", "Pusat Data dan Teknologi Informasi");
  await page.fill("#field-contacts\\.1\\.email", "bukan surel@x");
  await page.fill("#field-availability", "banyak");
  await press(page, "Simpan dan lanjut");
  await has(page, "bukan URL http", "Alamat surel tidak sah", "Bukan persentase");
  await looks(page, "work-service-faults");
  await page.fill("#field-upstream", `${nation.health_service}/imunisasi`);
  await page.fill("#field-contacts\\.1\\.email", "pusdatin@kemkes.go.id");
  await page.fill("#field-availability", "99,5");
  await page.selectOption("#field-frequency", "daily");
  await page.check("#national-ya");
  await page.fill("#field-examples\\.1\\.title", "Imunisasi di Kota Bandung");
  await page.fill("#field-examples\\.1\\.call", "GET /?kode_wilayah=32.73");
  await press(page, "Simpan dan lanjut");

  await has(page, "items.kode_wilayah", "Walidata atau admin yang mengikat kolom");
  await looks(page, "work-fields");
  await page.fill("#field-standards\\.1\\.name", "Kode dan data wilayah administrasi pemerintahan");
  await press(page, "Simpan dan lanjut");
  await has(page, "Mutu keterangan", "Ringkasan", "Setelah diajukan", "Operator nasional");
  await looks(page, "work-submit");
  await press(page, "Ajukan"); // the service answers its hub only, and the hub has no credential yet
  await has(page, "belum lulus uji kelaikan");
  await looks(page, "work-submit-refused");
  await api("PUT", "/lids/kesehatan/Imunisasi/origin-credential", { value: nation.health_credential }, nation.provider_token);
  await pressWhenTested(page, "Ajukan");
  expect("submitted", new URL(page.url()).pathname, lid);
  await has(page, "Sudah diajukan", "operator nasional");
  await looks(page, "work-home");
  await page.context().close();
}

// otherwise looks at every page wide and narrow, light and dark, in both languages.
async function otherwise(browser, cookies) {
  for (const [width, colorScheme, lang] of [[1280, "dark", "en"], [360, "light", "id"], [1280, "light", "id"]]) {
    const page = await windowOf(browser, `work ${width} ${colorScheme} ${lang}`, cookies, { viewport: { width, height: 800 }, colorScheme });
    for (const [name, path] of Object.entries({ list: "/lid", none: "/lid?q=tiada", new: "/lid/baru", home: lid, ...Object.fromEntries(["kontrak", "kata", "aturan", "layanan", "kolom", "ajukan"].map((s) => [s, `${lid}/${s}`])) })) {
      await page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
      await page.evaluate(() => document.fonts.ready);
      await looks(page, `work-${name}-${colorScheme}-${lang}`);
      await audit(page, `${name} ${width} ${colorScheme}`);
    }
    await page.goto(`${lid}/kata?lang=id`);
    await page.fill("#field-title", "");
    await press(page, "Simpan dan lanjut");
    expect("what is wrong has the focus", await page.evaluate(() => document.activeElement?.id), "yang-salah");
    await audit(page, `faults ${width}`);
    await page.context().close();
  }
}

// seesNothing finds that a draft is as unknown to others as what does not exist.
async function seesNothing(browser, cookies) {
  const page = await windowOf(browser, "stranger", cookies);
  for (const path of [lid, `${lid}/layanan`, "/lid/kesehatan/TidakAda"]) {
    expect(`${path} for a stranger`, (await page.goto(path)).status(), 404);
  }
  await page.goto("/lid");
  if ((await page.innerText("main")).includes("Imunisasi")) found("a stranger sees the draft in the list");
  await page.context().close();
}

// registers finds what waits for the operator, and publishes it. How long that
// takes to reach the gateway is told; only a hang is wrong.
async function registers(browser, cookies) {
  await views(browser, "operator", cookies, { "due-waiting": "/tenggat", "work-home-waiting": lid, "work-summary-waiting": `${lid}/ajukan` });
  const page = await windowOf(browser, "operator", cookies, { viewport: { width: 1280, height: 800 } });
  expect("a draft cannot be called", (await call(address)).status, 404);
  await page.goto("/tenggat");
  expect("what is due leads to where it is done", await page.isVisible(`main a[href="${lid}"]`), true);
  await page.goto("/lid?langkah=registering");
  await page.click(`main a[href="${lid}"]`);
  await page.waitForURL(`**${lid}`);
  await has(page, "Anda memutuskan", names.provider);
  await live("publication", press(page, "Daftarkan dan terbitkan"), async () => (await call(address)).status === 403);
  await has(page, "Sudah terbit");
  await page.context().close();
}

// shows reads what became of the LID: all steps with who took them, for its
// provider, and its page in the catalogue.
async function shows(browser, cookies) {
  await views(browser, "provider", cookies, { "work-home-live": lid, "catalog-live": "/catalog/kesehatan/Imunisasi" });
  const page = await windowOf(browser, "provider", cookies);
  await page.goto(lid);
  for (const fold of await page.$$(".course__step details, details:has(.course) > summary")) await fold.click();
  const steps = await page.$$eval(".course__step", (all) => all.map((li) => li.innerText));
  for (const [step, who] of [["Pengembangan", names.provider], ["Uji kelaikan", names.provider], ["Pendaftaran", names.provider], ["Penerbitan", names.operator], ["Pemantauan", names.operator]]) {
    if (!steps.some((text) => text.includes(step) && text.includes(who))) found(`the timeline does not show ${step} by ${who}: ${JSON.stringify(steps)}`);
  }
  await page.context().close();

  const anyone = await visit(browser, "public");
  await anyone.goto("/catalog/kesehatan/Imunisasi");
  const shown = await anyone.innerText("main");
  expect("the public sees the steps", shown.includes("Pemantauan"), true);
  expect("the public does not see who took them", shown.includes(names.provider) || shown.includes(names.operator), false);
  await anyone.context().close();
}

// asks for two fields in a narrow window without JavaScript, and returns the
// address of the request.
async function asks(browser, cookies) {
  const page = await windowOf(browser, "consumer", cookies, { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  await page.goto(`/akses/baru?lid=${address}`);
  await page.selectOption("#field-application", application);
  await page.fill("#field-purpose", "Menemukan anak di Kota Bandung yang imunisasinya belum lengkap.");
  await page.fill("#field-legalBasis", "UU 17/2023 tentang Kesehatan pasal 44");
  await page.fill("#field-ratePerMinute", "600");
  for (const field of ["items.vaksin", "items.nama_anak"]) await page.check(`input[name=fields][value="${field}"]`);
  await looks(page, "ask-immunisation");
  await press(page, "Kirim permohonan");
  await has(page, "Menunggu keputusan", "items.nama_anak");
  expect("nothing flows before the decision", (await call(`${address}?kode_wilayah=32.73`)).status, 403);
  const at = new URL(page.url()).pathname;
  await page.context().close();
  await views(browser, "consumer", cookies, { "request-waiting": at });
  return at;
}

// givesLess leaves a field out and confines the rows; the gateway does so.
async function givesLess(browser, cookies, request) {
  await views(browser, "provider", cookies, { "request-decision": request });
  const page = await windowOf(browser, "provider", cookies, { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  await page.goto("/akses/masuk");
  await page.click(`main a[href="${request}"]`);
  await page.uncheck('input[name=fields][value="items.nama_anak"]');
  await page.click("text=Batasi barisnya");
  await page.fill("#field-rows\\.kode_wilayah", "32.73");
  await page.fill("#field-reason", "Nama anak tidak diperlukan untuk tujuan ini.");
  const bandung = `${address}?kode_wilayah=32.73`;
  await live("approval", press(page, "Setujui"), async () => (await call(bandung)).status === 200);
  await has(page, "Disetujui", "Diminta dan diberikan");
  await looks(page, "request-approved");
  await page.context().close();

  const answer = await (await fetch(`${nation.gateway}/${bandung}`, { headers: { "X-API-Key": nation.api_key } })).json();
  expect("only what was given arrives", JSON.stringify(answer), JSON.stringify({ items: answer.items.map(({ vaksin }) => ({ vaksin })) }));
  expect("something arrives", answer.items.length > 0 && answer.items.every((i) => i.vaksin), true);
  expect("other rows are refused", (await call(`${address}?kode_wilayah=32.77`)).status, 403);
}

// takesBack revokes the grant on its page; the next call is refused and told why.
async function takesBack(browser, cookies) {
  const page = await windowOf(browser, "provider", cookies, { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  await page.goto("/izin?sisi=penyedia");
  await looks(page, "grants-given");
  await page.click(`main a:has-text("${address}")`);
  const grant = new URL(page.url()).pathname;
  await views(browser, "provider", cookies, { "grant-live": grant });
  await page.click("main details > summary >> nth=-1");
  await page.fill("#field-reason", "Tujuannya sudah tercapai.");
  const bandung = `${address}?kode_wilayah=32.73`;
  expect("the grant works before", (await call(bandung)).status, 200);
  await live("revocation", press(page, "Cabut"), async () => (await call(bandung)).status === 403);
  const answer = await fetch(`${nation.gateway}/${bandung}`, { headers: { "X-API-Key": nation.api_key } });
  const problem = await answer.json();
  expect("the refusal has its reason", answer.status === 403 && /izin/i.test(problem.detail ?? problem.title), true);
  await page.context().close();
}

// live calls the gateway from the click on until it does what was clicked, and
// tells how long that took; only a hang is wrong.
async function live(what, click, holds) {
  const begun = performance.now();
  let answered;
  click.then(() => { answered = performance.now(); }, () => undefined);
  while (!(await holds())) {
    if (performance.now() - begun > 30_000) return found(`${what}: the gateway does not follow within 30 s`);
    await new Promise((r) => setTimeout(r, 20));
  }
  const there = performance.now();
  await click;
  console.log(`${what}: at the gateway ${Math.round(there - begun)} ms after the click${answered < there ? `, ${Math.round(there - answered)} ms after the page` : ", before the page was"}`);
}

// views looks at pages narrow and light, wide and dark.
async function views(browser, where, cookies, pages) {
  for (const [width, colorScheme, lang] of [[360, "light", "id"], [1280, "dark", "en"]]) {
    const page = await windowOf(browser, `${where} ${width}`, cookies, { viewport: { width, height: 800 }, colorScheme });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${path}?lang=${lang}`);
      await page.evaluate(() => document.fonts.ready);
      await looks(page, `${name}-${colorScheme}-${lang}`);
      await audit(page, `${name} ${width} ${colorScheme}`);
    }
    await page.context().close();
  }
}

async function audit(page, name) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
  for (const v of violations) for (const n of v.nodes) found(`${name}: axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.replace(/\s+/g, " ")}`);
}

// pressWhenTested presses again while the LID was tested a moment ago.
async function pressWhenTested(page, label) {
  for (const begun = performance.now(); performance.now() - begun < 30_000; await new Promise((r) => setTimeout(r, 1000))) {
    await press(page, label);
    if (!(await page.innerText("main")).includes("baru saja diuji")) return;
  }
  found("the LID is not tested again within 30 s");
}

async function upload(page, name, buffer) {
  await page.setInputFiles("#field-file", { name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) });
  await page.fill("#field-text", "");
  await press(page, "Baca kontrak");
}

async function press(page, label) {
  await Promise.all([page.waitForNavigation(), page.click(`main button:text-is("${label}")`)]);
}

async function has(page, ...texts) {
  const shown = await page.innerText("main");
  for (const text of texts) if (!shown.includes(text)) found(`${page.url()} does not show “${text}”`);
}

async function windowOf(browser, where, cookies, options = {}) {
  const page = await visit(browser, where, options);
  await page.context().addCookies(cookies);
  return page;
}

async function cookiesOf(account, name, role) {
  const visitor = new Visitor();
  await visitor.joins(await invited(account, name, role));
  return [...visitor.cookies].map(([name, value]) => ({ name, value, url: nation.control }));
}
