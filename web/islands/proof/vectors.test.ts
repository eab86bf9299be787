// Run by web/bundle's tests under Node.js: judges every file that is named on the
// command line after the keys file, and prints one line for each: the status, and the
// first step that fails.
import { readFileSync } from "node:fs";
import { readKeys, Unusable, verifyProof } from "./verify";

const [keysFile, ...files] = process.argv.slice(2);
const keys = readKeys(readFileSync(keysFile, "utf8"));
for (const file of files) console.log(judge(file));

function judge(file: string): string {
  try {
    const v = verifyProof(new Uint8Array(readFileSync(file)), keys);
    return `${v.status} ${v.steps.find((s) => s.state === "failed")?.name ?? ""}`.trim();
  } catch (error) {
    return error instanceof Unusable ? "unusable" : `${error}`;
  }
}
