// What every story needs: the nation, a browser, and a list of what is wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { nation, password, totp } from "./people.mjs";

export { nation };
const findings = [];

const flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

// tell runs a story in a fresh browser and reports.
export async function tell(story) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags.split(" ") });
  try {
    await story(browser);
  } catch (error) {
    findings.push(error.stack);
  } finally {
    await browser.close();
  }
  for (const line of findings) console.log(line);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

export function found(line) { findings.push(line); }

export function expect(what, got, want) {
  if (got !== want) found(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

// goes clicks what leads to another page, and waits for that page: a click does not.
export async function goes(page, selector) {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
}

// visit opens a window in which errors of a page are findings, and in which
// nothing is waited for longer than a minute: only a hang is wrong.
export async function visit(browser, where, options = {}) {
  const context = await browser.newContext({ locale: "id-ID", baseURL: nation.control, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("console", (m) => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) found(`${where}: ${m.text()}`); });
  page.on("pageerror", (e) => found(`${where}: ${e}`));
  return page;
}

// looks keeps a picture of a page, and finds what is wider than the window.
export async function looks(page, name) {
  const { width } = page.viewportSize();
  expect(`${name} fits ${width} px`, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), true);
  const shots = process.env.SIMPUL_SCREENSHOTS;
  if (shots) await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: true });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// audit has axe-core look at what a page shows.
export async function audit(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
  for (const v of violations) for (const n of v.nodes) found(`${where}: axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.replace(/\s+/g, " ")}`);
}

export async function signIn(page, next, token = nation.admin_token) {
  await page.goto(`/masuk?next=${encodeURIComponent(next)}`);
  await openToken(page);
  await page.fill("#field-token", token);
  await Promise.all([page.waitForURL((url) => url.pathname === new URL(next, nation.control).pathname), page.click("#token-form .button")]);
}

// openToken opens the small way in, for those who have a token and no account.
export async function openToken(page) {
  await page.click("details:has(#token-form) > summary");
}

// call makes an exchange and returns its number.
export async function call(path, key = nation.api_key) {
  const answer = await fetch(`${nation.gateway}/${path}`, { headers: { "X-API-Key": key } });
  await answer.arrayBuffer();
  return { status: answer.status, id: answer.headers.get("Exchange-Id") };
}

// authenticator gives a page a device that keeps passkeys and agrees to all.
export async function authenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

// joinByPasskey uses an invitation up; the page has an authenticator.
export async function joinByPasskey(page, link) {
  await page.goto(link); // the island reads the code from the fragment
  await page.waitForURL("**/undangan/pilih");
  await Promise.all([page.waitForURL("**/akun/kode-pemulihan"), page.click("text=Buat passkey")]);
  await page.click("text=Sudah saya simpan");
}

// joinByPassword uses an invitation up without JavaScript, and returns the
// authenticator's secret and the recovery codes.
export async function joinByPassword(page, link) {
  await page.goto("/undangan");
  await page.fill("#field-code", link);
  await page.click("main form .button");
  await page.click("text=Pakai kata sandi");
  const secret = (await page.textContent("#kunci")).replaceAll("-", "");
  await page.fill("#field-password", password);
  await page.fill("#field-code", totp(secret));
  await page.click("text=Simpan");
  const recovery = (await page.textContent("#kode")).trim().split("\n");
  await page.click("text=Sudah saya simpan");
  return { secret, recovery };
}

// signInByPassword fills the form of people with a password; code is of their
// authenticator, or one to recover with.
export async function signInByPassword(page, account, code, next = "/akun") {
  await page.goto(`/masuk?next=${encodeURIComponent(next)}`);
  await page.fill("#field-account", account);
  await page.fill("#field-password", password);
  await page.fill("#field-code", code);
  await page.click("#password-form .button");
}

// signOut leaves by the menu.
export async function signOut(page) {
  const folded = await page.isVisible(".menu > summary"); // in a narrow window
  await page.click(folded ? ".menu > summary" : ".drop > summary");
  await page.click("form[action='/keluar'] button >> visible=true");
}
