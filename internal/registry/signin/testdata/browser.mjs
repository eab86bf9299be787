// Signs in with a browser: node browser.mjs URL [FOLDER for pictures], with the
// codes in INVITATIONS. Prints one line per finding and ends with status 1 if
// there is any.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [, , base, pictures] = process.argv;
const codes = JSON.parse(process.env.INVITATIONS);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const password = "empat kuda makan rumput";
const findings = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" "),
});
try {
  await withPasskey();
  await withoutJavaScript();
  await withoutPasskeys();
} catch (error) {
  findings.push(error.stack);
} finally {
  await browser.close();
}
for (const line of findings) console.log(line);
process.exitCode = findings.length > 0 ? 1 : 0;

async function withPasskey() {
  const page = await open("passkey");
  const device = await authenticator(page);
  await look(page, "/masuk", "masuk");
  await look(page, "/masuk/pemulihan", "pemulihan");
  await look(page, "/undangan", "undangan");

  await page.goto(`${base}/undangan#${codes.passkey}`);
  await page.waitForURL("**/undangan/pilih");
  expect("the code stays out of the address", page.url().includes(codes.passkey), false);
  await look(page, "/undangan/pilih", "pilih");
  await Promise.all([page.waitForURL("**/akun/kode-pemulihan"), page.click("text=Buat passkey")]);
  await look(page, "/akun/kode-pemulihan", "kode-pemulihan");
  await Promise.all([page.waitForURL(`${base}/`), page.click("text=Sudah saya simpan")]);
  expect("signed in by the invitation", await page.textContent("#who"), "siti.rahma@bandungkota.go.id");
  expect("the device holds a discoverable passkey", (await device.send("WebAuthn.getCredentials", device.where)).credentials[0]?.isResidentCredential, true);

  await signOut(page);
  await signInByPasskey(page);
  expect("signed in by the passkey", await page.textContent("#who"), "siti.rahma@bandungkota.go.id");
  await look(page, "/akun", "akun");
  await look(page, "/akun/bukti?next=/akun", "bukti");
  await look(page, "/akun/autentikator", "autentikator");
  await look(page, "/instansi/masuk", "instansi-masuk");
  await page.goto(`${base}/undangan#${codes.passkey}`);
  await page.waitForSelector("text=tidak dapat dipakai lagi");
  await inspect(page, "undangan-habis");

  for (let i = 0; i < 6; i++) await page.goto(`${base}/menit`);
  await page.goto(`${base}/akun/autentikator`);
  expect("changes need a further proof", new URL(page.url()).pathname, "/akun/bukti");
  await Promise.all([page.waitForURL("**/akun/autentikator"), page.click("text=Pakai passkey")]);
  await page.context().close();
}

// A browser may offer the passkey by itself, in the account's field; the
// simulated device then takes it at once.
async function signInByPasskey(page) {
  await page.goto(`${base}/masuk?next=/`);
  await Promise.all([page.waitForURL(`${base}/`), page.click("text=Masuk dengan passkey", { timeout: 3000 }).catch(() => {})]);
}

async function withoutJavaScript() {
  const page = await open("plain", { javaScriptEnabled: false });
  await page.goto(`${base}/masuk`);
  expect("no dead passkey button", await page.isVisible("text=Masuk dengan passkey"), false);
  expect("why there is none", (await page.innerText("main")).includes("Passkey memerlukan JavaScript"), true);
  await page.goto(`${base}/undangan`);
  await page.fill("#field-code", codes.password);
  await page.click("main form .button");
  await page.click("text=Pakai kata sandi");
  const secret = (await page.textContent("#kunci")).replaceAll("-", "");
  await page.fill("#field-password", "pendek");
  await page.fill("#field-code", totp(secret, 0));
  await page.click("text=Simpan");
  expect("a weak password is explained", (await page.innerText("main")).includes("terlalu pendek"), true);
  expect("the secret stays", (await page.textContent("#kunci")).replaceAll("-", ""), secret);
  await page.fill("#field-password", password);
  await page.fill("#field-code", totp(secret, 6 * 60));
  await page.click("text=Simpan");
  expect("ten recovery codes", (await page.textContent("#kode")).trim().split("\n").length, 10);
  await page.click("text=Sudah saya simpan");
  expect("signed in", await page.textContent("#who"), "budi@bandungkota.go.id");
  await signOut(page);
  await page.goto(`${base}/menit`);
  await page.goto(`${base}/masuk?next=/`);
  await page.fill("#field-account", "budi@bandungkota.go.id");
  await page.fill("#field-password", "salah sekali ini");
  await page.fill("#field-code", "000000");
  await page.click("#password-form .button");
  await inspectPlain(page, "masuk-ditolak");
  await page.fill("#field-password", password);
  await page.fill("#field-code", totp(secret, 7 * 60));
  await page.click("#password-form .button");
  expect("signed in by password and code", await page.textContent("#who"), "budi@bandungkota.go.id");
  await page.context().close();
}

// A browser that knows no passkeys is told so in words.
async function withoutPasskeys() {
  const page = await open("old");
  await page.addInitScript(() => { delete window.PublicKeyCredential; });
  await page.goto(`${base}/masuk`);
  await page.waitForSelector("text=tidak mengenal passkey");
  expect("no dead button", await page.isVisible("text=Masuk dengan passkey"), false);
  await page.context().close();
}

async function authenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  devtools.where = { authenticatorId };
  return devtools;
}

async function signOut(page) {
  await page.goto(`${base}/akun`);
  const menu = page.locator(".menu > summary");
  if (await menu.isVisible()) await menu.click();
  await Promise.all([page.waitForURL(`${base}/`), page.click("form[action='/keluar'] button >> visible=true")]);
  expect("signed out", await page.textContent("#who"), "");
}

async function look(page, path, name) {
  for (const [width, scheme, lang] of [[360, "light", "id"], [1280, "dark", "en"], [1280, "light", "id"]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.goto(`${base}${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
    await inspect(page, `${name}-${width}-${scheme}-${lang}`);
  }
  await page.goto(`${base}${path}${path.includes("?") ? "&" : "?"}lang=id`);
}

async function inspect(page, name) {
  await inspectPlain(page, name);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
  for (const v of violations) for (const n of v.nodes) findings.push(`${name}: axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.replace(/\s+/g, " ")}`);
  for (const line of await page.evaluate(layoutFaults)) findings.push(`${name}: ${line}`);
}

async function inspectPlain(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

// Runs in the page: nothing wider than the window, nothing too small to touch.
function layoutFaults() {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.push(`wider than the window: ${document.documentElement.scrollWidth}`);
  for (const e of document.querySelectorAll("button, summary, input:not([type=hidden]), select, .button")) {
    const box = (e.closest("label.choice") ?? e).getBoundingClientRect();
    if (box.width > 0 && (box.height < 43.5 || box.width < 43.5)) faults.push(`small target ${Math.round(box.width)}×${Math.round(box.height)}: ${e.outerHTML.slice(0, 90)}`);
  }
  return faults;
}

async function open(where, options = {}) {
  const page = await (await browser.newContext({ locale: "id-ID", viewport: { width: 360, height: 740 }, ...options })).newPage();
  page.setDefaultTimeout(10_000);
  page.on("console", (m) => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) findings.push(`${where}: ${m.text()}`); });
  page.on("pageerror", (e) => findings.push(`${where}: ${e}`));
  return page;
}

// totp is the code of an authenticator (RFC 6238), some seconds from now.
function totp(base32, ahead) {
  const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor((Date.now() / 1000 + ahead) / 30)));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function expect(what, got, want) {
  if (got !== want) findings.push(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}
