// The page /periksa-bukti: takes files, has them checked, and says in words what came
// of it. Nothing leaves the browser; the hub is asked for its public keys only.
import { type Bodies, sumOf } from "./body";
import { explain, say } from "./explain";
import { type Keys } from "./note";
import { readKeys, Unusable, verifyProof } from "./verify";
import { type Text } from "./words";

const tool = document.getElementById("periksa");
const outcome = document.getElementById("hasil");
type Part = "proof" | "keys" | "request" | "response";
const chosen: Partial<Record<Part, File>> = {};
let run = 0; // of the check that may show its outcome

if (tool && outcome) {
  tool.hidden = false;
  for (const zone of tool.querySelectorAll<HTMLElement>("[data-drop]")) takeFiles(zone, zone.dataset.drop as Part);
}

function takeFiles(zone: HTMLElement, what: Part): void {
  const input = zone.querySelector("input")!;
  input.addEventListener("change", () => { chosen[what] = input.files?.[0]; void check(); });
  for (const type of ["dragenter", "dragover"]) zone.addEventListener(type, (e) => { e.preventDefault(); zone.classList.add("dropzone--over"); });
  for (const type of ["dragleave", "drop"]) zone.addEventListener(type, (e) => { e.preventDefault(); zone.classList.remove("dropzone--over"); });
  zone.addEventListener("drop", (e) => {
    const files = e.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files; // shows the name; the listener of change is not called
    chosen[what] = files[0];
    void check();
  });
  chosen[what] = input.files?.[0]; // a reloaded page may still have it
  if (chosen.proof) void check();
}

async function check(): Promise<void> {
  const mine = ++run;
  if (!chosen.proof) return;
  const shown = await judged(chosen.proof, { ...chosen });
  if (mine !== run) return;
  outcome!.replaceChildren(...shown);
  outcome!.scrollIntoView({ block: "start" });
}

async function judged(proof: File, { keys: file, request, response }: Partial<Record<Part, File>>): Promise<Node[]> {
  try {
    const keys = file ? readKeys(await file.text()) : await keysOfHub();
    const bytes = new Uint8Array(await proof.arrayBuffer());
    const begun = performance.now(), bodies: Bodies = {};
    if (request) bodies.request = await sumOf(request);
    if (response) bodies.response = await sumOf(response);
    const verdict = verifyProof(bytes, keys, bodies);
    return explain(verdict, { name: proof.name, took: performance.now() - begun, keysOfHub: !file });
  } catch (error) {
    return [explainUnusable(error)];
  }
}

// keysOfHub is what this hub itself publishes.
async function keysOfHub(): Promise<Keys> {
  let published = "";
  try {
    const answer = await fetch(tool!.dataset.keys ?? "", { redirect: "error" });
    if (answer.ok) published = await answer.text();
  } catch { /* told below */ }
  if (published === "") {
    tool!.querySelector("details")!.open = true;
    throw new Unusable("", none, chooseKeys);
  }
  return readKeys(published);
}

const none: Text = { id: "Hub ini tidak dapat memberikan kunci publiknya sekarang.", en: "This hub cannot give its public keys now." };
const chooseKeys: Text = { id: "Pilih berkas kunci di bawah berkas bukti, lalu pemeriksaan berjalan sendiri.", en: "Choose a keys file below the file of the proof; the check then runs by itself." };

function explainUnusable(error: unknown): Node {
  const known = error instanceof Unusable;
  const text: Text = known ? error.say : { id: "Berkas ini tidak dapat dibaca.", en: "This file cannot be read." };
  const remedy: Text = known ? error.remedy : { id: "Pilih berkasnya sekali lagi.", en: "Choose the file once more." };
  return say("caution", { id: "Tidak dapat diperiksa", en: "It cannot be checked" }, text, remedy);
}
