// People come in by invitation, sign out, and in again: with a passkey that a
// simulated device keeps, and with a password and a code, without JavaScript.
// The invitation comes by mail, into the demo nation's mailbox.
import { agency, invited, totp } from "./people.mjs";
import { authenticator, expect, joinByPasskey, joinByPassword, signInByPassword, signOut, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  await byPasskey(browser);
  await byPassword(browser);
});

async function byPasskey(browser) {
  const account = `siti.cerita@${agency}`;
  const page = await visit(browser, "passkey");
  await authenticator(page);
  await joinByPasskey(page, await invited(account, "Siti Cerita"));
  await signedInAs(page, account);
  await signedOut(page);
  await page.goto("/masuk?next=/akun");
  // The simulated device may take the challenge before the button is pressed.
  page.click("text=Masuk dengan passkey").catch(() => {});
  await page.waitForURL((url) => url.pathname === "/akun");
  await signedInAs(page, account);
  await page.context().close();
}

async function byPassword(browser) {
  const account = `budi.cerita@${agency}`;
  const page = await visit(browser, "password", { viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  const { secret, recovery } = await joinByPassword(page, await invited(account, "Budi Cerita"));
  await signedInAs(page, account);
  for (const code of [totp(secret, 1), recovery[0]]) {
    await signedOut(page);
    await signInByPassword(page, account, code);
    await signedInAs(page, account);
  }
  await page.context().close();
}

async function signedInAs(page, account) {
  await page.goto("/akun");
  expect(`signed in as ${account}`, (await page.innerText("main")).includes(account), true);
}

async function signedOut(page) {
  await signOut(page);
  await page.goto("/akun");
  expect("signed out", new URL(page.url()).pathname, "/masuk");
}
