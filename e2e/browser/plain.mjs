// The same on a phone without JavaScript.
import { call, expect, nation, signIn, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  const page = await visit(browser, "plain", { viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  await finds(page);
  await watches(page);
});

async function finds(page) {
  await page.goto("/");
  await page.fill("#search-q", "kota");
  await page.click("main .search .button");
  expect("search leads to the catalogue", new URL(page.url()).pathname, "/catalog");
  await page.click(".fold > summary");
  await page.check("#class-terbuka");
  await page.selectOption("#field-region", "nasional");
  await page.click("text=Terapkan saringan");
  expect("filters are in the address", new URL(page.url()).searchParams.get("class"), "terbuka");
  await page.click("text=Kabupaten dan Kota");
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
  await page.click(`#x-${made.id}`);
  expect("the record opens", (await page.innerText("main")).includes(made.id), true);
  await page.click(".menu > summary");
  await page.click("form[action='/keluar'] button >> visible=true");
  await page.goto("/exchanges");
  expect("signed out", new URL(page.url()).pathname, "/masuk");
}

// shows refreshes by hand until the index has caught up.
async function shows(page, selector) {
  for (let tries = 0; tries < 50; tries++) {
    await page.click("#segarkan");
    if (await page.isVisible(selector)) return;
  }
  expect(`${selector} appears after refreshing`, false, true);
}
