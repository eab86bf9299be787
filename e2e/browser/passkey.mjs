// People come in by invitation, sign out, and in again: with a passkey that a
// simulated device keeps, and with a password and a code, without JavaScript.
// The invitation comes by mail, into the demo nation's mailbox.
import { createHmac } from "node:crypto";
import { expect, found, nation, tell, visit } from "./story.mjs";

const agency = "bandungkota.go.id";
const password = "empat kuda makan rumput";

await tell(async (browser) => {
  await byPasskey(browser);
  await byPassword(browser);
});

async function byPasskey(browser) {
  const account = `siti.cerita@${agency}`;
  const page = await visit(browser, "passkey");
  await authenticator(page);
  await page.goto(await invited(browser, account, "Siti Cerita")); // the island reads the code from the fragment
  await page.waitForURL("**/undangan/pilih");
  await Promise.all([page.waitForURL("**/akun/kode-pemulihan"), page.click("text=Buat passkey")]);
  await page.click("text=Sudah saya simpan");
  await signedInAs(page, account);
  await signOut(page);
  await page.goto("/masuk?next=/akun");
  // The simulated device may take the challenge before the button is pressed.
  await Promise.all([page.waitForURL("**/akun"), page.click("text=Masuk dengan passkey", { timeout: 3000 }).catch(() => {})]);
  await signedInAs(page, account);
  await page.context().close();
}

async function byPassword(browser) {
  const account = `budi.cerita@${agency}`;
  const link = await invited(browser, account, "Budi Cerita");
  const page = await visit(browser, "password", { viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  await page.goto("/undangan");
  await page.fill("#field-code", link);
  await page.click("main form .button");
  await page.click("text=Pakai kata sandi");
  const secret = (await page.textContent("#kunci")).replaceAll("-", "");
  await page.fill("#field-password", password);
  await page.fill("#field-code", totp(secret, -1));
  await page.click("text=Simpan");
  const recovery = (await page.textContent("#kode")).trim().split("\n");
  await page.click("text=Sudah saya simpan");
  await signedInAs(page, account);
  await signOut(page);
  await signIn(page, account, totp(secret, 0));
  await signedInAs(page, account);
  await signOut(page);
  await signIn(page, account, recovery[0]);
  await signedInAs(page, account);
  await page.context().close();
}

async function signIn(page, account, code) {
  await page.goto("/masuk?next=/akun");
  await page.fill("#field-account", account);
  await page.fill("#field-password", password);
  await page.fill("#field-code", code);
  await page.click("#password-form .button");
}

async function signedInAs(page, account) {
  await page.goto("/akun");
  expect(`signed in as ${account}`, (await page.innerText("main")).includes(account), true);
}

async function signOut(page) {
  await page.goto("/akun");
  const folded = await page.isVisible(".menu > summary"); // in a narrow window
  await page.click(folded ? ".menu > summary" : ".drop > summary");
  await page.click("form[action='/keluar'] button >> visible=true");
  await page.goto("/akun");
  expect("signed out", new URL(page.url()).pathname, "/masuk");
}

// invited has the operator invite somebody, and returns the link of the mail.
async function invited(browser, account, name) {
  const answer = await fetch(`${nation.control}/api/v1/accounts`, {
    method: "POST",
    headers: { Authorization: `Bearer ${nation.admin_token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ id: account, name, email: account, roles: [{ role: "admin" }] }),
  });
  if (!answer.ok) found(`invitation: ${answer.status} ${await answer.text()}`);
  const page = await visit(browser, "mailbox");
  for (let tries = 0; tries < 50; tries++) {
    await page.goto("/demo/surat");
    const letter = page.locator("main a", { hasText: name }).or(page.locator("main tr, main article", { hasText: account }).locator("a")).first();
    if (await letter.count()) {
      await letter.click();
      const link = (await page.innerText("main")).match(/https?:\S+\/undangan#\S+/)?.[0];
      if (link) {
        await page.context().close();
        return link;
      }
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`no mail for ${account}`);
}

async function authenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

// totp is the code of an authenticator (RFC 6238), some steps from now.
function totp(base32, steps) {
  const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
