// Every page, for who sees it, narrow and wide, light and dark, in both languages:
// nothing is wider than the window or too small to touch. axe-core finds nothing
// in one view of each width, theme and language, and the first view weighs at
// most 100 kB.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { agency, api, invited, Visitor } from "./people.mjs";
import { audit, call, found, nation, signIn, tell, visit } from "./story.mjs";

const heaviest = 100_000; // bytes on the wire, headers included
const views = ["360 light id", "1280 dark en", "360 dark en", "1280 light id"];
const audited = views.slice(0, 2), weighed = views[0];
const application = `halaman@${agency}`, callback = "http://localhost:3999/masuk/selesai";

await tell(async (browser) => {
  const joins = (account) => person(`${account}@${agency}`, "Siti Rahma", { role: "admin" });
  const admin = await joins("siti.rahma");
  const operator = await person("tono.cerita@komdigi.go.id", "Tono Cerita", { role: "operator", national: true });
  const provider = await person("nia.penyedia@kemendagri.go.id", "Nia Penyedia", { role: "provider" });
  const protector = await person("dewi.pelindung@kemendagri.go.id", "Dewi Pelindung", { role: "dpo" });
  for (const view of audited) await lookAll(await windowOf(browser, view, operator), view, { "issuers-none": "/penerbit" });
  const things = await prepared(); // of which they hear
  const tour = async (view, admin) => {
    await asAdmin(browser, view, admin, things); // first, and anew for later tours: joining proves who one is for minutes only
    await asNobody(browser, view, things);
    await asProtector(browser, view, protector);
    await asToken(browser, view);
    await asOperator(browser, view, operator, things);
    await asProvider(browser, view, provider);
  };
  const tours = async (first, then, account) => {
    await tour(first, admin);
    await tour(then, await joins(account));
  };
  await Promise.all([tours(views[0], views[2], "siti.rahayu"), tours(views[1], views[3], "siti.rahmi")]);
});

async function asNobody(browser, view, { question, access }) {
  const page = await windowOf(browser, view);
  await lookAll(page, view, {
    home: "/", catalog: "/catalog", "catalog-filtered": "/catalog?q=kota&class=terbuka&region=nasional", "catalog-empty": "/catalog?q=sekolah&class=tertutup",
    lid: "/catalog/master/Kota", "lid-restricted": "/catalog/kependudukan/CekNIK", "lid-unknown": "/catalog/master/Tidak",
    agencies: "/agencies", "agencies-filtered": "/agencies?q=bandung&level=kota", guide: "/panduan", proof: "/periksa-bukti", tracker: "/jejak", "tracker-list": "/jejak/warga/pertama", "tracker-none": "/jejak/warga/pertama?bulan=2020-01", "tracker-access": access, "tracker-withheld": "/jejak/warga/pertama/01a21079-6180-7e06-9fe9-de76d84be225/bukti", question: `/jejak/tanya/${question}`, unknown: "/tidak-ada",
    status: "/status", "status-lid": "/catalog/master/Kota/status", "status-lid-unjudged": "/catalog/master/Desa/status", quality: "/mutu", "quality-agency": "/mutu/kemendagri.go.id", network: "/peta",
    "life-cycle": "/daur-hidup", calendar: "/kalender", revisions: "/catalog/master/Kota/revisi", standards: "/standar", codes: "/kode", "codes-list": "/kode/wilayah-kemendagri", "code": "/kode/wilayah-kemendagri/32.73", "codes-none": "/kode/wilayah-kemendagri?q=tiada", metadata: "/metadata",
    "sign-in": "/masuk?next=/exchanges", "sign-in-recovery": "/masuk/pemulihan", "sign-in-agency": `/masuk/instansi?agency=${agency}`, invitation: "/undangan",
    mailbox: "/demo/surat", onboarding: "/pendaftaran",
  });
  await page.click("main form[action='/pendaftaran'] .button");
  await inspect(page, "onboarding-code", view);
  await lookAll(page, view, Object.fromEntries(["instansi", "surat", "tim", "tujuan", "dokumen", "periksa"].map((s) => [`onboarding-${s}`, `/pendaftaran/isi/${s}`])));
  await page.goto("/demo/surat");
  await page.click("main table a >> nth=0");
  await inspect(page, "letter", view);
  await page.context().close();
}

async function asToken(browser, view) {
  const page = await windowOf(browser, view);
  await signIn(page, "/akun");
  await lookAll(page, view, { "desk-token": "/", "account-token": "/akun", "inbox-token": "/kotak-masuk" });
  await page.context().close();
}

async function asOperator(browser, view, cookies, { exchange, proposal, account, onboarding, issuer, question, incident, reported }) {
  const page = await windowOf(browser, view, cookies);
  await lookAll(page, view, {
    "work-all": "/lid", "work-of-others": "/lid/kependudukan/CekNIK", due: "/tenggat", "trial-of-others": "/catalog/kependudukan/CekNIK/uji", "revisions-of-others": "/catalog/kependudukan/CekNIK/revisi",
    "evidence-nation": "/bukti-spbe", "grants-all": "/izin", "quality-operator": "/mutu", "life-cycle-operator": "/daur-hidup", "calendar-operator": "/kalender",
    "desk-operator": "/", exchanges: "/exchanges?live=off", "exchanges-empty": "/exchanges?live=off&outcome=timeout", "exchanges-mistyped": "/exchanges?lid=kota", exchange: `/exchanges/${exchange}`,
    accounts: "/pengguna", "accounts-none": "/pengguna?q=tiada", account: `/pengguna/${account}`, "account-invite": "/pengguna/baru",
    roles: "/peran", "role-edit": "/peran/provider", "role-new": "/peran/baru", emergency: "/darurat",
    "identity-provider": `/instansi/masuk?agency=${agency}`, "applications-all": "/aplikasi", "application-new-any": "/aplikasi/baru", "agency-any": `/instansi/${agency}`,
    "onboarding-inbox": "/pendaftaran/masuk", "onboarding-decision": `/pendaftaran/masuk/${onboarding}`, "onboarding-accepted": "/pendaftaran/masuk?status=accepted",
    proposals: "/persetujuan", proposal: `/persetujuan/${proposal}`, "key-exports": "/persetujuan/ekspor-kunci",
    audit: "/audit", "audit-empty": "/audit?action=tidak.ada&since=2026-02-30", retention: "/retensi", "retention-change": "/retensi/trail", "retention-keys": "/retensi/kunci-bukti",
    witnesses: "/saksi", views: "/bukti-hub", "views-rebuild": "/bukti-hub/index/bangun-ulang", "tracker-operator": "/jejak", "questions-operator": "/jejak/pertanyaan", "question-operator": `/jejak/pertanyaan/${question}`, "delays-operator": "/jejak/tunda",
    incidents: "/insiden", "incident-new": "/insiden/catat", incident: `/insiden/${incident}`, "incident-reported": `/insiden/${reported}`,
    limits: "/batas", "limit-new": "/batas/atur", "limit-change": `/batas/atur?untuk=agency/${agency}`,
    "usage-nation": "/pemakaian?view=nation&period=30d", "usage-nation-year": "/pemakaian?view=nation&period=12m", "usage-agency": "/pemakaian?agency=kemendagri.go.id&view=provider", "usage-mistyped": "/pemakaian?agency=salah",
    "issuer-new": "/penerbit/baru", issuer: `/penerbit/${issuer}`, issuers: "/penerbit",
    "network-own": "/peta?biaya=50", "standard-write": "/tulis-standar", "inbox-operator": "/kotak-masuk", letters: "/kotak-masuk/surel",
  });
  await page.context().close();
}

// asProvider is at work on the LIDs of its agency.
async function asProvider(browser, view, cookies) {
  const page = await windowOf(browser, view, cookies), lid = "/lid/kependudukan/CekNIK";
  await lookAll(page, view, {
    work: "/lid", "work-new": "/lid/baru", "work-lid": lid, ...Object.fromEntries(["kontrak", "kata", "aturan", "layanan", "kolom", "pelayanan", "ajukan"].map((s) => [`work-${s}`, `${lid}/${s}`])),
    "limits-given": "/batas", "limit-own": "/batas/atur?untuk=lid/kependudukan/CekNIK", "usage-provider": "/pemakaian?view=provider&period=24h", "usage-provider-week": "/pemakaian?view=provider&period=7d",
    trial: "/catalog/kependudukan/CekNIK/uji", violations: "/lid/kependudukan/CekNIK/pelanggaran", "violations-seen": "/lid/master/Kota/pelanggaran", "revisions-own": "/catalog/kependudukan/CekNIK/revisi", "due-own": "/tenggat",
    evidence: "/bukti-spbe", "quality-own": "/mutu", "grants-given": "/izin?sisi=penyedia", "grant-given": "/izin/bansos-ceknik",
  });
  await page.context().close();
}

// asProtector looks after the personal data of an agency, and opens trackers at the counter.
async function asProtector(browser, view, cookies) {
  const page = await windowOf(browser, view, cookies);
  await lookAll(page, view, { counter: "/jejak", questions: "/jejak/pertanyaan", delays: "/jejak/tunda", "incidents-own": "/insiden", "retention-keys-own": "/retensi/kunci-bukti" });
  for (const [name, nik] of [["counter-mistyped", "123"], ["counter-open", "3273016609849962"]]) {
    await page.goto("/jejak");
    await page.fill("[name=nik]", nik);
    await page.fill("[name=reason]", "diminta sendiri di loket 3");
    await Promise.all([page.waitForNavigation(), page.click("form[action='/jejak/loket'] .button")]);
    await inspect(page, name, view);
  }
  await Promise.all([page.waitForNavigation(), page.click("article a >> nth=0")]);
  await inspect(page, "counter-access", view);
  await page.context().close();
}

async function asAdmin(browser, view, cookies, { key, certified }) {
  const page = await windowOf(browser, view, cookies);
  const authorize = `/oauth2/authorize?${new URLSearchParams({ client_id: application, redirect_uri: callback, response_type: "code", scope: "openid profile email agency", state: "s", code_challenge: createHash("sha256").update("v".repeat(43)).digest("base64url"), code_challenge_method: "S256" })}`;
  await lookAll(page, view, {
    "desk-admin": "/", applications: "/aplikasi", "application-new": "/aplikasi/baru", application: `/aplikasi/${application}`, "application-unknown": `/aplikasi/tidak@${agency}`, "application-certified": `/aplikasi/${certified}`,
    key: `/aplikasi/${application}/kunci/${key}`, openid: `/aplikasi/${application}/openid`, consent: authorize, consents: "/akun/aplikasi", "sign-out-everywhere": "/oauth2/logout",
    "my-agency": "/instansi", "my-appointment": "/pendaftaran/instansi", "my-colleagues": "/pengguna", "not-mine": "/retensi", "my-audit": "/audit",
    access: "/akses", "access-inbox": "/akses/masuk", "access-new": "/akses/baru?lid=kependudukan/CekNIK", "access-why": "/akses/mengapa", "grants": "/izin", "grant": "/izin/bandung-kota", "grant-sheet": "/izin/bandung-kota/lembar",
    try: "/catalog/master/Provinsi/coba", "try-one": "/catalog/master/Provinsi/coba?operasi=GET+%2F%7Bkode%7D", "try-refused": "/catalog/kependudukan/CekNIK/coba", "violations-sent": "/lid/master/Kota/pelanggaran",
    "limits-held": "/batas", "usage-consumer": "/pemakaian?view=consumer&period=24h", "usage-consumer-month": "/pemakaian?view=consumer&period=30d",
    inbox: "/kotak-masuk", "inbox-preferences": "/kotak-masuk/preferensi",
    "my-account": "/akun", "my-password": "/akun/sandi", "my-authenticator": "/akun/autentikator", "prove-again": "/akun/bukti",
  });
  await page.goto(`/aplikasi/${application}`);
  await page.click(`main form[action$="/kunci"] .button`);
  await inspect(page, "key-secret", view);
  for (const [name, limit] of [["try-answer", "3"], ["try-wrong", "0"]]) {
    await page.goto("/catalog/master/Provinsi/coba");
    await page.fill('[name="value.query:limit"]', limit);
    await Promise.all([page.waitForNavigation(), page.click('main button[value="call"]')]);
    await inspect(page, name, view);
  }
  await page.context().close();
}

// prepared makes one of everything that a page shows.
async function prepared() {
  const { id: exchange } = await call("master/Kota/32.73");
  await call("master/Tidak");
  await api("PUT", `/applications/${application}`, { apiVersion: "simpul/v1", kind: "Application", metadata: { id: application }, spec: { name: "Halaman Warga" } }, nation.consumer_token);
  await api("PUT", `/applications/${application}/openid-client`, { apiVersion: "simpul/v1", kind: "OpenIDClient", metadata: { id: application },
    spec: { redirectUris: [callback], tokenEndpointAuthMethod: "client_secret_basic", grantTypes: ["authorization_code"] } }, nation.consumer_token);
  const { id: key } = await api("POST", `/applications/${application}/keys`, {}, nation.consumer_token);
  const certified = `bersertifikat@${agency}`, issuer = "sso-halaman";
  await api("PUT", `/applications/${certified}`, { apiVersion: "simpul/v1", kind: "Application", metadata: { id: certified }, spec: { name: "Simpus Bandung" } }, nation.consumer_token);
  await api("POST", `/applications/${certified}/certificates`, { thumbprint: "3a5f".repeat(16), label: "produksi" }, nation.consumer_token);
  await api("PUT", `/issuers/${issuer}`, { apiVersion: "simpul/v1", kind: "Issuer", metadata: { id: issuer },
    spec: { name: "Identitas Kementerian Contoh", issuer: "https://sso.example.go.id/realms/layanan", audience: "simpul", algorithms: ["ES256"], keys: { jwksUri: "https://sso.example.go.id/jwks" }, clients: [{ client: "simpus-bandung", application: certified }] } });
  await api("PUT", `/limits/agency/${agency}`, { apiVersion: "simpul/v1", kind: "Limit", metadata: { id: `agency/${agency}` }, spec: { perDay: 1_000_000, note: "Sesuai kapasitas yang disepakati." } });
  await call("master/Kota?limit=0"); // is noted as a violation
  const { proposal } = await api("POST", "/keys/exports", { recipient: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", why: "cadangan triwulan" });
  const account = `eka.diundang@${agency}`;
  await invited(account, "Eka Diundang", { role: "auditor" });
  const { question, access } = await asked(), incident = await noted(), reported = await noted();
  await api("POST", `/incidents/${reported}/report`, { to: "both", text: "Surat nomor 12/PDP/2026" });
  await api("POST", `/incidents/${reported}/hold`, { text: "Perkara 12/Pid.Sus/2026" });
  return { exchange, key, certified, question, access, incident, reported, issuer, proposal, account, onboarding: await applied() };
}

// asked asks why a demo citizen's data were seen, and returns the question's number and the page
// of the access.
async function asked() {
  const visitor = new Visitor(), list = await (await visitor.go("/jejak/warga/pertama")).text();
  const path = [...list.matchAll(/href="(\/jejak\/warga\/pertama\/[^"#]+)"/g)].at(-1)[1]; // no other story asks about the oldest
  const answer = await visitor.post(path, { question: "Untuk apa data saya dilihat?" });
  return { question: answer.headers.get("Location").split("/").at(-1), access: path };
}

// noted notes an incident of which the demo knows whom it affected.
async function noted() {
  const { id } = await api("POST", "/incidents", { application: "bansos@kemensos.go.id", from: new Date(Date.now() - 60 * 86_400_000).toISOString(), until: new Date().toISOString(), noted: new Date().toISOString() });
  return id;
}

// applied submits an agency's application to join, and returns its number.
async function applied() {
  const visitor = new Visitor(), form = "/pendaftaran/isi";
  await visitor.post("/pendaftaran", {});
  await visitor.post(`${form}/instansi`, { agency: "contohkota.go.id", name: "Pemerintah Kota Contoh", level: "kota", region: "32.73" });
  await visitor.post(`${form}/surat`, { letterNumber: "800/12/2026", letterDate: "2026-01-12" });
  await visitor.post(`${form}/tim`, { "team.1.name": "Ani Contoh", "team.1.position": "Kepala Seksi", "team.1.email": "ani@contohkota.go.id", "team.1.phone": "+62 22 123456", "team.1.tasks": "mengelola kunci" });
  await visitor.post(`${form}/tujuan`, { purpose: "Melayani permohonan warga Kota Contoh dengan data rujukan." });
  const file = new FormData();
  file.set("document", new Blob([`%PDF-1.4\n${" ".repeat(40)}\n%%EOF\n`], { type: "application/pdf" }), "surat.pdf");
  await visitor.go(`${form}/dokumen`, { method: "POST", body: file });
  await visitor.post(`${form}/kirim`, {});
  return (await api("GET", "/onboardings")).items[0].id;
}

// person is somebody who has come in, as the cookies of their browser.
async function person(account, name, role) {
  const visitor = new Visitor();
  await visitor.joins(await invited(account, name, role));
  return [...visitor.cookies].map(([name, value]) => ({ name, value, url: nation.control }));
}

async function windowOf(browser, view, cookies = []) {
  const [width, theme] = view.split(" ");
  const page = await visit(browser, view, { viewport: { width: Number(width), height: 800 }, colorScheme: theme, reducedMotion: "reduce" });
  await page.context().addCookies(cookies);
  return page;
}

async function lookAll(page, view, pages) {
  const weight = view === weighed ? await scale(page) : () => undefined;
  for (const [name, path] of Object.entries(pages)) {
    weight();
    await page.goto(`${path}${path.includes("?") ? "&" : "?"}lang=${view.split(" ")[2]}`);
    await inspect(page, name, view);
    const at = new URL(page.url()).pathname;
    if (at !== new URL(path, nation.control).pathname) found(`${name}: led to ${at}`);
    const bytes = weight();
    if (bytes > heaviest || bytes < 10_000) found(`${name}: the first view takes ${bytes} bytes`);
  }
}

async function inspect(page, name, view) {
  await page.waitForLoadState("load"); // after a click the style sheet may still be on its way
  await page.evaluate(() => document.fonts.ready);
  if (process.env.SIMPUL_SCREENSHOTS) await page.screenshot({ path: join(process.env.SIMPUL_SCREENSHOTS, `${name}-${view.replaceAll(" ", "-")}.png`), fullPage: true });
  for (const line of await page.evaluate(layoutFaults)) found(`${name} ${view}: ${line}`);
  if (!audited.includes(view)) return;
  await audit(page, `${name} ${view}`);
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
    if (e.closest("[aria-hidden=true]")) continue; // nobody meets it
    const box = (e.closest("label.choice") ?? e).getBoundingClientRect();
    if (box.width > 0 && (box.height < 43.5 || box.width < 43.5)) faults.push(`small target ${Math.round(box.width)}×${Math.round(box.height)}: ${e.outerHTML.slice(0, 90)}`);
  }
  return faults;
}

// scale empties the cache for all that follows, and returns what tells the bytes
// that came over the wire since it was last asked.
async function scale(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  devtools.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
  return () => {
    const since = bytes;
    bytes = 0;
    return since;
  };
}
