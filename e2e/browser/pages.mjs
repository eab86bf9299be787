// Every page, narrow and wide, light and dark, in both languages: axe-core finds
// nothing, nothing is wider than the window or too small to touch, and the first
// view of it weighs at most 100 kB.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { call, found, nation, signIn, tell, visit } from "./story.mjs";

const heaviest = 100_000; // bytes on the wire, headers included
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const views = ["360 light id", "1280 dark en", "360 dark en", "1280 light id"];

const open = {
  home: "/", catalog: "/catalog", "catalog-filtered": "/catalog?q=kota&class=terbuka&region=nasional", "catalog-empty": "/catalog?q=sekolah&class=tertutup",
  lid: "/catalog/master/Kota", "lid-restricted": "/catalog/kependudukan/CekNIK", "lid-unknown": "/catalog/master/Tidak",
  agencies: "/agencies", "agencies-filtered": "/agencies?q=bandung&level=kota", guide: "/panduan", quality: "/mutu", "quality-agency": "/mutu/kemendagri.go.id", network: "/peta", "sign-in": "/masuk?next=/exchanges", "sign-in-recovery": "/masuk/pemulihan", invitation: "/undangan", unknown: "/tidak-ada",
};

await tell(async (browser) => {
  const made = await call("master/Kota/32.73");
  await call("master/Tidak");
  const person = await invite("siti.rahma@bandungkota.go.id");
  const people = {
    accounts: "/pengguna", "accounts-none": "/pengguna?q=tiada", account: `/pengguna/${person}`, "account-invite": "/pengguna/baru",
    roles: "/peran", "role-edit": "/peran/provider", "role-new": "/peran/baru", emergency: "/darurat",
  };
  const closed = { ...people, exchanges: "/exchanges?live=off", "exchanges-empty": "/exchanges?live=off&outcome=timeout", "exchanges-mistyped": "/exchanges?lid=kota", exchange: `/exchanges/${made.id}`, "network-own": "/peta?biaya=50", "account-token": "/akun", "identity-provider": "/instansi/masuk?agency=bandungkota.go.id",
    proposals: "/persetujuan", proposal: `/persetujuan/${await proposed()}`, "key-exports": "/persetujuan/ekspor-kunci",
    audit: "/audit", "audit-empty": "/audit?action=tidak.ada&since=2026-02-30", retention: "/retensi", "retention-change": "/retensi/trail" };
  for (const view of views) {
    const page = await windowOf(browser, view);
    for (const [name, path] of Object.entries(open)) await look(page, name, path, view);
    await signIn(page, "/exchanges?live=off");
    for (const [name, path] of Object.entries(closed)) await look(page, name, path, view);
    await page.context().close();
  }
  await weigh(browser, { ...open, ...closed });
  await weighSignIn(browser);
});

// proposed makes a proposal and returns its number.
async function proposed() {
  const answer = await fetch(`${nation.control}/api/v1/keys/exports`, { method: "POST",
    headers: { Authorization: `Bearer ${nation.admin_token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ recipient: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", why: "cadangan triwulan" }) });
  return (await answer.json()).proposal;
}

// invite makes an account and returns its name.
async function invite(id) {
  const body = { id, name: "Siti Rahma", email: "siti@surat.example.id", roles: [{ role: "admin" }] };
  const headers = { Authorization: `Bearer ${nation.admin_token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${nation.control}/api/v1/accounts`, { method: "POST", headers, body: JSON.stringify(body) });
  if (answer.status !== 201) found(`invite: ${answer.status} ${await answer.text()}`);
  return id;
}

function windowOf(browser, view) {
  const [width, theme] = view.split(" ");
  return visit(browser, view, { viewport: { width: Number(width), height: 800 }, colorScheme: theme, reducedMotion: "reduce" });
}

async function look(page, name, path, view) {
  await page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=${view.split(" ")[2]}`);
  await page.evaluate(() => document.fonts.ready);
  if (process.env.SIMPUL_SCREENSHOTS) await page.screenshot({ path: join(process.env.SIMPUL_SCREENSHOTS, `${name}-${view.replaceAll(" ", "-")}.png`), fullPage: true });
  for (const line of await page.evaluate(layoutFaults)) found(`${name} ${view}: ${line}`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
  for (const v of violations) for (const n of v.nodes) found(`${name} ${view}: axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.replace(/\s+/g, " ")}`);
}

// Runs in the page: nothing wider than the window, nothing too small to touch.
function layoutFaults() {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 0.5 && !e.closest("pre, svg"));
    faults.push(`wider than the window: ${wide.at(-1)?.outerHTML.slice(0, 120)}`);
  }
  for (const e of document.querySelectorAll("button, summary, input:not([type=hidden]), select, .button, .parties")) {
    const box = (e.closest("label.choice") ?? e).getBoundingClientRect();
    if (box.width > 0 && (box.height < 43.5 || box.width < 43.5)) faults.push(`small target ${Math.round(box.width)}×${Math.round(box.height)}: ${e.outerHTML.slice(0, 90)}`);
  }
  return faults;
}

// weigh loads each page with an empty cache and adds up what comes over the wire.
async function weigh(browser, pages) {
  const page = await windowOf(browser, "360 light id");
  await signIn(page, "/exchanges?live=off");
  const measure = await scale(page);
  for (const [name, path] of Object.entries(pages)) {
    if (name !== "sign-in") await measure(name, path); // whoever is signed in is led on
  }
  await page.context().close();
}

async function weighSignIn(browser) {
  const page = await windowOf(browser, "360 light id");
  const measure = await scale(page);
  await measure("sign-in", open["sign-in"]);
  await page.context().close();
}

// scale returns what loads a page and holds it to its weight.
async function scale(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  devtools.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
  return async (name, path) => {
    bytes = 0;
    await page.goto(path, { waitUntil: "networkidle" });
    if (bytes > heaviest || bytes < 10_000) found(`${name}: the first view takes ${bytes} bytes`);
  };
}
