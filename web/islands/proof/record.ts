// What a record says, as far as the page shows it.
import { type Bytes, text } from "./bytes";
import { Num, readJSON } from "./json";

export interface Statement { texts: Map<string, string>; status: number; requestBytes: number; opened?: Date }

// Members that are texts; records gain members, so others are passed over.
const texts = ["kind", "id", "opened", "application", "address", "version", "class", "provider", "method", "path", "grant", "purpose", "basis", "fields", "case", "outcome", "request_digest", "response_digest", "field_root", "personal_key"];
const numbers = ["status", "request_bytes", "response_bytes"];

// erasedOn is the day on which the hub erased what was sealed in the record, as the note
// beside the record says; undefined for another note, or one of another key.
export function erasedOn(note: string, record?: Statement): string | undefined {
  try {
    const all = readJSON(note);
    if (!(all instanceof Map) || all.size !== 2) return undefined;
    const key = all.get("erased_key"), at = all.get("erased_at");
    if (typeof key !== "string" || key === "" || key !== record?.texts.get("personal_key") || typeof at !== "string") return undefined;
    return readTime(at)?.toISOString().slice(0, 10);
  } catch {
    return undefined;
  }
}

// readTime reads RFC 3339 to the second; undefined for what is none.
function readTime(s: string): Date | undefined {
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(s) ?? [];
  const at = new Date(`${day}T${time}${zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

// readRecord is undefined for what is not the record of an exchange.
export function readRecord(record: Bytes): Statement | undefined {
  try {
    const all = readJSON(text(record) ?? "");
    if (!(all instanceof Map)) return undefined;
    const s: Statement = { texts: new Map(), status: 0, requestBytes: 0 };
    for (const name of texts) {
      const value = all.get(name) ?? "";
      if (typeof value !== "string") return undefined;
      s.texts.set(name, value);
    }
    for (const name of numbers) {
      const value = all.get(name) ?? new Num("0");
      if (!(value instanceof Num) || value.whole() === undefined) return undefined;
      if (name === "status") s.status = value.whole()!;
      if (name === "request_bytes") s.requestBytes = value.whole()!;
    }
    const opened = s.texts.get("opened") ?? "";
    if (opened !== "") s.opened = readTime(opened);
    return ["opened", "sealed"].includes(s.texts.get("kind") ?? "") && (opened === "" || s.opened) ? s : undefined;
  } catch {
    return undefined;
  }
}
