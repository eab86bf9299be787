package proof

import (
	"strings"
	"time"
	"unicode"

	"simpul"
)

// bodies compares what somebody holds with what passed the hub.
func (c *check) bodies() {
	r, personal := &c.verdict.Record, c.bundle.Personal
	if held := c.demand.Request; held != nil {
		c.body(StepRequest, r.Request(*held, personal), r.RequestDigest.Keyed(), simpul.Text{ID: "isi permintaan", EN: "the body of the call"})
	}
	if held := c.demand.Response; held != nil {
		c.body(StepResponse, r.Response(*held, personal), r.ResponseDigest.Keyed(), simpul.Text{ID: "isi jawaban", EN: "the body of the answer"})
	}
}

func (c *check) body(step string, is Likeness, keyed bool, what simpul.Text) {
	switch {
	case c.verdict.Record.Kind == opened:
		c.verdict.say(step, Missing, "Catatan ini dibuat sebelum jawaban selesai, sehingga tidak menyebut sidik isi. Minta buktinya sekali lagi dari hub.",
			"This record was made before the answer was complete, so it names no fingerprint of a body. Get the proof from the hub once more.")
	case is == Same:
		c.verdict.say(step, OK, "Berkas Anda persis "+what.ID+" pertukaran ini.", "Your file is exactly "+what.EN+" of this exchange.")
	case is == Other && keyed:
		c.verdict.say(step, Failed, "Berkas Anda bukan "+what.ID+" pertukaran ini: sidiknya lain. Pakai berkas persis seperti yang lewat, tanpa disimpan ulang oleh program lain, dan bukti yang Anda ambil sendiri: kunci sidik di bukti orang lain dapat saja diganti.",
			"Your file is not "+what.EN+" of this exchange: its fingerprint differs. Take the file exactly as it passed, not as another program saved it, and a proof that you got yourself: the digest key in the proof of others may have been replaced.")
	case is == Other:
		c.verdict.say(step, Failed, "Berkas Anda bukan "+what.ID+" pertukaran ini: sidiknya lain. Pakai berkas persis seperti yang lewat, tanpa disimpan ulang oleh program lain.",
			"Your file is not "+what.EN+" of this exchange: its fingerprint differs. Take the file exactly as it passed, not as another program saved it.")
	case is == Unkeyed:
		c.verdict.say(step, Missing, "Tidak dapat dipastikan apakah berkas Anda "+what.ID+" pertukaran ini: sidiknya terkunci, dan bukti ini tidak memuat kuncinya. Pihak pertukaran mendapatkannya dengan simpul evidence get --personal, selama kunci bulan itu belum dimusnahkan.",
			"It cannot be told whether your file is "+what.EN+" of this exchange: the fingerprint is keyed, and this proof lacks the key. A party of the exchange gets it by simpul evidence get --personal, as long as the key of that month is not destroyed.")
	case is == Unfamiliar:
		c.verdict.say(step, Missing, "Tidak dapat dipastikan apakah berkas Anda "+what.ID+" pertukaran ini: program ini tidak mengenal jenis sidiknya. Gunakan program versi terbaru.",
			"It cannot be told whether your file is "+what.EN+" of this exchange: this program does not know fingerprints of that kind. Use the newest version of the program.")
	default:
		c.verdict.say(step, Missing, "Tidak dapat dipastikan apakah berkas Anda "+what.ID+" pertukaran ini: catatannya tidak menyebut sidiknya, sebab isi itu tidak lewat seutuhnya atau ditulis oleh hub sendiri.",
			"It cannot be told whether your file is "+what.EN+" of this exchange: the record names no fingerprint of it, since that body did not pass as a whole or was written by the hub itself.")
	}
}

func (c *check) field() {
	f := c.bundle.Field
	if f == nil {
		return
	}
	if c.verdict.Record.FieldRoot == "" {
		c.verdict.say(StepField, Failed, "Catatan ini tidak memuat akar kolom, sehingga kolom "+shown(f.Pointer)+" tidak dapat dibuktikan dengannya. Minta bukti tanpa kolom.",
			"This record holds no root of fields, so it cannot prove the field "+shown(f.Pointer)+". Get the proof without a field.")
		return
	}
	if err := f.Verify(c.verdict.Record.FieldRoot); err != nil {
		c.verdict.say(StepField, Failed, "Kolom "+shown(f.Pointer)+" bukan bagian dari jawaban ini: nilai atau jalurnya tidak cocok. Jangan memakainya; minta buktinya sekali lagi dari hub.",
			"The field "+shown(f.Pointer)+" is no part of this answer: its value or its path does not fit. Do not use it; get the proof from the hub once more.")
		return
	}
	c.verdict.say(StepField, OK, "Kolom "+shown(f.Pointer)+" dalam jawaban bernilai "+shown(f.Value)+".",
		"The field "+shown(f.Pointer)+" of the answer has the value "+shown(f.Value)+".")
}

// personal says of what a proof carries beside the record that it is not proved: it
// stands sealed in the record, and no public key opens the seal. Where it was erased
// it says so.
func (c *check) personal() {
	if c.bundle.Personal == "" {
		return
	}
	if e, ok := erasureIn(c.bundle.Personal, c.verdict.Record); ok {
		day := e.At.UTC().Format(time.DateOnly)
		c.verdict.say(StepPersonal, Erased, "Bagian pribadi catatan ini, yaitu siapa orangnya dan nomor berkasnya, sudah dihapus untuk selamanya pada "+day+", menurut hub. Bukti tidak rusak karenanya: semua yang lain tetap terbukti.",
			"The personal part of this record, which is who the person was and the case number, was erased for ever on "+day+", says the hub. That breaks no proof: all the rest is still proved.")
		return
	}
	c.verdict.say(StepPersonal, Missing, "Bagian pribadi di berkas ini disalin dari catatan yang tersegel. Kunci publik tidak dapat membuktikannya; tanyakan kepada hub bila Anda memerlukannya.",
		"The personal part of this file was copied from what is sealed in the record. Public keys cannot prove it; ask the hub if you need it.")
}

// shown makes the text of others fit for a sentence.
func shown(s string) string {
	return shorten(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s))
}
