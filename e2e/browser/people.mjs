// How people with accounts come to be, over plain HTTP: invited by the operator,
// told by mail, and in with a password and an authenticator.
import { createHmac } from "node:crypto";

export const nation = JSON.parse(process.env.NATION);
export const agency = "bandungkota.go.id"; // of the people of all stories
export const password = "empat kuda makan rumput";

// api asks the control API and fails unless it agrees.
export async function api(method, path, body, token = nation.admin_token) {
  const answer = await fetch(`${nation.control}/api/v1${path}`, {
    method, body: body && JSON.stringify(body), headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

// invited has the operator invite somebody, and returns the link of the mail.
export async function invited(account, name, role = { role: "admin" }) {
  await api("POST", "/accounts", { id: account, name, email: account, roles: [role] });
  return letter(account);
}

// letter waits for the invitation in the demo's mailbox.
async function letter(address) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((r) => setTimeout(r, 100))) {
    for (const [, path] of (await text("/demo/surat")).matchAll(/href="(\/demo\/surat\/[^"]+)"/g)) {
      const message = await text(path);
      const link = message.includes(address) && message.match(/https?:[^\s"<]+\/undangan#[^\s"<]+/)?.[0];
      if (link) return link;
    }
  }
  throw new Error(`no mail for ${address}`);
}

const text = async (path) => (await fetch(nation.control + path)).text();

// Visitor keeps cookies, and follows nothing by itself.
export class Visitor {
  cookies = new Map();

  async go(url, options = {}) {
    const answer = await fetch(new URL(url, nation.control), { redirect: "manual", ...options, headers: { ...options.headers, Cookie: [...this.cookies].map(([n, v]) => `${n}=${v}`).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      this.cookies.set(name, value);
    }
    return answer;
  }

  post(url, fields) { return this.go(url, { method: "POST", body: new URLSearchParams(fields), headers: { "Content-Type": "application/x-www-form-urlencoded" } }); }

  // joins uses an invitation up for a password and an authenticator, is signed in
  // by that, and returns the authenticator's secret.
  async joins(link) {
    await this.post("/undangan", { code: link });
    const page = await (await this.go("/undangan/sandi")).text();
    const secret = page.match(/id="kunci"[^>]*>([^<]+)</)[1].replaceAll("-", "");
    const answer = await this.post("/undangan/sandi", { password, code: totp(secret) });
    if (answer.status !== 303) throw new Error(`joining: ${answer.status}`);
    return secret;
  }
}

// totp is the code of an authenticator (RFC 6238), some steps of 30 seconds from
// now. People come in with this step's code and sign in again with the next one's:
// a code counts once, and one step early or late, so neither minds when a step ends.
export function totp(base32, steps = 0) {
  const bits = [...base32].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
