// Run by web/bundle's tests under Node.js: judges every trial that is named on the
// command line after the keys file, and prints one line for each: the status, and the
// first step that fails. A trial is a JSON object with the names of files: the proof, and
// bodies that somebody holds.
import { readFileSync } from "node:fs";
import { type Bodies, sumOf } from "./body";
import { readKeys, Unusable, verifyProof } from "./verify";

interface Trial { proof: string; request?: string; response?: string }

const [keysFile, ...trials] = process.argv.slice(2);
const keys = readKeys(readFileSync(keysFile, "utf8"));
void (async () => {
  for (const trial of trials) console.log(await judge(JSON.parse(trial) as Trial));
})();

function sumOfFile(name: string) { return sumOf(new Blob([readFileSync(name)])); }

async function judge(trial: Trial): Promise<string> {
  try {
    const bodies: Bodies = {};
    if (trial.request) bodies.request = await sumOfFile(trial.request);
    if (trial.response) bodies.response = await sumOfFile(trial.response);
    const v = verifyProof(new Uint8Array(readFileSync(trial.proof)), keys, bodies);
    return `${v.status} ${v.steps.find((s) => s.state === "failed")?.name ?? ""}`.trim();
  } catch (error) {
    return error instanceof Unusable ? "unusable" : `${error}`;
  }
}
