package proof_test

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

func TestKeysFile(t *testing.T) {
	s := newStage()
	log, witness := s.log.Key.Line(), s.auditor.Line()
	next := prooftest.LogKey(s.log.Key.Name, "next").Line()
	for name, c := range map[string]struct {
		text            string
		logs, witnesses int
	}{
		"as a hub writes it":     {s.keys(), 1, 2},
		"no witness":             {log, 1, 0},
		"two keys of one log":    {log + "\n" + next, 2, 0},
		"a line twice":           {log + "\n" + log + "\n" + witness + "\n" + witness, 1, 1},
		"line breaks of Windows": {"\ufeff# kunci\r\n" + log + "\r\n\r\n" + witness + "\r\n", 1, 1},
		"spaces":                 {"  " + strings.Replace(log, " ", "   ", 1) + "  ", 1, 0},
	} {
		k, err := proof.ParseKeys([]byte(c.text))
		if err != nil || k.Logs() != c.logs || k.Witnesses() != c.witnesses {
			t.Errorf("%s: %d and %d, %v", name, k.Logs(), k.Witnesses(), err)
		}
	}
}

func TestKeysFileIsRefusedByLine(t *testing.T) {
	s := newStage()
	log, witness := s.log.Key.Line(), s.auditor.Line()
	for name, c := range map[string]struct {
		text, place string
	}{
		"empty":                      {"", ""},
		"comments alone":             {"# log\n", ""},
		"witnesses alone":            {witness, ""},
		"too large":                  {strings.Repeat("#\n", proof.MaxKeysBytes), ""},
		"another word":               {log + "\nkunci x", "2"},
		"a word in capitals":         {"LOG" + log[3:], "1"},
		"no key":                     {log + "\n\nlog", "3"},
		"a tab":                      {strings.Replace(log, " ", "\t", 1), "1"},
		"a key cut short":            {log[:len(log)-4], "1"},
		"another hash":               {strings.Replace(log, "+"+hashOf(log)+"+", "+00000000+", 1), "1"},
		"a hash in capitals":         {strings.Replace(log, "+"+hashOf(log)+"+", "+"+strings.ToUpper(hashOf(log))+"+", 1), "1"},
		"a witness as a log":         {"log" + strings.TrimPrefix(witness, "witness"), "1"},
		"a log as a witness":         {log + "\nwitness" + strings.TrimPrefix(log, "log"), "2"},
		"the log as its own witness": {log + "\n" + s.log.Key.As(s.auditor).Line(), "2"},
		"the witness as a log":       {witness + "\n" + s.auditor.As(s.log.Key).Line(), "2"},
		"a private key":              {"log PRIVATE+KEY+hub+00000000+AAAA", "1"},
		"a control character":        {"log \x1b[2J" + strings.TrimPrefix(log, "log "), "1"},
		"two keys on a line":         {log + " " + witness, "1"},
	} {
		_, err := proof.ParseKeys([]byte(c.text))
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok || e.Place != c.place || e.Message.ID == "" || e.Message.EN == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func hashOf(line string) string { return strings.Split(line, "+")[1] }

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(newStage().keys()))
	f.Add([]byte("log x+00000000+AAAA\n#"))
	f.Fuzz(func(t *testing.T, text []byte) {
		k, err := proof.ParseKeys(text)
		if err == nil {
			if k.Logs() == 0 {
				t.Error("keys without a log")
			}
			return
		}
		e, ok := errors.AsType[*simpul.Error](err)
		if !ok {
			t.Fatalf("%v has no code", err)
		}
		if line, _ := strconv.Atoi(e.Place); line > bytes.Count(text, []byte("\n"))+1 {
			t.Errorf("line %s of %q", e.Place, text)
		}
	})
}
