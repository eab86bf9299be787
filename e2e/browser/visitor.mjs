// A visitor looks for the codes of cities, finds the LID, and takes a call along
// that works.
import { call, expect, nation, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  await finds(browser, { width: 1280, height: 800 });
  await finds(browser, { width: 360, height: 740 });
});

async function finds(browser, viewport) {
  const where = `visitor ${viewport.width}`;
  const page = await visit(browser, where, { viewport, permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto("/");
  await page.fill("#search-q", "kota");
  await Promise.all([page.waitForURL("**/catalog?q=kota"), page.press("#search-q", "Enter")]);
  expect(`${where}: the best match is first`, await page.textContent("#hasil .card__title >> nth=0"), "Kabupaten dan Kota");

  await typing(page, where);
  await narrowing(page, where, viewport.width < 960);

  await Promise.all([page.waitForURL("**/catalog/master/Kota"), page.click("text=Kabupaten dan Kota")]);
  await page.click('button[data-copy="panggil"]');
  await page.waitForSelector('button[data-copy="panggil"] >> text=Tersalin');
  await works(await page.evaluate(() => navigator.clipboard.readText()), where);
  await page.context().close();
}

// Results follow the typing, and so does the address.
async function typing(page, where) {
  await page.fill("#search-q", "kota sekolah");
  await page.waitForSelector("#hasil >> text=Tidak ada yang cocok");
  await page.waitForURL("**/catalog?q=kota+sekolah");
  await page.fill("#search-q", "kota");
  await page.waitForSelector("#hasil >> text=Kabupaten dan Kota");
  expect(`${where}: the field keeps the focus`, await page.evaluate(() => document.activeElement?.id), "search-q");
}

// A filter takes effect at once and keeps the focus. On a phone filters fold.
async function narrowing(page, where, folded) {
  if (folded) await page.click(".fold > summary");
  await page.check("#class-terbuka");
  await page.waitForURL("**/catalog?class=terbuka&q=kota");
  expect(`${where}: the filter keeps the focus`, await page.evaluate(() => document.activeElement?.id), "class-terbuka");
  expect(`${where}: the filter stays in sight`, await page.isVisible("#class-terbuka"), true);
  if (folded) expect(`${where}: the fold counts filters`, await page.textContent("#saringan-jumlah"), "(1 dipakai)");
}

// works makes the call that was copied, with a real key in place of the dots.
async function works(command, where) {
  expect(`${where}: the command shows where the key goes`, command.startsWith("curl -H 'X-API-Key: spk_…'"), true);
  const target = command.match(/'(https?:[^']+)'$/)?.[1] ?? "";
  expect(`${where}: the command calls the hub`, target.startsWith(`${nation.gateway}/master/Kota`), true);
  const answer = await call(target.slice(nation.gateway.length + 1));
  expect(`${where}: the hub answers the copied call`, answer.status, 200);
}
