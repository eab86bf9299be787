// Passkeys: the one thing that a page cannot do without JavaScript. The server
// puts a ceremony's addresses and words into data attributes; this runs it, and
// says in words what went wrong. Buttons are hidden until they can work.

interface Verdict { next?: string; message?: string; remedy?: string }

let waiting: AbortController | undefined; // of the one ceremony that may be under way

export function passkeys(): void {
  for (const block of document.querySelectorAll<HTMLElement>("[data-passkey]")) {
    if (typeof window.PublicKeyCredential !== "function") {
      say(block, block.dataset.none ?? "");
      continue;
    }
    for (const part of block.querySelectorAll<HTMLElement>("[data-passkey-go], [data-passkey-name]")) part.hidden = false;
    block.querySelector("[data-passkey-go] button")?.addEventListener("click", () => void run(block, false));
    if (block.dataset.conditional !== undefined) void offer(block);
  }
}

// An invitation's code comes in the fragment, which no server sees.
export function fragmentForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-fragment]")) {
    const field = document.getElementById(form.dataset.fragment ?? "");
    const code = window.location.hash.slice(1);
    if (!(field instanceof HTMLInputElement) || code.length < 26) continue;
    field.value = decodeURIComponent(code);
    window.history.replaceState(null, "", window.location.pathname);
    form.requestSubmit();
  }
}

// offer lets the browser suggest passkeys where the account's name is entered.
async function offer(block: HTMLElement): Promise<void> {
  const can = await window.PublicKeyCredential.isConditionalMediationAvailable?.();
  if (can) await run(block, true);
}

async function run(block: HTMLElement, quietly: boolean): Promise<void> {
  waiting?.abort();
  const mine = (waiting = new AbortController());
  if (!quietly) say(block, block.dataset.busy ?? "");
  try {
    const begun = await post(block.dataset.begin ?? "", {});
    if (moveOn(block, begun)) return;
    const credential = await ask(block.dataset.passkey ?? "", begun.body, mine.signal, quietly);
    const name = block.querySelector<HTMLInputElement>("[data-passkey-name] input")?.value;
    const ended = await post(block.dataset.finish ?? "", { credential, name, next: block.dataset.next });
    moveOn(block, ended);
  } catch (error) {
    if (!quietly && waiting === mine) say(block, explain(block, error));
  }
}

// moveOn goes where the hub says, or shows its words; false where the ceremony
// goes on.
function moveOn(block: HTMLElement, answer: { ok: boolean; body: any }): boolean {
  const verdict = answer.body as Verdict;
  if (verdict.next) window.location.assign(verdict.next);
  else if (!answer.ok) say(block, [verdict.message, verdict.remedy].filter(Boolean).join(" "));
  return !answer.ok || !!verdict.next;
}

async function post(address: string, body: object): Promise<{ ok: boolean; body: any }> {
  const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), redirect: "error" });
  return { ok: answer.ok, body: await answer.json() };
}

async function ask(action: string, options: any, signal: AbortSignal, quietly: boolean): Promise<object> {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  for (const c of [...(key.allowCredentials ?? []), ...(key.excludeCredentials ?? [])]) c.id = bytes(c.id);
  if (action === "create") {
    key.user.id = bytes(key.user.id);
    return written(await navigator.credentials.create({ publicKey: key, signal }));
  }
  const mediation = quietly ? "conditional" : "optional";
  return written(await navigator.credentials.get({ publicKey: key, signal, mediation } as CredentialRequestOptions));
}

// written is a credential as JSON (WebAuthn section 5.1).
function written(credential: Credential | null): object {
  const c = credential as PublicKeyCredential;
  const r = c.response as any;
  const response: Record<string, unknown> = { clientDataJSON: text(r.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (r[part]) response[part] = text(r[part]);
  if (r.getTransports) response.transports = r.getTransports();
  return { id: c.id, rawId: text(c.rawId), type: c.type, response, clientExtensionResults: {} };
}

function explain(block: HTMLElement, error: unknown): string {
  const name = (error as Error).name;
  if (name === "InvalidStateError") return block.dataset.known ?? "";
  if (name === "TypeError") return block.dataset.offline ?? "";
  return block.dataset.cancelled ?? "";
}

function say(block: HTMLElement, words: string): void {
  const place = block.querySelector("[data-passkey-say]");
  if (place) place.textContent = words;
}

function bytes(base64url: string): Uint8Array {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
