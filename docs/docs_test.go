// Package docs_test holds the documentation to what the program does: it runs
// the guide as a reader would, and compares what is listed with what there is.
package docs_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"simpul/internal/platform/config"
	"simpul/internal/platform/testkit"
)

// TestGuide runs every page of the guide, and the README, against one demo
// nation. A page is one session in a folder of its own:
//
//   - A block marked sh is run, line by line.
//   - A block that follows "Simpan sebagai `FILE`" is written to that file; if
//     the sentence goes on with ", jalankan dengan `COMMAND`", the command is run
//     where its program is installed.
//   - A block marked console is what the sh block before it prints, white space
//     aside; "…" stands for anything.
//
// Addresses that a page chooses for itself, see [ports], are replaced by free ones.
func TestGuide(t *testing.T) {
	pages, err := filepath.Glob("guide/*.md")
	if err != nil || len(pages) < 7 {
		t.Fatalf("pages of the guide: %q, %v", pages, err)
	}
	environment := demo(t)
	for _, page := range append(pages, "../README.md") {
		text, err := os.ReadFile(page)
		if errors.Is(err, fs.ErrNotExist) && page == "../README.md" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(page, func(t *testing.T) { follow(t, page, string(text), environment) })
	}
}

// follow does what a page says.
func follow(t *testing.T, page, text string, environment []string) {
	dir := t.TempDir()
	provider := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(provider.Close)
	text = strings.NewReplacer(ports(t, provider.Listener.Addr().String())...).Replace(text)
	blocks := blocksOf(text)

	script := filepath.Join(t.TempDir(), "page.sh")
	if err := os.WriteFile(script, []byte(compile(blocks)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-Eeuo", "pipefail", script)
	shell.Dir, shell.Env = dir, environment
	shell.WaitDelay = 5 * time.Second
	out, err := shell.CombinedOutput()
	said := outputs(string(out))
	if err != nil {
		at := said.last()
		t.Fatalf("%s: the block at line %d failed: %v\n%s", page, at, err, said[at])
	}
	for _, want := range blocks {
		if got, ran := said[want.after]; want.lang == "console" && ran && !want.shows(got) {
			t.Errorf("%s:%d: the block at line %d printed something else:\n%s", page, want.line, want.after, got)
		}
	}
}

// ports pairs the addresses that pages use with free ones.
func ports(t *testing.T, provider string) []string {
	t.Helper()
	replaced := []string{"127.0.0.1:9000", provider}
	for _, address := range []string{"127.0.0.1:18080", "127.0.0.1:18081"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		replaced = append(replaced, address, listener.Addr().String())
	}
	return replaced
}

// block is one fenced block of a page.
type block struct {
	line  int // of its opening fence, from 1
	lang  string
	text  []string
	file  string // that it is saved as, if it is
	run   string // the command that runs the file, if one does
	after int    // line of the block that was run before this one; 0 for none
}

var (
	fence = regexp.MustCompile("^```([a-z]*)$")
	save  = regexp.MustCompile("^Simpan sebagai `([^`]+)`(?:, jalankan dengan `([^`]+)`)?")
)

func blocksOf(page string) (all []block) {
	var open *block
	var next block
	for i, line := range strings.Split(page, "\n") {
		m, saved := fence.FindStringSubmatch(line), save.FindStringSubmatch(line)
		switch {
		case open != nil && m == nil:
			open.text = append(open.text, line)
		case open != nil:
			all = append(all, *open)
			next = block{after: next.after}
			if open.lang == "sh" || open.run != "" {
				next.after = open.line
			}
			open = nil
		case m != nil:
			next.line, next.lang = i+1, m[1]
			opened := next
			open = &opened
		case saved != nil:
			next.file, next.run = saved[1], saved[2]
		}
	}
	return all
}

// compile makes one shell script of the blocks in which every line has the
// number that it has on the page.
func compile(blocks []block) string {
	var script []string
	put := func(line int, text string) {
		for len(script) < line {
			script = append(script, "")
		}
		script[line-1] = text
	}
	for _, b := range blocks {
		end := b.line + 1 + len(b.text)
		switch {
		case b.file != "":
			put(b.line, "cat > '"+b.file+"' <<'END-OF-FILE'")
			put(end, "END-OF-FILE")
			if program, _, _ := strings.Cut(b.run, " "); program != "" {
				put(end+1, fmt.Sprintf("if command -v %s >/dev/null; then %s; %s; fi", program, b.mark(), b.run))
			}
		case b.lang == "sh":
			put(b.line, b.mark())
		default:
			continue
		}
		for i, line := range b.text {
			if b.file != "" || !strings.HasPrefix(line, "make ") {
				put(b.line+1+i, line)
			}
		}
	}
	put(1, `trap 'echo "(line $LINENO)"' ERR`)
	return strings.Join(script, "\n") + "\n"
}

// mark is a command that tells where the block's output begins.
func (b block) mark() string { return fmt.Sprintf("printf '\\036%%d\\n' %d", b.line) }

// shows reports whether the block is what was printed.
func (b block) shows(printed string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(squeeze(strings.Join(b.text, ""))), "…", ".*?")
	return regexp.MustCompile("^" + pattern + "$").MatchString(squeeze(printed))
}

// printed is what each block printed, by its line.
type printed map[int]string

func outputs(out string) printed {
	all := printed{}
	for part := range strings.SplitSeq(out, "\x1e") {
		head, said, _ := strings.Cut(part, "\n")
		var line int
		if _, err := fmt.Sscan(head, &line); err == nil {
			all[line] = said
		}
	}
	return all
}

func (p printed) last() (line int) {
	for l := range p {
		line = max(line, l)
	}
	return line
}

// squeeze removes white space, so that a page may break long lines.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// demo builds the program, starts the demo nation, and returns what a reader
// has in the terminal by then.
func demo(t *testing.T) []string {
	t.Helper()
	regions, err := filepath.Abs("../node_modules/idn-area-data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(regions); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("the demo's region data is missing; run npm ci")
	}
	bin := t.TempDir()
	program, err := testkit.Build(bin)
	if err != nil {
		t.Fatal(err)
	}
	ready := start(t, program, "demo", "-o", "json", "--data", t.TempDir(), "--region-data", regions, "--gateway", "127.0.0.1:0", "--control", "127.0.0.1:0")
	return append(os.Environ(),
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"SIMPUL_LANG=id", "SIMPUL_REGION_DATA="+regions, "NO_PROXY=localhost,127.0.0.1", "no_proxy=localhost,127.0.0.1",
		"GATEWAY="+ready["gateway"], "CONTROL="+ready["control"], "DATA="+ready["data"],
		"KEY="+ready["api_key"], "TOKEN="+ready["admin_token"],
		"SIMPUL_SERVER="+ready["control"], "SIMPUL_TOKEN="+ready["admin_token"])
}

// start runs the program until the test ends and returns its ready line.
func start(t *testing.T, program string, args ...string) map[string]string {
	t.Helper()
	process := exec.Command(program, args...)
	process.Stderr = t.Output()
	stdout, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		process.Process.Signal(syscall.SIGTERM)
		if err := process.Wait(); err != nil {
			t.Errorf("the demo did not end well: %v", err)
		}
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatalf("no ready line: %v", err)
	}
	var values map[string]any
	if err := json.Unmarshal(line, &values); err != nil {
		t.Fatalf("ready line %q: %v", line, err)
	}
	ready := map[string]string{}
	for name, value := range values {
		ready[name] = fmt.Sprint(value)
	}
	return ready
}

// A page that prints something else must not pass.
func TestTheRunnerRefuses(t *testing.T) {
	page := strings.Join([]string{
		"Judul", "", "```sh", "make demo", "echo a", "```", "```console", "a", "```",
		"Simpan sebagai `x.py`, jalankan dengan `python3 x.py`:", "```python", "print(1)", "```", "", "```console", "1", "```",
	}, "\n")
	blocks := blocksOf(page)
	want := []string{
		`trap 'echo "(line $LINENO)"' ERR`, "", `printf '\036%d\n' 3`, "", "echo a", "", "", "", "", "",
		"cat > 'x.py' <<'END-OF-FILE'", "print(1)", "END-OF-FILE",
		`if command -v python3 >/dev/null; then printf '\036%d\n' 11; python3 x.py; fi`, "",
	}
	if got := compile(blocks); got != strings.Join(want, "\n") {
		t.Errorf("compiled:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
	if len(blocks) != 4 || blocks[1].after != 3 || blocks[3].after != 11 {
		t.Errorf("blocks: %+v", blocks)
	}
	for _, c := range []struct {
		shown, printed string
		fits           bool
	}{
		{`{"a": …, "c": 3}`, "{\"a\":1,\"b\":2,\"c\":3}\n", true},
		{"HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", true},
		{"HTTP/1.1 200 OK", "HTTP/1.1 403 Forbidden\r\n", false},
		{"satu", "satu\ndua\n", false},
		{"satu\n…", "satu\ndua\n", true},
	} {
		if (block{text: []string{c.shown}}).shows(c.printed) != c.fits {
			t.Errorf("%q shows %q: want %v", c.shown, c.printed, c.fits)
		}
	}
}

// read returns a document, by its path from the project's root.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestEverySettingIsListed holds the operator's page to the configuration.
func TestEverySettingIsListed(t *testing.T) {
	page := read(t, "docs/guide/menjalankan-hub.md")
	var walk func(v reflect.Value, key, variable string)
	walk = func(v reflect.Value, key, variable string) {
		for i := range v.NumField() {
			field := v.Type().Field(i)
			key := key + field.Tag.Get("yaml")
			if prefix := field.Tag.Get("envPrefix"); prefix != "" {
				walk(v.Field(i), key+".", variable+prefix)
				continue
			}
			row := fmt.Sprintf("| `%s` | `%s%s` | %s |", key, variable, field.Tag.Get("env"), shown(v.Field(i)))
			if !strings.Contains(page, row) {
				t.Errorf("menjalankan-hub.md lacks the row %s", row)
			}
		}
	}
	walk(reflect.ValueOf(config.Default()), "", "SIMPUL_")
}

// shown writes a default as the page does.
func shown(v reflect.Value) string {
	value := strings.Trim(strings.ReplaceAll(fmt.Sprint(v.Interface()), " ", ","), "[]")
	if value == "" || v.Kind() == reflect.String && v.Len() == 0 { // a secret prints as dots
		return "–"
	}
	return "`" + value + "`"
}

// TestEveryCodeIsExplained holds the consumer's page to the codes of error.go.
func TestEveryCodeIsExplained(t *testing.T) {
	page := read(t, "docs/guide/memanggil-lid.md")
	codes := regexp.MustCompile(`Code = "([a-z_]+)"`).FindAllStringSubmatch(read(t, "error.go"), -1)
	if len(codes) < 10 {
		t.Fatalf("only %d codes found", len(codes))
	}
	for _, code := range codes {
		if !strings.Contains(page, "| `"+code[1]+"` |") {
			t.Errorf("memanggil-lid.md does not explain %s", code[1])
		}
	}
}

// TestEveryDependencyHasALine compares docs/dependencies.md with what is
// required, in both directions.
func TestEveryDependencyHasALine(t *testing.T) {
	needed, known := directDependencies(t), read(t, "go.mod")+read(t, "package.json")+read(t, "scripts/install-tools")+read(t, "Makefile")
	var listed []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(read(t, "docs/dependencies.md"), -1) {
		listed = append(listed, m[1])
	}
	for _, name := range needed {
		if !slices.Contains(listed, name) {
			t.Errorf("docs/dependencies.md has no line for %s", name)
		}
	}
	for _, name := range listed {
		if !strings.Contains(known, name) {
			t.Errorf("docs/dependencies.md lists %s, which nothing requires any more", name)
		}
	}
}

func directDependencies(t *testing.T) (names []string) {
	t.Helper()
	for line := range strings.SplitSeq(read(t, "go.mod"), "\n") {
		if m := regexp.MustCompile(`^(?:require |\t)(\S+\.\S+/?\S*) v\S+$`).FindStringSubmatch(line); m != nil {
			names = append(names, m[1])
		}
	}
	var npm struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, "package.json")), &npm); err != nil {
		t.Fatal(err)
	}
	for _, group := range []map[string]string{npm.Dependencies, npm.DevDependencies} {
		for name := range group {
			names = append(names, name)
		}
	}
	for _, m := range regexp.MustCompile(`packages=\(([^)]*)\)`).FindAllStringSubmatch(read(t, "scripts/install-tools"), -1) {
		names = append(names, strings.Fields(m[1])...)
	}
	if len(names) < 20 {
		t.Fatalf("only %q found", names)
	}
	return names
}

// TestNothingPointsNowhere follows the links and the paths that documents name.
func TestNothingPointsNowhere(t *testing.T) {
	pages, err := filepath.Glob("guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link, path := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`), regexp.MustCompile("`((?:internal|cmd|docs|scripts|web)/[a-zA-Z0-9_./-]*[a-z/])`")
	for _, page := range append(pages, "dependencies.md", "../GLOSSARY.md", "../CONTRIBUTING.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", page, m[1])
			}
		}
		for _, m := range path.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
	index := read(t, "docs/guide/README.md")
	for _, page := range pages {
		if name := filepath.Base(page); name != "README.md" && !strings.Contains(index, "("+name+")") {
			t.Errorf("the guide's index does not lead to %s", name)
		}
	}
}
