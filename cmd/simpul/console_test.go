package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"simpul"
)

func TestLanguageOf(t *testing.T) {
	for _, c := range []struct {
		args string
		env  map[string]string
		want simpul.Language
	}{
		{"get lids", nil, "id"},
		{"get lids --lang en", nil, "en"},
		{"--lang=en get", map[string]string{"SIMPUL_LANG": "id"}, "en"},
		{"--lang", nil, "id"},
		{"get -- --lang en", nil, "id"},
		{"", map[string]string{"LANG": "en_US.UTF-8"}, "en"},
		{"", map[string]string{"LANG": "C.UTF-8"}, "id"},
		{"", map[string]string{"LANG": "de_DE.UTF-8"}, "id"},
		{"", map[string]string{"LANG": "en", "LC_ALL": "id_ID"}, "id"},
		{"", map[string]string{"LANG": "id_ID", "SIMPUL_LANG": "en"}, "en"},
	} {
		if got := languageOf(strings.Fields(c.args), func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%q %v: %s", c.args, c.env, got)
		}
	}
}

// Every command explains itself: in both languages, with an example that fits
// the grammar.
func TestEveryCommandHasHelp(t *testing.T) {
	parser, err := kong.New(new(grammar), kong.Name("simpul"), kong.NoDefaultHelp(), kong.Vars{"lang": "id"})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(false) {
		name := leaf.Path()
		if leaf.Help == "" || leaf.Tag.Get("en") == "" {
			t.Errorf("%s has no help in both languages", name)
		}
		if !strings.Contains(leaf.Detail, leaf.FullPath()) {
			t.Errorf("%s has no example", name)
		}
		for _, level := range leaf.AllFlags(false) {
			for _, flag := range level {
				if flag.Help == "" || flag.Tag.Get("en") == "" {
					t.Errorf("%s --%s has no help in both languages", name, flag.Name)
				}
			}
		}
		id, en := runWith(t, "", append(strings.Fields(name), "--help")...), runWith(t, "", append(strings.Fields(name), "--help", "--lang=en")...)
		id.expect(t, 0, "Pemakaian: "+leaf.FullPath(), "Contoh:\n  ", leaf.Help)
		en.expect(t, 0, "Usage: "+leaf.FullPath(), "Examples:\n  ", leaf.Tag.Get("en"))
	}
}

func TestReport(t *testing.T) {
	located := simpul.Invalid("f.yaml:3", text("Salah.", "Wrong."), text("Perbaiki.", "Mend it."))
	for _, c := range []struct {
		name   string
		err    error
		status int
		say    string
	}{
		{"nothing", nil, 0, ""},
		{"difference", &failure{nil, 1}, 1, ""},
		{"placed", located, 1, "f.yaml:3: Wrong — Mend it.\n"},
		{"placeless usage", usage(placeless(located)), 2, "simpul: Wrong — Mend it.\n"},
		{"joined twice", errors.Join(located, errors.Join(located, nil)), 1, "f.yaml:3: Wrong — Mend it.\nf.yaml:3: Wrong — Mend it.\n"},
		{"wrapped", fmt.Errorf("while: %w", located), 1, "f.yaml:3: Wrong — Mend it.\n"},
		{"uncoded", errors.New("disk full"), 1, "simpul: disk full\n"},
		{"no remedy", &simpul.Error{Message: text("Salah.", "Wrong.")}, 1, "simpul: Wrong.\n"},
	} {
		var said strings.Builder
		con := &console{stderr: &said, lang: simpul.English}
		if status := con.report(c.err); status != c.status || said.String() != c.say {
			t.Errorf("%s: exit %d, %q", c.name, status, said.String())
		}
	}
}
