// A provider makes a LID from an OpenAPI file, page by page, as far as the
// submission: what is wrong is shown where it is to be mended and nothing that was
// typed is lost, one may leave and come back, and nobody else sees the draft.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { invited, Visitor } from "./people.mjs";
import { expect, found, looks, nation, tell, visit } from "./story.mjs";

const contract = fileURLToPath(new URL("../../internal/app/demo/contracts/imunisasi.json", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const lid = "/lid/kesehatan/Imunisasi";

await tell(async (browser) => {
  const provider = await cookiesOf("rina.penyedia@kemkes.go.id", "Rina Penyedia", { role: "provider" });
  const stranger = await cookiesOf("budi.lain@bandungkota.go.id", "Budi Lain", { role: "provider" });
  await publishes(browser, provider);
  await otherwise(browser, provider);
  await seesNothing(browser, stranger);
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
  await has(page, "Mutu keterangan", "Operator nasional memeriksa", "Ringkasan");
  await looks(page, "work-submit");
  await press(page, "Ajukan");
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
      await page.evaluate(axe);
      const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
      for (const v of violations) for (const n of v.nodes) found(`${name} ${width} ${colorScheme}: axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.replace(/\s+/g, " ")}`);
    }
    await page.goto(`${lid}/kata?lang=id`);
    await page.fill("#field-title", "");
    await press(page, "Simpan dan lanjut");
    expect("what is wrong has the focus", await page.evaluate(() => document.activeElement?.id), "yang-salah");
    await page.evaluate(axe);
    const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
    for (const v of violations) found(`faults ${width}: axe ${v.id}`);
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
