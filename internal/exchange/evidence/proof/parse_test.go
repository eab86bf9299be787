package proof_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

// Errors of a file name a place, and say what to do in both languages.
func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, v := range newStage().unusable() {
		_, err := proof.Parse([]byte(v.file))
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok || e.Message.ID == "" || e.Message.EN == "" || e.Remedy.ID == "" || e.Remedy.EN == "" {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

func TestHugeFilesAreRefusedUnread(t *testing.T) {
	s := newStage()
	for name, huge := range map[string][]byte{
		"spaces behind":    append([]byte(file(s.proved())), bytes.Repeat([]byte(" "), proof.MaxBytes)...),
		"a field of 10 MB": []byte(s.edited(`"format"`, `"personal": "`+strings.Repeat("x", 10<<20)+`", "format"`)),
		"a deep list":      bytes.Repeat([]byte("["), 10<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := proof.Parse(huge)
		runtime.ReadMemStats(&after)
		if simpul.CodeOf(err) != simpul.CodeTooLarge {
			t.Errorf("%s: %v", name, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("%s: %d bytes were allocated", name, grown)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	for _, open := range []string{"[", `{"format":`, `{"block":{"path":[`} {
		if _, err := proof.Parse([]byte(strings.Repeat(open, proof.MaxBytes/len(open)))); err == nil {
			t.Errorf("%q without end is a bundle", open)
		}
	}
}

// An error does not carry the text of a file to where it is shown.
func TestErrorsAreShort(t *testing.T) {
	_, err := proof.Parse([]byte(newStage().edited(`"format"`, `"`+strings.Repeat("x", 1<<20)+`": 1, "format"`)))
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || len(e.Place) > 400 || len(e.Message.EN) > 400 {
		t.Errorf("an error of %d bytes", len(e.Place)+len(e.Message.EN))
	}
}
