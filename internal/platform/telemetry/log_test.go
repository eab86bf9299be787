package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"simpul"
)

func TestLoggerKeepsItsLevel(t *testing.T) {
	said := []string{"debug", "info", "warn", "error"}
	for level, from := range map[string]int{"debug": 0, "info": 1, "INFO": 1, "warn": 2, "error": 3} {
		for _, format := range []string{"text", "json"} {
			var b bytes.Buffer
			log, err := NewLogger(&b, level, format)
			if err != nil {
				t.Fatal(err)
			}
			log.Debug("said debug")
			log.Info("said info")
			log.Warn("said warn")
			log.Error("said error")
			for i, word := range said {
				if got := strings.Contains(b.String(), "said "+word); got != (i >= from) {
					t.Errorf("level %s: %s is written: %v", level, word, got)
				}
			}
		}
	}
}

func TestLoggerFormats(t *testing.T) {
	var text, lines bytes.Buffer
	for format, b := range map[string]*bytes.Buffer{"text": &text, "json": &lines} {
		log, err := NewLogger(b, "info", format)
		if err != nil {
			t.Fatal(err)
		}
		log.Info("two words", "nik", simpul.NIK("3273010101900042"), "key", simpul.Secret("spk_abc"))
	}
	if s := text.String(); !strings.Contains(s, `msg="two words" nik=32************42 key=••••`) {
		t.Errorf("got %s", s)
	}
	var entry map[string]string
	if err := json.Unmarshal(lines.Bytes(), &entry); err != nil || entry["msg"] != "two words" || entry["nik"] != "32************42" || entry["key"] != "••••" {
		t.Errorf("got %v, %v", entry, err)
	}
}

func TestLoggerRefuses(t *testing.T) {
	for _, c := range []struct{ level, format, place string }{
		{"", "text", "log.level"}, {"loud", "text", "log.level"}, {"info", "", "log.format"}, {"info", "yaml", "log.format"}, {"info", "JSON", "log.format"},
	} {
		log, err := NewLogger(&bytes.Buffer{}, c.level, c.format)
		e, ok := errors.AsType[*simpul.Error](err)
		if log != nil || !ok || e.Code != simpul.CodeInvalid || e.Place != c.place || e.Remedy.ID == "" || e.Remedy.EN == "" {
			t.Errorf("%q and %q: got %v", c.level, c.format, err)
		}
	}
}
