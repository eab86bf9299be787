package proof

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// What a bundle may hold.
const (
	MaxBytes = 4 << 20 // of the file

	maxRecord     = 1 << 20 // bytes, as in the journal
	maxCheckpoint = 64 << 10
	maxPath       = 64
	maxNumber     = 1<<53 - 1 // beyond it JSON readers disagree on numbers (RFC 7493 section 2.2)
)

// Parse reads the file of a bundle and refuses whatever two readers could read
// as two bundles: members that the format does not have, or has twice, base64 that is
// not as RFC 4648 writes it, numbers beyond 2^53−1, text that is not UTF-8, anything
// behind the object. Null stands for an absent member. It does not say whether
// the bundle proves anything; [Verify] does.
func Parse(file []byte) (Bundle, error) {
	if len(file) > MaxBytes {
		return Bundle{}, tooLarge()
	}
	var b Bundle
	err := json.Unmarshal(file, &b, json.RejectUnknownMembers(true), json.WithUnmarshalers(json.UnmarshalFunc(strictBytes)))
	if err != nil {
		return Bundle{}, malformed(err)
	}
	if err := b.check(); err != nil {
		return Bundle{}, err
	}
	return b, nil
}

// strictBytes reads base64 of which there is one form for each value.
func strictBytes(text []byte, into *[]byte) error {
	if string(text) == "null" {
		*into = nil
		return nil
	}
	var quoted string
	if err := json.Unmarshal(text, &quoted); err != nil {
		return err
	}
	value, err := decodeBase64(quoted)
	*into = value
	return err
}

var errBase64 = errors.New("not the standard base64 of RFC 4648 section 4")

func decodeBase64(text string) ([]byte, error) {
	value, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || base64.StdEncoding.EncodedLen(len(value)) != len(text) { // line breaks are skipped by the decoder
		return nil, errBase64
	}
	return value, nil
}

// check refuses values that no bundle has.
func (b *Bundle) check() error {
	if b.Format != Format {
		return unknownFormat(b.Format)
	}
	if _, err := simpul.ParseExchangeID(b.Exchange); err != nil {
		return misshapen("exchange")
	}
	for _, c := range []struct {
		place string
		ok    bool
	}{
		{"journal", isJournal(b.Journal)},
		{"sequence", isPositive(b.Sequence)},
		{"record", 0 < len(b.Record) && len(b.Record) <= maxRecord},
		{"block.first", isPositive(b.Block.First)},
		{"block.count", b.Block.Count > 0},
		{"block.path", isPath(b.Block.Path)},
		{"log.index", b.Log.Index <= maxNumber},
		{"log.path", isPath(b.Log.Path)},
		{"checkpoint", 0 < len(b.Checkpoint) && len(b.Checkpoint) <= maxCheckpoint},
		{"field", b.Field == nil || b.Field.Index <= maxNumber && b.Field.Size <= maxNumber && isPath(b.Field.Path)},
	} {
		if !c.ok {
			return misshapen(c.place)
		}
	}
	return nil
}

func isPositive(n uint64) bool { return 0 < n && n <= maxNumber }

// isJournal knows the identifier of a journal: 128 bits in hex.
func isJournal(s string) bool {
	return len(s) == 32 && regexp.MustCompile(`^[0-9a-f]+$`).MatchString(s)
}

func isPath(path [][]byte) bool {
	for _, hash := range path {
		if len(hash) != sha256.Size {
			return false
		}
	}
	return len(path) <= maxPath
}

func tooLarge() error {
	return &simpul.Error{
		Code:    simpul.CodeTooLarge,
		Message: simpul.Text{ID: "Berkas ini lebih besar dari 4 MiB; bukti tidak pernah sebesar itu.", EN: "This file is larger than 4 MiB; no proof is."},
		Remedy:  simpul.Text{ID: "Pilih berkas bukti yang diunduh dari hub.", EN: "Choose the file of the proof that came from the hub."},
	}
}

func unknownFormat(format string) error {
	if format == "" {
		return unusable("format", simpul.Text{ID: "Berkas ini bukan bukti pertukaran.", EN: "This file is not the proof of an exchange."})
	}
	return simpul.Invalid("format",
		simpul.Text{ID: "Program ini tidak mengenal bentuk bukti di berkas ini.", EN: "This program does not know the form of the proof in this file."},
		simpul.Text{ID: "Gunakan program versi terbaru, atau ambil buktinya sekali lagi dari hub.", EN: "Use the newest version of the program, or get the proof from the hub once more."})
}

func misshapen(place string) error {
	return unusable(place, simpul.Text{ID: "Bagian " + place + " tidak ada atau tidak mungkin bernilai begitu.", EN: "The member " + place + " is absent or cannot have such a value."})
}

// malformed says where the reader stopped, and why where that helps.
func malformed(err error) error {
	var place string
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		place = string(e.JSONPointer)
	}
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		place = fmt.Sprintf("byte %d", e.ByteOffset)
	}
	e := unusable(shorten(place), reason(err))
	e.Err = err
	return e
}

func reason(err error) simpul.Text {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return simpul.Text{ID: "Satu bagian tertulis dua kali, sehingga dua pembaca dapat melihat dua bukti.", EN: "A member stands twice, so that two readers could see two proofs."}
	case errors.Is(err, json.ErrUnknownName):
		return simpul.Text{ID: "Ada bagian yang tidak dimiliki sebuah bukti.", EN: "There is a member that no proof has."}
	}
	return simpul.Text{ID: "Berkas ini bukan bukti pertukaran yang utuh.", EN: "This file is not the whole proof of an exchange."}
}

func unusable(place string, message simpul.Text) *simpul.Error {
	return simpul.Invalid(place, message,
		simpul.Text{ID: "Ambil buktinya sekali lagi dari hub, dan simpan tanpa mengubahnya.", EN: "Get the proof from the hub once more, and keep it unchanged."})
}

// shorten bounds what a file can make an error say.
func shorten(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
