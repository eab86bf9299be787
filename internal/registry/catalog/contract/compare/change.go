package compare

import (
	"strings"

	"simpul"
)

// change is a difference relative to where it was found.
type change struct {
	path          string
	kind          Kind
	effect        Effect
	sentence, why simpul.Text
	before, after string
}

// words name a part of the contract at the beginning of a sentence.
type words simpul.Text

// says makes the sentence of which the words are the subject.
func (w words) says(id, en string) simpul.Text {
	return simpul.Text{ID: w.ID + " " + id, EN: w.EN + " " + en}
}

// What changes mean for a consumer.
var (
	refused    = simpul.Text{ID: "Panggilan yang sudah ada dapat ditolak.", EN: "Existing calls may be refused."}
	unread     = simpul.Text{ID: "Program yang membacanya dapat gagal.", EN: "Programs that read it may fail."}
	ignored    = simpul.Text{ID: "Program yang tidak mengenalnya tidak terganggu.", EN: "Programs that do not know it are not disturbed."}
	wider      = simpul.Text{ID: "Semua panggilan yang sudah ada tetap diterima.", EN: "All existing calls are still accepted."}
	firmer     = simpul.Text{ID: "Jawaban menjanjikan lebih banyak daripada sebelumnya.", EN: "The answer promises more than before."}
	surprising = simpul.Text{ID: "Program yang hanya mengenal nilai lama perlu diperiksa.", EN: "Programs that know the former values only should be checked."}
	onlyWords  = simpul.Text{ID: "Hanya keterangan; panggilan dan jawaban tetap.", EN: "Words only; calls and answers stay."}
	byName     = simpul.Text{ID: "Izin yang membatasi baris menurut nama lama tidak cocok lagi.", EN: "Grants that confine rows by the former name no longer fit."}
)

func operationRemoved(op string) change {
	w := words{"Operasi " + op, "Operation " + op}
	return change{kind: Removed, effect: Breaking, sentence: w.says("dihapus.", "was removed."), why: refused, before: op}
}

func operationAdded(op string) change {
	w := words{"Operasi " + op, "Operation " + op}
	return change{kind: Added, effect: Harmless, sentence: w.says("ditambahkan.", "was added."), why: ignored, after: op}
}

// described tells of words that changed.
func described(w words, before, after string) []change {
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if before == after {
		return nil
	}
	return []change{{kind: Described, effect: Harmless, sentence: w.says("diterangkan dengan kalimat lain.", "is described in other words."), why: onlyWords, before: before, after: after}}
}

const mostText = 300 // bytes of a value that is shown

func clip(s string) string {
	if len(s) <= mostText {
		return s
	}
	const ellipsis = "…"
	return strings.ToValidUTF8(s[:mostText-len(ellipsis)], "") + ellipsis
}
