package resource

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestJSONKeepsOrderAndNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"openapi: 3.1.0\ninfo:\n  title: T\n  version: \"1.0\"\n": `{"openapi":"3.1.0","info":{"title":"T","version":"1.0"}}`,
		"b: 1.50\na: [x, {y: ~}, true]\n":                         `{"b":1.50,"a":["x",{"y":null},true]}`,
		"responses:\n  200: {}\n  default: {}\n":                  `{"responses":{"200":{},"default":{}}}`,
		"# komentar\n---\na: <b>\n":                               `{"a":"<b>"}`,
		`{"z": 18446744073709551616, "a": "\ud83c\uddee\/"}`:      `{"z":18446744073709551616,"a":"🇮/"}`,
		"a: {}\nb: []\nc: \"{\"\nd: 1\n":                          `{"a":{},"b":[],"c":"{","d":1}`,
		"teks: |\n  satu\n  dua\n":                                `{"teks":"satu\ndua\n"}`,
	} {
		got, err := JSON("f", []byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%q: got %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestJSONRefusesWhatUnfoldsOrIsUnclear(t *testing.T) {
	bomb := "a: &a [x,x]\n"
	for i := range 30 {
		bomb += fmt.Sprintf("b%d: &b%d [*a,*a]\n", i, i)
	}
	for in, want := range map[string]string{
		bomb:                            "f:1",
		"a: 1\na: 2\n":                  "f:2",
		"a: 1\n---\nb: 2\n":             "f:1",
		"":                              "f:1",
		"a:\n\tb: 1\n":                  "f:2",
		"010: x\n":                      "f:1",
		"1.5: x\n":                      "f:1",
		"<<: {a: 1}\n":                  "f:1",
		"a: !!binary aGk=\n":            "f:1",
		"a: \x00\n":                     "f:1",
		strings.Repeat("[", 200):        "f:1",
		strings.Repeat("- ", 150) + "a": "f:1",
	} {
		got, err := JSON("f", []byte(in))
		if err == nil || got != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %s, %v; want a fault at %s", in, got, err, want)
		}
	}
}

// Whatever the bytes: no panic, and what comes out is JSON that is not much
// longer than what went in.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"openapi: 3.1.0\n", "200: {}\n", "a: &x [*x]\n", "- - - a\n", "{\"a\": [1]}", "? [a]\n: b\n", "a: \"\\x00\"\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := JSON("f", data)
		if err != nil {
			return
		}
		if !json.Valid(out) || len(out) > 6*len(data)+16 {
			t.Errorf("%q became %q", data, out)
		}
	})
}
