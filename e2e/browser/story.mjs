// What every story needs: the nation, a browser, and a list of what is wrong.
import { chromium } from "playwright-core";

export const nation = JSON.parse(process.env.NATION);
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

// visit opens a window in which errors of a page are findings, and in which
// nothing is waited for longer than ten seconds.
export async function visit(browser, where, options = {}) {
  const context = await browser.newContext({ locale: "id-ID", baseURL: nation.control, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("console", (m) => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) found(`${where}: ${m.text()}`); });
  page.on("pageerror", (e) => found(`${where}: ${e}`));
  return page;
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
