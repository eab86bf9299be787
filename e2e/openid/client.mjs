// An independent client, npm openid-client, against the hub's OpenID Provider: it
// checks every answer by the standards, and this story tries what it would not.
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import * as oidc from "openid-client";
import { agency, api, invited, nation, Visitor } from "../browser/people.mjs";

const application = `layanan@${agency}`, lid = "master/Kota";
const callback = "http://localhost:3999/masuk/selesai";
const findings = [];
const insecure = { execute: [oidc.allowInsecureRequests] }; // the nation serves this machine only

function expect(what, got, want) {
  if (got !== want) findings.push(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

async function refused(what, code, attempt) {
  try {
    await attempt();
    findings.push(`${what}: was not refused`);
  } catch (error) {
    // A challenge, which a 401 carries, is all that the client tells of one.
    if (error.error !== code && !(code === "invalid_client" && error.status === 401)) findings.push(`${what}: ${error.error ?? error} instead of ${code}`);
  }
}

const declare = (spec) => api("PUT", `/applications/${application}/openid-client`, {
  apiVersion: "simpul/v1", kind: "OpenIDClient", metadata: { id: application },
  spec: { redirectUris: [callback], postLogoutRedirectUris: ["http://localhost:3999/"], grantTypes: ["authorization_code", "refresh_token", "client_credentials"], ...spec },
}, nation.consumer_token);

// Browser follows what a person would.
class Browser extends Visitor {
  // authorize walks from the application's address to the one that it gets back.
  async authorize(url) {
    for (let step = 0; step < 8; step++) {
      if (url.toString().startsWith(callback)) return new URL(url);
      const answer = await this.go(url);
      const text = await answer.text();
      const next = answer.headers.get("Location") ?? answer.headers.get("Refresh")?.slice("0; url=".length);
      const question = text.match(/name="request" value="([^"]+)"/);
      if (next) {
        url = next;
      } else if (question) {
        const decided = await this.post("/oauth2/consent", { request: question[1], decision: "allow" });
        url = decided.headers.get("Refresh").slice("0; url=".length);
      } else {
        throw new Error(`stuck at ${url}: ${answer.status}`);
      }
    }
    throw new Error("goes round in circles");
  }
}

async function signIn(config, browser, more = {}, build = async (c, p) => oidc.buildAuthorizationUrl(c, p)) {
  const verifier = oidc.randomPKCECodeVerifier(), state = oidc.randomState(), nonce = oidc.randomNonce();
  const url = await build(config, {
    redirect_uri: callback, scope: "openid profile email agency", state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...more,
  });
  const back = await browser.authorize(url);
  return { back, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true } };
}

async function story() {
  await declare({ tokenEndpointAuthMethod: "client_secret_basic" });
  const config = await oidc.discovery(new URL(nation.gateway), application, {}, oidc.ClientSecretBasic(nation.api_key), insecure);
  const browser = new Browser();
  await browser.joins(await invited(`rudi.cerita@${agency}`, "Rudi Cerita"));

  const { back, checks } = await signIn(config, browser);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  expect("the agency", info.agency, agency);
  expect("the name", info.name, "Rudi Cerita");
  expect("introspection", (await oidc.tokenIntrospection(config, tokens.access_token)).active, true);

  const called = await fetch(`${nation.gateway}/${lid}`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
  expect("a call for the person", called.status, 200);
  await called.arrayBuffer();

  const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  expect("the refreshed token", (await oidc.tokenIntrospection(config, fresh.access_token)).active, true);
  await oidc.tokenRevocation(config, fresh.access_token);
  expect("a revoked token", (await oidc.tokenIntrospection(config, fresh.access_token)).active, false);
  await refused("a turned refresh token", "invalid_grant", () => oidc.refreshTokenGrant(config, tokens.refresh_token));
  await refused("the rest of its family", "invalid_grant", () => oidc.refreshTokenGrant(config, fresh.refresh_token));

  const second = await signIn(config, browser, { prompt: "none" });
  const given = await oidc.authorizationCodeGrant(config, second.back, second.checks);
  await refused("a replayed code", "invalid_grant", () => oidc.authorizationCodeGrant(config, second.back, second.checks));
  expect("what the replayed code gave", (await oidc.tokenIntrospection(config, given.access_token)).active, false);

  const third = await signIn(config, browser);
  await refused("a wrong verifier", "invalid_grant", () => oidc.authorizationCodeGrant(config, third.back, { ...third.checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() }));

  const pushed = await signIn(config, browser, {}, oidc.buildAuthorizationUrlWithPAR);
  expect("a pushed request", (await oidc.authorizationCodeGrant(config, pushed.back, pushed.checks)).token_type, "bearer");

  const own = await oidc.clientCredentialsGrant(config);
  expect("the application's own token", (await oidc.tokenIntrospection(config, own.access_token)).client_id, application);

  await byPrivateKey(browser);
  await byCertificate();
  await declare({ tokenEndpointAuthMethod: "client_secret_basic" });
  await signOut(config, browser);
}

async function byPrivateKey(browser) {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const registered = await api("POST", `/applications/${application}/public-keys`, { jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, label: "openid-client" }, nation.consumer_token);
  await declare({ tokenEndpointAuthMethod: "private_key_jwt" });
  const config = await oidc.discovery(new URL(nation.gateway), application, {}, oidc.PrivateKeyJwt({ key: pair.privateKey, kid: registered.kid }), insecure);
  const { back, checks } = await signIn(config, browser);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  expect("by private_key_jwt", tokens.scope, "openid profile email agency");
  const weaker = await oidc.discovery(new URL(nation.gateway), application, {}, oidc.ClientSecretBasic(nation.api_key), insecure);
  await refused("the weaker proof", "invalid_client", () => oidc.clientCredentialsGrant(weaker));
}

// RFC 8705: the application proves itself by a certificate of its own, and its
// tokens count only beside that.
async function byCertificate() {
  const [own, other] = [process.env.CLIENT_CERTIFICATE, process.env.OTHER_CERTIFICATE].map((file) => readFileSync(file, "utf8"));
  const thumbprint = createHash("sha256").update(new X509Certificate(own).raw).digest("base64url");
  await declare({ tokenEndpointAuthMethod: "self_signed_tls_client_auth", certificateThumbprints: [thumbprint], certificateBoundAccessTokens: true });
  const as = (pem) => oidc.discovery(new URL(nation.gateway), application, {}, oidc.TlsClientAuth(), { ...insecure, [oidc.customFetch]: showing(pem) });
  const { access_token } = await oidc.clientCredentialsGrant(await as(own));
  await refused("another certificate", "invalid_client", async () => oidc.clientCredentialsGrant(await as(other)));
  const headers = { Authorization: `Bearer ${access_token}` };
  for (const [what, caller, status] of [["a call with the certificate", showing(own), 200], ["with another", showing(other), 401], ["without", fetch, 401]]) {
    expect(what, (await caller(`${nation.gateway}/${lid}`, { headers })).status, status);
  }
}

// showing is a fetch that shows a client certificate, as fetch itself cannot.
function showing(pem) {
  const agent = new Agent({ cert: pem, key: pem });
  return (url, { method = "GET", headers, body } = {}) => new Promise((resolve, reject) => {
    const ask = request(url, { method, agent, headers: Object.fromEntries(new Headers(headers)) }, async (answer) => {
      const parts = [];
      for await (const part of answer) parts.push(part);
      resolve(new Response(Buffer.concat(parts), { status: answer.statusCode, headers: answer.headers }));
    });
    ask.on("error", reject).end(body?.toString());
  });
}

async function signOut(config, browser) {
  const { back, checks } = await signIn(config, browser);
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  const left = await browser.go(oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: "http://localhost:3999/" }));
  expect("after signing out", left.headers.get("Location"), "http://localhost:3999/");
  const deadline = Date.now() + 10_000;
  let call;
  do { // every node learns of it in less than a second
    call = await fetch(`${nation.gateway}/${lid}`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    await call.arrayBuffer();
  } while (call.status === 200 && Date.now() < deadline);
  expect("a call after signing out", call.status, 401);
  await refused("a refresh after signing out", "invalid_grant", () => oidc.refreshTokenGrant(config, tokens.refresh_token));
}

await story().catch((error) => findings.push(error.stack + (error.cause ? `\n${JSON.stringify(error.cause)}` : "")));
for (const line of findings) console.log(line);
process.exitCode = findings.length > 0 ? 1 : 0;
