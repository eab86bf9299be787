package snippet_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"simpul/internal/exchange/console/snippet"
)

// commands run a program of each language, where its interpreter is installed.
var commands = map[string][]string{
	"curl": {"sh"}, "go": {"go", "run"}, "python": {"python3"}, "php": {"php"}, "java": {"java"}, "javascript": {"node"},
}

// hostile values try to leave the literal that they stand in.
var hostile = []string{
	`x`, `it's`, `say "hi"`, "$(touch HACKED)", "`touch HACKED`", `\`, `\\u0022); System.exit(9); //`, `\u0022`, `${process.exit(9)}`, `'; exit 9; '`,
	`<?php exit(9); ?>`, `%s %d %n`, `*/ exit`, "日本語 🇮🇩 e\u0301", "\u2028\u2029", "{a,b}[1-3]", "@/etc/passwd", `#{1+1}`, "A\nB\tC",
}

// seen is what the server got.
type seen struct{ method, target, header, key, body string }

func TestProgramsSendWhatTheCallSays(t *testing.T) {
	for _, l := range snippet.Languages() {
		t.Run(l.Name, func(t *testing.T) {
			command := commands[l.Name]
			if _, err := exec.LookPath(command[0]); err != nil {
				if os.Getenv("CI") != "" {
					t.Fatalf("%s is missing: scripts/install-tools test installs it", command[0])
				}
				t.Skipf("%s is not installed here; its program is not run", command[0])
			}
			got := make(chan seen, 1)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got <- seen{r.Method, r.URL.RequestURI(), r.Header.Get("X-Uji"), r.Header.Get("X-API-Key"), string(body)}
				if r.URL.Query().Get("tolak") != "" {
					w.Header().Set("Exchange-Id", "nomor")
					w.WriteHeader(http.StatusForbidden)
				}
				io.WriteString(w, "jawaban")
			}))
			defer server.Close()
			body := strings.Join(hostile, "|")
			target := "/a/" + url.PathEscape(strings.Join(hostile[:13], "|")) + "?q=" + url.QueryEscape(body)
			header := strings.Join(hostile[:13], "|")
			for name, c := range map[string]struct {
				call snippet.Call
				want seen
				ok   bool
			}{
				"plain":   {snippet.Call{Method: "GET", URL: server.URL + "/kota"}, seen{"GET", "/kota", "", "spk_rahasia", ""}, true},
				"hostile": {snippet.Call{Method: "POST", URL: server.URL + target, Header: []snippet.Field{{Name: "X-Uji", Value: header}}, Media: "application/json", Body: body}, seen{"POST", target, header, "spk_rahasia", body}, true},
				"refused": {snippet.Call{Method: "GET", URL: server.URL + "/?tolak=1"}, seen{"GET", "/?tolak=1", "", "spk_rahasia", ""}, false},
			} {
				program, err := l.Write(c.call)
				if err != nil {
					t.Fatal(err)
				}
				dir := t.TempDir()
				file := filepath.Join(dir, l.File)
				if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
					t.Fatal(err)
				}
				run := exec.CommandContext(t.Context(), command[0], append(command[1:], file)...)
				run.Dir, run.Env = dir, append(os.Environ(), snippet.KeyVariable+"=spk_rahasia", "GOFLAGS=-mod=mod", "GO111MODULE=off")
				out, err := run.CombinedOutput()
				select {
				case was := <-got:
					if was != c.want {
						t.Errorf("%s: the server got\n%+v\nwant\n%+v", name, was, c.want)
					}
				default:
					t.Fatalf("%s: nothing was sent: %v\n%s\n%s", name, err, out, program)
				}
				if (err == nil) != c.ok || !strings.Contains(string(out), "jawaban") {
					t.Errorf("%s: ended with %v and said %s", name, err, out)
				}
				if _, err := os.Stat(filepath.Join(dir, "HACKED")); err == nil {
					t.Errorf("%s: a value was run", name)
				}
				if strings.Contains(program, "spk_") {
					t.Errorf("%s: a key stands in the program", name)
				}
			}
			// Without a key nothing is sent.
			program, _ := l.Write(snippet.Call{Method: "GET", URL: server.URL + "/kota"})
			file := filepath.Join(t.TempDir(), l.File)
			if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
				t.Fatal(err)
			}
			run := exec.CommandContext(t.Context(), command[0], append(command[1:], file)...)
			run.Env = append(os.Environ(), snippet.KeyVariable+"=", "GO111MODULE=off")
			if out, err := run.CombinedOutput(); err == nil || !strings.Contains(string(out), snippet.KeyVariable) {
				t.Errorf("without a key: %v %s", err, out)
			}
		})
	}
}

func TestCallsThatCannotBeWritten(t *testing.T) {
	good := snippet.Call{Method: "GET", URL: "https://a.example/b"}
	for name, spoil := range map[string]func(*snippet.Call){
		"a method with spaces": func(c *snippet.Call) { c.Method = "GET X" },
		"no address":           func(c *snippet.Call) { c.URL = "" },
		"a file":               func(c *snippet.Call) { c.URL = "file:///etc/passwd" },
		"a raw space":          func(c *snippet.Call) { c.URL += " x" },
		"a line in a header":   func(c *snippet.Call) { c.Header = []snippet.Field{{"X", "a\r\nY: b"}} },
		"a name of a header":   func(c *snippet.Call) { c.Header = []snippet.Field{{"@file", "a"}} },
		"an empty name":        func(c *snippet.Call) { c.Header = []snippet.Field{{"", "a"}} },
		"an escape sequence":   func(c *snippet.Call) { c.Body = "\x1b[2J" },
		"no UTF-8":             func(c *snippet.Call) { c.Body = "\xff" },
	} {
		c := good
		spoil(&c)
		for _, l := range snippet.Languages() {
			if program, err := l.Write(c); err == nil {
				t.Errorf("%s in %s: %s", name, l.Name, program)
			}
		}
	}
}
