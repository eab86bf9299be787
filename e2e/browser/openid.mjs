// A person signs in to an agency's application with Simpul, in a real browser:
// the way back must work under the content security policy of every form on it.
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { agency, invited, password, totp } from "./people.mjs";
import { expect, joinByPassword, tell, visit } from "./story.mjs";

const application = `layanan@${agency}`, account = `putri.cerita@${agency}`;

await tell(async (browser) => {
  const server = createServer((_, answer) => answer.end("<h1>Selamat datang</h1>"));
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const callback = `http://127.0.0.1:${server.address().port}/masuk/selesai`;
  try {
    await story(browser, callback);
  } finally {
    server.close();
  }
});

async function story(browser, callback) {
  const shots = process.env.SIMPUL_SCREENSHOTS;
  const page = await visit(browser, "openid", { viewport: { width: 360, height: 740 } });
  const look = async (name) => {
    expect(`${name} fits 360 px`, await page.evaluate(() => document.documentElement.scrollWidth <= 360), true);
    if (!shots) return;
    await page.screenshot({ path: `${shots}/${name}-360.png`, fullPage: true });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: `${shots}/${name}-1280.png`, fullPage: true });
    await page.setViewportSize({ width: 360, height: 740 });
  };
  const authorize = (more = {}) => `/oauth2/authorize?${new URLSearchParams({
    client_id: application, redirect_uri: callback, response_type: "code", scope: "openid profile email agency offline_access", state: "s",
    code_challenge: createHash("sha256").update("v".repeat(43)).digest("base64url"), code_challenge_method: "S256", ...more,
  })}`;
  const arrive = () => page.waitForURL((url) => url.href.startsWith(callback));

  // The registration, on its page, which the application's page leads to.
  const { secret, recovery } = await joinByPassword(page, await invited(account, "Putri Cerita"));
  await page.goto(`/aplikasi/${application}`);
  await page.click("text=Atur masuk dengan Simpul");
  await page.waitForURL("**/openid");
  await page.fill("#field-redirectUris", "http://jahat.example/");
  await page.click("main form .button >> nth=0");
  await look("registration-error");
  await page.fill("#field-redirectUris", callback);
  await page.click("main form .button >> nth=0");
  await page.waitForURL(/tersimpan/);
  await look("registration");

  // Signed in already: consent, and back.
  await page.goto(authorize());
  await look("consent");
  await page.click("button[value=allow]");
  await arrive();
  expect("the answer", new URL(page.url()).searchParams.has("code"), true);

  // Signed out: through the sign-in form, with the consent remembered.
  await page.context().clearCookies();
  await page.goto(authorize());
  await signInHere(page, totp(secret, 1));
  await arrive();
  expect("the answer after the sign-in form", new URL(page.url()).searchParams.has("code"), true);

  await page.goto(authorize({ prompt: "login" }));
  await look("again");
  await page.click("main form .button");
  await signInHere(page, recovery[0]);
  await arrive();
  await page.goto(authorize({ redirect_uri: "https://jahat.example/" }));
  await look("unknown-redirect");
  await page.goto("/akun/aplikasi");
  await look("consents");
  await page.click("main form .button");
  await page.waitForURL(/dicabut/);
  await look("consents-empty");
  await page.goto("/oauth2/logout");
  await look("logout");
  await page.click("main form button");
  await page.waitForURL(/logout\/now/);
  await look("signed-out");
}

// signInHere fills the form on which an application's question waits.
async function signInHere(page, code) {
  await page.fill("#field-account", account);
  await page.fill("#field-password", password);
  await page.fill("#field-code", code);
  await page.click("#password-form .button");
}
