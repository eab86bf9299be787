// The same on a phone without JavaScript, and all that it takes to begin: coming
// in with a password and a code, an application, its key, the first call.
import { agency, invited, totp } from "./people.mjs";
import { call, expect, goes, joinByPassword, nation, signIn, signInByPassword, signOut, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  const page = await visit(browser, "plain", { viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  await finds(page);
  await watches(page);
  await begins(page);
});

async function finds(page) {
  await page.goto("/");
  await page.fill("#search-q", "kota");
  await goes(page, "main .search .button");
  expect("search leads to the catalogue", new URL(page.url()).pathname, "/catalog");
  await page.click(".fold > summary");
  await page.check("#class-terbuka");
  await page.selectOption("#field-region", "nasional");
  await goes(page, "text=Terapkan saringan");
  expect("filters are in the address", new URL(page.url()).searchParams.get("class"), "terbuka");
  await goes(page, "text=Kabupaten dan Kota");
  expect("the result leads to the LID", new URL(page.url()).pathname, "/catalog/master/Kota");
  expect("the call can be selected", (await page.innerText("#panggil")).includes(`${nation.gateway}/master/Kota`), true);
  expect("no dead copy button", await page.isVisible(".copy"), false);
  await page.click("main .operation summary");
  expect("further examples open", await page.isVisible("#operasi-2-panggilan"), true);
}

async function watches(page) {
  await signIn(page, "/exchanges?live=off");
  const made = await call("master/Provinsi/32");
  await shows(page, `#x-${made.id}`);
  await goes(page, `#x-${made.id}`);
  expect("the record opens", (await page.innerText("main")).includes(made.id), true);
  await signOut(page);
  await page.goto("/exchanges");
  expect("signed out", new URL(page.url()).pathname, "/masuk");
}

async function begins(page) {
  const account = `wati.cerita@${agency}`, name = "Aplikasi Tanpa Skrip";
  const { secret } = await joinByPassword(page, await invited(account, "Wati Cerita"));
  await signOut(page);
  await signInByPassword(page, account, totp(secret, 1), "/aplikasi");
  await goes(page, "main >> text=Daftarkan aplikasi");
  await page.fill("#field-name", name);
  await page.fill("#field-slug", "Tanpa Skrip");
  await goes(page, "main form .button >> nth=0");
  expect("a wrong ID is explained beside it", await page.isVisible("#field-slug[aria-invalid=true]"), true);
  expect("what was entered is kept", await page.inputValue("#field-name"), name);
  await page.fill("#field-slug", "tanpa-skrip");
  await goes(page, "main form .button >> nth=0");
  expect("the application has a page", await page.innerText("h1"), name);
  await goes(page, "button:has-text('Buat kunci')");
  const key = (await page.innerText("#kunci")).trim();
  expect("no dead copy button beside the key", await page.isVisible(".copy"), false);
  const url = (await page.innerText("#panggilan")).match(/'(https?:[^']+)'/)?.[1] ?? "";
  expect("the first call", (await call(url.slice(nation.gateway.length + 1), key)).status, 200);
}

// shows refreshes by hand until the index has caught up.
async function shows(page, selector) {
  for (let tries = 0; tries < 50; tries++) {
    await goes(page, "#segarkan");
    if (await page.isVisible(selector)) return;
  }
  expect(`${selector} appears after refreshing`, false, true);
}
