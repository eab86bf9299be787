// The operator signs in and watches: an exchange that is made now appears by
// itself and can be opened.
import { call, expect, found, nation, openToken, signIn, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  await turnedAway(browser);
  await watches(browser, { width: 1280, height: 800 });
  await watches(browser, { width: 360, height: 740 });
  await calmly(browser);
});

async function turnedAway(browser) {
  const page = await visit(browser, "stranger");
  await page.goto("/exchanges?outcome=denied");
  expect("a stranger is asked to sign in", new URL(page.url()).pathname, "/masuk");
  await openToken(page);
  await page.fill("#field-token", "spt_salah");
  await page.click("#token-form .button");
  await page.waitForSelector("text=Belum berhasil masuk");
  await page.fill("#field-token", nation.admin_token);
  await Promise.all([page.waitForURL("**/exchanges?outcome=denied"), page.click("#token-form .button")]);
  const cookie = (await page.context().cookies()).find((c) => c.name === "simpul");
  expect("scripts cannot read the session", cookie?.httpOnly, true);
  await page.context().close();
}

async function watches(browser, viewport) {
  const where = `operator ${viewport.width}`;
  const page = await visit(browser, where, { viewport });
  await signIn(page, "/exchanges");
  await page.evaluate(() => { window.untouched = true; });
  const made = await call("master/Provinsi?limit=1");
  await page.waitForSelector(`#x-${made.id}.parties--new`); // what is new is marked, until the next news
  expect(`${where}: the page was not loaded again`, await page.evaluate(() => window.untouched), true);

  await page.click("#jeda");
  await page.waitForSelector("#aliran:not([hx-trigger])");
  expect(`${where}: the pause is in the address`, new URL(page.url()).search, "?live=off");
  expect(`${where}: the button keeps the focus`, await page.evaluate(() => document.activeElement?.id), "jeda");
  await page.click("#jeda");
  await page.waitForSelector('#aliran[hx-trigger="every 2s"]');

  await Promise.all([page.waitForURL(`**/exchanges/${made.id}`), page.click(`#x-${made.id}`)]);
  for (const text of [made.id, "layanan@bandungkota.go.id", "master/Provinsi", "200 OK", "Berhasil"]) {
    if (!(await page.innerText("main")).includes(text)) found(`${where}: the record does not show ${text}`);
  }
  await page.click(viewport.width < 1056 ? ".menu > summary" : ".drop > summary");
  await page.click("form[action='/keluar'] button >> visible=true");
  await page.waitForURL(nation.control + "/");
  await page.goto("/exchanges");
  expect(`${where}: signed out`, new URL(page.url()).pathname, "/masuk");
  await page.context().close();
}

// Whoever asked the device for less motion gets a list that stands still.
async function calmly(browser) {
  const page = await visit(browser, "calm", { reducedMotion: "reduce" });
  await signIn(page, "/exchanges");
  await page.waitForURL("**/exchanges?live=off");
  await page.click("#jeda");
  await page.waitForSelector('#aliran[hx-trigger="every 2s"]');
  await page.reload();
  expect("a list that was resumed stays so", new URL(page.url()).search, "?live=on");
  await page.context().close();
}
