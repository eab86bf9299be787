// A strict reader of JSON (RFC 8259). JSON.parse takes the last of two members with
// one name, so that two readers could see two proofs in one file; this one refuses
// those, and texts with half a character in them.

export type Value = null | boolean | string | Num | Value[] | Map<string, Value>;

// Num is a number as it is written.
export class Num {
  constructor(readonly written: string) {}

  // whole is the number where it is a whole one from 0 to 2^53−1 and written so.
  whole(): number | undefined {
    const n = Number(this.written);
    return /^(0|[1-9][0-9]*)$/.test(this.written) && Number.isSafeInteger(n) ? n : undefined;
  }
}

const deepest = 100;
const number = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

// readJSON throws where the text is not exactly one JSON value.
export function readJSON(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.space();
  if (reader.at !== text.length) throw new SyntaxError("more than one value");
  return value;
}

class Reader {
  at = 0;
  constructor(private readonly text: string) {}

  space(): void {
    while (this.at < this.text.length && " \t\r\n".includes(this.text[this.at])) this.at++;
  }

  value(depth: number): Value {
    this.space();
    if (depth > deepest) throw new SyntaxError("too deep");
    switch (this.text[this.at]) {
      case "{": return this.object(depth);
      case "[": return this.list(depth);
      case '"': return this.string();
      case "t": return this.word("true", true);
      case "f": return this.word("false", false);
      case "n": return this.word("null", null);
    }
    return new Num(this.match(number));
  }

  private object(depth: number): Map<string, Value> {
    const all = new Map<string, Value>();
    this.each("}", () => {
      const name = this.string();
      if (all.has(name)) throw new SyntaxError("a member twice");
      this.space();
      this.expect(":");
      all.set(name, this.value(depth + 1));
    });
    return all;
  }

  private list(depth: number): Value[] {
    const all: Value[] = [];
    this.each("]", () => { all.push(this.value(depth + 1)); });
    return all;
  }

  // each reads what stands between brackets, with commas between.
  private each(end: string, read: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] !== end) {
      for (;;) {
        this.space();
        read();
        this.space();
        if (this.text[this.at] === end) break;
        this.expect(",");
      }
    }
    this.at++;
  }

  // string finds the closing quote; JSON.parse sees to what is within.
  private string(): string {
    const begin = this.at;
    if (this.text[this.at] !== '"') throw new SyntaxError("not a text");
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      if (this.text[this.at] === "\\") this.at++;
      if (this.at >= this.text.length) throw new SyntaxError("a text without an end");
    }
    this.at++;
    const value = JSON.parse(this.text.slice(begin, this.at)) as string;
    if (lone.test(value)) throw new SyntaxError("half a character");
    return value;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new SyntaxError("not a value");
    this.at += word.length;
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) throw new SyntaxError("not a value");
    this.at += found[0].length;
    return found[0];
  }

  private expect(c: string): void {
    if (this.text[this.at] !== c) throw new SyntaxError("not " + c);
    this.at++;
  }
}
