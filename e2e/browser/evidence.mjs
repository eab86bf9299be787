// Evidence as people meet it: a party downloads the proof of its exchange and checks it,
// one flipped character does not fit, and a citizen sees who looked at their data, takes the
// proof of it along, asks why, and reads the agency's answer.
import { readFile } from "node:fs/promises";
import { invited, Visitor } from "./people.mjs";
import { audit, call, expect, found, looks, nation, signIn, tell, visit } from "./story.mjs";

const looker = "kemensos.go.id"; // whose application looked at the citizen's data
const question = "Saya tidak merasa mengurus bantuan. Untuk apa data saya dicocokkan?";
const answer = "Nama Anda ada dalam daftar calon penerima bantuan di kelurahan Anda, dan kami mencocokkannya sekali.";

await tell(async (browser) => {
  await proves(browser);
  await asks(browser);
});

// proves calls a LID and checks the proof of that call, first whole and then forged.
async function proves(browser) {
  const { id } = await call("master/Kota/32.73");
  const page = await visit(browser, "evidence", { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  await signIn(page, "/exchanges");
  const file = await proofOf(page, id);
  await checks(page, file, "Bukti ini sah", id);
  await looks(page, "evidence-valid");
  await audit(page, "evidence-valid");
  await checks(page, flipped(file), "Bukti ini tidak cocok", "Jangan");
  await looks(page, "evidence-forged");
  await page.context().close();
}

// proofOf waits on the page of the exchange until a witness has signed, and downloads.
async function proofOf(page, id) {
  await settled(page, `/exchanges/${id}`, "disaksikan");
  await looks(page, "evidence-exchange");
  await audit(page, "evidence-exchange");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("text=Unduh bukti")]);
  expect("the file's name", download.suggestedFilename(), `bukti-${id}.json`);
  return readFile(await download.path(), "utf8");
}

// checks has the browser check a file with the keys that the hub publishes.
async function checks(page, text, ...says) {
  const keys = await (await fetch(`${nation.control}/.well-known/simpul-keys`)).text();
  await page.goto("/periksa-bukti");
  await page.setInputFiles("#field-keys", { name: "kunci.txt", mimeType: "text/plain", buffer: Buffer.from(keys) });
  await page.setInputFiles("#field-proof", { name: "bukti.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await page.waitForSelector(`#hasil >> text=${says[0]}`);
  const shown = await page.innerText("#hasil");
  for (const line of says) if (!shown.includes(line)) found(`the check does not say “${line}”`);
}

// flipped changes one character of what the record says.
function flipped(text) {
  const bundle = JSON.parse(text), record = Buffer.from(bundle.record, "base64");
  record[record.length >> 1] ^= 1;
  return JSON.stringify({ ...bundle, record: record.toString("base64") });
}

// asks is the citizen's side and the agency's.
async function asks(browser) {
  const citizen = await visit(browser, "citizen", { viewport: { width: 360, height: 800 }, reducedMotion: "reduce" });
  await citizen.goto("/jejak");
  await Promise.all([citizen.waitForNavigation(), citizen.click(".card a >> nth=1")]);
  const access = citizen.locator("article", { hasText: "Kementerian Sosial" }).first();
  const sentence = await access.innerText();
  for (const part of ["lewat aplikasi Bantuan Sosial", "melihat data Anda", "Cek NIK", "untuk keperluan", "UU 24/2013"]) if (!sentence.includes(part)) found(`the sentence lacks “${part}”: ${sentence}`);
  await looks(citizen, "evidence-tracker");
  await Promise.all([citizen.waitForNavigation(), access.getByText("Unduh bukti").click()]);
  await takesAlong(citizen);
  await citizen.fill("[name=question]", question);
  await Promise.all([citizen.waitForURL("**/jejak/tanya/*"), citizen.click("#tanya form .button")]);
  await looks(citizen, "evidence-asked");
  await answers(browser);
  await citizen.reload();
  const shown = await citizen.innerText("main");
  for (const text of ["Dijawab", question, answer]) if (!shown.includes(text)) found(`the citizen does not see “${text}”`);
  await looks(citizen, "evidence-answered");
  await audit(citizen, "evidence-answered");
  await citizen.context().close();
}

// takesAlong downloads the proof of the access on the page, which names nobody, checks it and
// comes back.
async function takesAlong(citizen) {
  const access = citizen.url().split("#")[0], id = access.split("/").at(-1);
  await settled(citizen, access, "ikut menyaksikan");
  await looks(citizen, "evidence-access");
  await audit(citizen, "evidence-access");
  const [download] = await Promise.all([citizen.waitForEvent("download"), citizen.click("text=Unduh bukti")]);
  expect("the file's name", download.suggestedFilename(), `bukti-${id}.json`);
  const file = await readFile(await download.path(), "utf8"), record = Buffer.from(JSON.parse(file).record, "base64").toString();
  for (const told of ['"persons"', '"case"', '"subject"', '"field_key"']) expect(`the record tells ${told}`, record.includes(told), false);
  await Promise.all([citizen.waitForURL("**/periksa-bukti"), citizen.click("a:text-is('Periksa bukti')")]);
  await checks(citizen, file, "Bukti ini sah", "bansos@kemensos.go.id", id);
  await looks(citizen, "evidence-citizen-valid");
  await citizen.goto(access);
}

// answers does so at the desk of the agency, which does not learn who asks.
async function answers(browser) {
  const officer = new Visitor();
  await officer.joins(await invited(`pelindung@${looker}`, "Dewi Pelindung", { role: "dpo" }));
  const page = await visit(browser, "desk", { viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
  await page.context().addCookies([...officer.cookies].map(([name, value]) => ({ name, value, url: nation.control })));
  await page.goto("/jejak/pertanyaan");
  await audit(page, "evidence-desk");
  await looks(page, "evidence-desk");
  await Promise.all([page.waitForNavigation(), page.click(`main table a:has-text("${question.slice(0, 30)}")`)]);
  expect("the desk names the citizen", /Contoh|\d{2}\*{4}/.test(await page.innerText("main")), false);
  await page.fill("[name=answer]", answer);
  await looks(page, "evidence-answering");
  await Promise.all([page.waitForNavigation(), page.click("main form .button")]);
  await page.context().close();
}

// settled loads the page until it shows the text.
async function settled(page, path, text) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((r) => setTimeout(r, 500))) {
    await page.goto(path);
    if ((await page.innerText("main")).includes(text)) return;
  }
  throw new Error(`${path} does not come to show “${text}”`);
}
