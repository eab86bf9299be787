// What a record says, as far as the page shows it.
import { type Bytes, text } from "./bytes";
import { Num, readJSON } from "./json";

export interface Statement { texts: Map<string, string>; status: number; opened?: Date }

// Members that are texts; records gain members, so others are passed over.
const texts = ["kind", "id", "opened", "application", "address", "version", "class", "provider", "method", "path", "grant", "purpose", "basis", "fields", "case", "outcome", "request_digest", "response_digest", "field_root"];

// readRecord is undefined for what is not the record of an exchange.
export function readRecord(record: Bytes): Statement | undefined {
  try {
    const all = readJSON(text(record) ?? "");
    if (!(all instanceof Map)) return undefined;
    const s: Statement = { texts: new Map(), status: 0 };
    for (const name of texts) {
      const value = all.get(name) ?? "";
      if (typeof value !== "string") return undefined;
      s.texts.set(name, value);
    }
    const status = all.get("status") ?? new Num("0"), opened = s.texts.get("opened") ?? "";
    if (!(status instanceof Num)) return undefined;
    s.status = status.whole() ?? 0;
    if (opened !== "") s.opened = new Date(opened);
    return ["opened", "sealed"].includes(s.texts.get("kind") ?? "") && !Number.isNaN(s.opened?.getTime() ?? 0) ? s : undefined;
  } catch {
    return undefined;
  }
}
