// Sentences in both languages, and the text of others within them.
export interface Text { id: string; en: string }

// Unusable is a file that cannot be checked at all.
export class Unusable extends Error {
  readonly remedy: Text;
  constructor(readonly place: string, readonly say: Text, remedy?: Text) {
    super(say.en);
    this.remedy = remedy ?? { id: "Ambil buktinya sekali lagi dari hub, dan simpan tanpa mengubahnya.", en: "Get the proof from the hub once more, and keep it unchanged." };
  }
}

const longest = 80;

// shown makes the text of others fit for a sentence: nothing that is not seen, and
// not endless.
export function shown(s: string): string {
  const plain = Array.from(s.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd"));
  return plain.length > longest ? plain.slice(0, longest).join("") + "…" : plain.join("");
}
