// How a LID is delivered, from both sides. The provider adds an address, has
// requests held to the contract and limits the calls; what is wrong is told at its
// input and nothing that was typed is lost. A consumer calls by hand, opens the
// record, is refused with the place and the remedy, and takes the same call home as
// a program, which runs. The provider sees the violation and the use; the public
// sees how the service does. All of it in a narrow window without JavaScript.
import { execFileSync } from "node:child_process";
import { agency, invited, Visitor } from "./people.mjs";
import { call, expect, found, looks, nation, tell, visit } from "./story.mjs";

const address = "master/Kecamatan", work = `/lid/${address}`, delivery = `${work}/pelayanan`, application = `layanan@${agency}`;
const languages = ["curl", "Go", "Python", "PHP", "Java", "JavaScript"];

await tell(async (browser) => {
  const provider = await cookiesOf("rudi.layan@kemendagri.go.id", "Rudi Layan", { role: "provider" });
  const consumer = await cookiesOf(`maya.coba@${agency}`, "Maya Coba", { role: "admin" });
  await delivers(browser, provider);
  await limits(browser, provider);
  const made = await tries(browser, consumer);
  await takesHome(browser, consumer);
  await sees(browser, provider);
  await everybodySees(browser);
  await opens(browser, consumer, made);
});

// delivers says how the hub delivers the LID.
async function delivers(browser, cookies) {
  const page = await windowOf(browser, "delivers", cookies);
  await page.goto(work);
  await page.click("main >> text=Cara hub melayani");
  await page.waitForURL(`**${delivery}`);
  await page.fill("#field-origins\\.1\\.url", "ftp://10.1.2.3/kecamatan");
  await page.fill("#field-health\\.everySeconds", "sering");
  await page.check("#checks\\.request-enforce");
  await press(page, "Simpan cara melayani");
  await has(page, "Belum tersimpan", "Bukan bilangan yang dapat dipakai di sini");
  expect("what is wrong has its input", await page.getAttribute("#field-origins\\.1\\.url", "aria-invalid"), "true");
  expect("what was typed stays", await page.inputValue("#field-origins\\.1\\.url"), "ftp://10.1.2.3/kecamatan");
  expect("what was chosen stays", await page.isChecked("#checks\\.request-enforce"), true);
  await looks(page, "delivery-faults");
  const second = await otherName();
  await page.fill("#field-origins\\.1\\.url", second);
  await page.fill("#field-health\\.everySeconds", "");
  await press(page, "Simpan cara melayani");
  expect("it is saved", new URL(page.url()).search.startsWith("?tersimpan"), true);
  await has(page, second, "Dilewati: kredensial belum dibuat untuknya"); // until the hub has a credential for it
  await looks(page, "delivery-saved");
  await page.context().close();
  await until("requests are held to the contract", async () => (await call(`${address}?limit=0`)).status === 400);
}

// otherName is the provider's service under another name, which has not been given
// the hub's credential.
async function otherName() {
  const answer = await fetch(`${nation.control}/api/v1/lids/${address}`, { headers: { Authorization: `Bearer ${nation.admin_token}` } });
  return (await answer.json()).spec.upstream.replace("127.0.0.1", "localhost");
}

// limits sets a limit of the LID.
async function limits(browser, cookies) {
  const page = await windowOf(browser, "limits", cookies);
  await page.goto("/batas");
  await page.click("main >> text=Tetapkan batas");
  await page.selectOption("#field-kind", "lid");
  await page.fill("#field-id", "master/TidakAda");
  await page.fill("#field-perDay", "banyak");
  await page.fill("#field-note", "Satu server.");
  await press(page, "Simpan batas");
  await has(page, "Bukan bilangan bulat");
  await page.fill("#field-perDay", "250.000");
  await press(page, "Simpan batas");
  await has(page, "tidak ditemukan");
  expect("what was typed stays", await page.inputValue("#field-note"), "Satu server.");
  await looks(page, "limit-faults");
  await page.fill("#field-id", address);
  await press(page, "Simpan batas");
  await has(page, "Batas tersimpan", `LID ${address}`, "250.000", "Satu server.");
  await looks(page, "limits");
  await page.context().close();
}

// tries calls by hand, well and badly, and returns the number of the good call.
async function tries(browser, cookies) {
  const page = await windowOf(browser, "tries", cookies);
  await page.goto(`/catalog/${address}`);
  await page.click("main >> text=Coba panggil");
  await page.waitForURL(`**/catalog/${address}/coba`);
  expect("the application that may call is chosen", await page.inputValue("#field-application"), application);
  await page.fill('[name="value.query:limit"]', "2");
  await press(page, "Panggil sekarang");
  await has(page, "200 OK", "Nomor pertukaran", '"items"');
  const made = await page.innerText('main a[href^="/exchanges/"]');
  await looks(page, "try-answer");

  await page.fill('[name="value.query:limit"]', "dua");
  await press(page, "Panggil sekarang");
  await has(page, "Belum dipanggil");
  expect("what is wrong has its input", await page.getAttribute('[name="value.query:limit"]', "aria-invalid"), "true");
  expect("what was typed stays", await page.inputValue('[name="value.query:limit"]'), "dua");
  await page.fill('[name="value.query:limit"]', "0"); // a number, and so for the gateway to judge
  await press(page, "Panggil sekarang");
  await has(page, "Hub menolak panggilan ini", "limit", "400 Bad Request");
  expect("what was typed stays", await page.inputValue('[name="value.query:limit"]'), "0");
  await looks(page, "try-refused");
  await page.context().close();
  return made;
}

// opens finds the call in the evidence of the agency.
async function opens(browser, cookies, made) {
  const page = await windowOf(browser, "record", cookies);
  expect("the record opens", (await page.goto(`/exchanges/${made}`)).status(), 200);
  await has(page, made, address, application, "Berhasil");
  await page.context().close();
}

// takesHome runs the program that the page shows, with a key of the application.
async function takesHome(browser, cookies) {
  const page = await windowOf(browser, "snippets", cookies);
  await page.goto(`/catalog/${address}/coba`);
  await page.fill('[name="value.query:limit"]', "3");
  await press(page, "Perbarui contoh kode");
  for (const language of languages) if (!(await page.isVisible(`main summary:has-text("${language}")`))) found(`no program in ${language}`);
  const program = await page.textContent("#kode-curl");
  await page.context().close();
  const answer = JSON.parse(execFileSync("sh", ["-c", program], { env: { ...process.env, SIMPUL_API_KEY: nation.api_key }, encoding: "utf8" }));
  expect("the program answers as the page did", answer.items?.length, 3);
}

// sees finds the violation and the use.
async function sees(browser, cookies) {
  for (let i = 0; i < 12; i++) await call(`${address}?limit=1`); // as many as are judged
  const page = await windowOf(browser, "sees", cookies);
  await until("the violation is reported", async () => {
    await page.goto(`${work}/pelanggaran`);
    return (await page.innerText("main")).includes("query.limit");
  });
  await has(page, "diwajibkan", "ditolak", application);
  await looks(page, "violations");
  await until("the use is counted", async () => {
    await page.goto("/pemakaian?view=provider&period=24h");
    return (await page.innerText("main")).includes(address);
  });
  await looks(page, "usage");
  await page.context().close();
}

// everybodySees reads what the public is told.
async function everybodySees(browser) {
  const page = await windowOf(browser, "public", []);
  await page.goto(`/catalog/${address}`);
  await page.click("main >> text=Keadaan layanan ini");
  await page.waitForURL("**/status");
  await until("the service is told to do well", async () => {
    await page.reload();
    return (await page.innerText("main")).includes("panggilan dijawab sebagaimana mestinya");
  });
  await looks(page, "status");
  await page.goto("/status");
  await has(page, "Keadaan hub", "Menerima panggilan");
  await page.context().close();
}

// until asks until it holds; only a hang is wrong.
async function until(what, holds) {
  for (const begun = performance.now(); performance.now() - begun < 60_000; await new Promise((r) => setTimeout(r, 200))) if (await holds()) return;
  found(`${what}: not within a minute`);
}

async function press(page, label) {
  await Promise.all([page.waitForNavigation(), page.click(`main button:text-is("${label}")`)]);
}

async function has(page, ...texts) {
  const shown = await page.innerText("main");
  for (const text of texts) if (!shown.includes(text)) found(`${page.url()} does not show “${text}”`);
}

async function windowOf(browser, where, cookies) {
  const page = await visit(browser, where, { viewport: { width: 360, height: 800 }, javaScriptEnabled: false });
  await page.context().addCookies(cookies);
  return page;
}

async function cookiesOf(account, name, role) {
  const visitor = new Visitor();
  await visitor.joins(await invited(account, name, role));
  return [...visitor.cookies].map(([name, value]) => ({ name, value, url: nation.control }));
}
