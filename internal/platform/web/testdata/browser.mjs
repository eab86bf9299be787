// Looks at the gallery in a browser: node browser.mjs URL [FOLDER for pictures].
// Prints one line per finding and ends with status 1 if there is any.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [, , base, pictures] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const everyView = ["360 light id", "360 dark en", "1280 light en", "1280 dark id"];
const views = { "/": everyView, "/komponen": everyView, "/katalog": ["360 dark id", "1280 light id"], "/masuk": ["360 light en", "1280 dark en"], "/salah": ["360 light id", "1280 light en"] };
const findings = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" "),
});
try {
  for (const [path, list] of Object.entries(views)) {
    for (const view of list) await look(path, view);
    for (const width of [320, 640]) await look(path, `${width} light en`, false); // 1280 px at 400 and 200 %
  }
  await islands();
  await withoutJavaScript();
} finally {
  await browser.close();
}
for (const line of findings) console.log(line);
process.exitCode = findings.length > 0 ? 1 : 0;

// Opens a page under the real security policy and collects what is wrong with it.
async function look(path, view, thorough = true) {
  const [width, theme, lang] = view.split(" ");
  const page = await open({ viewport: { width: Number(width), height: 800 }, reducedMotion: "reduce" }, `${path} ${view}`);
  await page.goto(`${base}${path}?theme=${theme}&lang=${lang}`);
  for (const line of await page.evaluate(layoutFaults)) findings.push(`${path} ${view}: ${line}`);
  if (thorough) await inspect(page, path, view);
  await page.context().close();
}

async function inspect(page, path, view) {
  await page.evaluate(() => document.fonts.ready);
  if (pictures) await page.screenshot({ path: join(pictures, `${path.slice(1) || "home"}-${view.replaceAll(" ", "-")}.png`), fullPage: true });
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
  for (const v of violations) for (const n of v.nodes) findings.push(`${path} ${view}: axe ${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.replace(/\s+/g, " ")}`);
}

// Runs in the page: nothing wider than the window, nothing too small to touch.
function layoutFaults() {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 0.5 && !e.closest("pre, svg"));
    faults.push(`wider than the window: ${wide.at(-1)?.outerHTML.slice(0, 120)}`);
  }
  for (const e of document.querySelectorAll("button, summary, input, select, textarea, .button, .nav__link, .tool, .breadcrumb a, .site-footer__links a")) {
    const box = (e.closest("label.choice") ?? e).getBoundingClientRect();
    if (box.width > 0 && (box.height < 43.5 || box.width < 43.5)) {
      faults.push(`small target ${Math.round(box.width)}×${Math.round(box.height)}: ${e.outerHTML.slice(0, 90)}`);
    }
  }
  return faults;
}

async function islands() {
  const page = await open({ viewport: { width: 1280, height: 800 }, colorScheme: "light", permissions: ["clipboard-read", "clipboard-write"] }, "islands");
  await page.goto(`${base}/?lang=id`);
  await page.click("a.tool--dark");
  expect("the theme changes in place", await page.getAttribute("html", "data-theme"), "dark");
  expect("the focus stays on the switch", await page.evaluate(() => document.activeElement?.className), "tool tool--light");
  await page.goto(`${base}/komponen`);
  expect("the theme is remembered", await page.getAttribute("html", "data-theme"), "dark");
  await page.click("a.tool--light");
  expect("the device's own theme is no choice", await page.getAttribute("html", "data-theme"), "auto");
  await page.click('button[data-copy="curl"]');
  expect("the copy button answers", await page.textContent('button[data-copy="curl"] [data-label]'), "Tersalin");
  expect("the text is copied", (await page.evaluate(() => navigator.clipboard.readText())).startsWith("curl -H"), true);
  await page.click("#segarkan");
  await page.waitForSelector('button[data-copy="potongan"]:not([hidden])');
  await page.context().close();
}

async function withoutJavaScript() {
  const page = await open({ viewport: { width: 360, height: 740 }, colorScheme: "light", javaScriptEnabled: false }, "without JavaScript");
  await page.goto(`${base}/?lang=id`);
  expect("no dead copy button", await page.isVisible(".copy"), false);
  await page.click(".menu > summary");
  expect("the menu opens", await page.isVisible(".menu__panel .nav__link"), true);
  if (pictures) await page.screenshot({ path: join(pictures, "menu-360.png") });
  await page.click("a.tool--dark");
  expect("the theme link works", await page.getAttribute("html", "data-theme"), "dark");
  await page.click(".languages a[lang=en]");
  expect("the language link works", await page.getAttribute("html", "lang"), "en");
  await page.context().close();
}

async function open(options, where) {
  const page = await (await browser.newContext(options)).newPage();
  page.on("console", (m) => { if (m.type() === "error" && !m.text().includes("status of 403")) findings.push(`${where}: ${m.text()}`); });
  page.on("pageerror", (e) => findings.push(`${where}: ${e}`));
  return page;
}

function expect(what, got, want) {
  if (got !== want) findings.push(`${what}: got ${got}, want ${want}`);
}
