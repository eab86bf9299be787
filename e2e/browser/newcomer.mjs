// A hub's first day, by clicking only what the screens say: the operator's token
// invites an agency's administrator, who joins with a passkey, registers an
// application, and makes a first call that is answered.
import { nation } from "./people.mjs";
import { authenticator, expect, looks, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  await firstDay(browser, { width: 1280, height: 800 }, "semarangkota.go.id");
  await firstDay(browser, { width: 360, height: 740 }, "medankota.go.id");
});

async function firstDay(browser, viewport, agency) {
  const began = performance.now(), where = `newcomer ${viewport.width}`;
  const person = { account: `dewi.lestari@${agency}`, email: `dewi.lestari@surat.${agency}` };
  await invites(browser, viewport, where, person);
  const page = await visit(browser, where, { viewport });
  await authenticator(page);
  await joins(page, person);
  const command = await registers(page, agency);
  await calls(command, where);
  await page.context().close();
  console.log(`${where}: from the first page to the first answer in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

// The token that the demo prints is enough to begin.
async function invites(browser, viewport, where, person) {
  const page = await visit(browser, `${where} operator`, { viewport });
  await page.goto("/");
  if (viewport.width < 1056) await page.click(".menu > summary");
  await says(page, "header", "Masuk");
  await says(page, "main", "Masuk dengan token");
  await page.getByLabel("Token akses").fill(nation.admin_token);
  await page.getByRole("button", { name: "Masuk dengan token" }).click();
  await looks(page, "newcomer-operator");
  await says(page, "main", "Undang pengguna");
  await page.getByLabel("Nama akun").fill(person.account);
  await page.getByLabel("Nama lengkap").fill("Dewi Lestari");
  await page.getByLabel("Surel dinas").fill(person.email);
  await page.getByLabel("Admin instansi").check();
  await looks(page, "newcomer-invite");
  await says(page, "main", "Kirim undangan");
  await page.waitForURL("**/pengguna/**");
  await looks(page, "newcomer-invited");
  await page.context().close();
}

// The letter arrives in the demo's mailbox; its link leads to the passkey.
async function joins(page, person) {
  await page.goto("/");
  await says(page, "footer", "Kotak surat tiruan");
  const letter = page.getByRole("row").filter({ hasText: person.email }).getByRole("link").first();
  for (let tries = 0; tries < 100 && !(await letter.isVisible()); tries++) await page.reload();
  await looks(page, "newcomer-mailbox");
  await letter.click();
  await looks(page, "newcomer-letter");
  await says(page, "main", "/undangan#");
  await page.waitForURL("**/undangan/pilih");
  await looks(page, "newcomer-choice");
  await says(page, "main", "Buat passkey");
  await page.waitForURL("**/akun/kode-pemulihan");
  await looks(page, "newcomer-recovery");
  await says(page, "main", "Sudah saya simpan");
  await looks(page, "newcomer-desk");
}

// registers makes an application and a key, and returns the call that the page
// proposes.
async function registers(page, agency) {
  await says(page, "main", "Daftarkan aplikasi");
  await page.getByLabel("Nama aplikasi").fill("Layanan Percobaan");
  await page.getByLabel("ID", { exact: true }).fill("percobaan");
  await looks(page, "newcomer-application-new");
  await says(page, "main", "Daftarkan");
  await page.waitForURL(`**/aplikasi/percobaan@${agency}?*`);
  await looks(page, "newcomer-application");
  await says(page, "main", "Buat kunci");
  await looks(page, "newcomer-key");
  const key = (await page.textContent("#kunci")).trim(), command = (await page.textContent("#panggilan")).trim();
  expect("the call carries the key", command.includes(key), true);
  await says(page, "main", "Sudah saya simpan");
  expect("the key is shown once", (await page.content()).includes(key), false);
  return command;
}

// calls does what the command says.
async function calls(command, where) {
  const [, name, value] = command.match(/-H '([^:']+): ([^']+)'/) ?? [];
  const url = command.match(/'(https?:[^']+)'/)?.[1];
  const answer = await fetch(url, { headers: { [name]: value } });
  expect(`${where}: ${url}`, answer.status, 200);
  expect(`${where}: it answers with data`, (await answer.text()).length > 2, true);
}

// says clicks what the reader sees these words on, in one part of the page.
async function says(page, part, words) {
  const seen = page.locator(part).locator("a, button, summary").filter({ hasText: words, visible: true });
  await seen.first().click();
}
