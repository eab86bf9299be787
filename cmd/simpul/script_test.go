package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"simpul/internal/platform/testkit"
)

// TestScripts runs the stories of testdata/script, one for each thing that a
// person wants to do, with the program itself. Beside testscript's own words a
// story has:
//
//	exits STATUS PROGRAM [ARG…]   runs a program and checks its exit status exactly
//	hub ARG…                      starts `simpul ARG… -o json`, waits until it is ready, prints its ready
//	                              line, and sets $HUB_PID, $GATEWAY, $SIMPUL_SERVER, $CONTROL_ADDR, $DATA
//	                              and, of a demo, $SIMPUL_TOKEN and $KEY; it is stopped by SIGTERM at
//	                              `halt`, or when the story ends. What it says is in hub.log; of the
//	                              environment it gets the settings in hubSettings
//	halt                          stops the hub and checks that it ended well; the word stop is testscript's
//	                              own, and would end the story there
//	provider                      starts an agency's service and sets $PROVIDER to its address
//	fill FILE                     writes $PROVIDER in place of the word PROVIDER
//	capture VARIABLE              sets the variable to the first word that the last command printed
//	http METHOD URL [form=BODY] [HEADER…]  calls, and prints status, headers and body
//	basic VARIABLE USER SECRET    sets the variable to the credentials of HTTP Basic
//	member VARIABLE NAME          sets the variable to a string member of the JSON that was printed
//	header VARIABLE NAME          sets it to a header field that http printed
func TestScripts(t *testing.T) {
	programs := t.TempDir()
	if _, err := testkit.Build(programs); err != nil {
		t.Fatal(err)
	}
	regions, err := filepath.Abs("../../node_modules/idn-area-data")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(regions); err != nil && os.Getenv("CI") != "" {
		t.Fatalf("the demo's region data is missing: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", programs+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("SIMPUL_REGION_DATA", regions)
			env.Setenv("SIMPUL_DRAIN_DELAY", "0s") // nobody looks elsewhere meanwhile
			return nil
		},
		Condition: func(name string) (bool, error) {
			_, err := os.Stat(regions)
			return name == "regions" && err == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "http": call, "hub": startHub, "halt": stopHub, "provider": startProvider, "fill": fill, "until": until, "capture": capture, "basic": basic, "member": member, "header": header,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARG…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s: exit %d, want %d", args[1], got, want)
	}
}

// running is the hub of one story.
type running struct {
	cmd     *exec.Cmd
	stopped bool
}

// hubs are those of the stories that run at the moment, by their folder.
var hubs registry

type registry struct{ byFolder sync.Map }

func (r *registry) put(folder string, h *running) { r.byFolder.Store(folder, h) }

func (r *registry) get(folder string) *running {
	h, ok := r.byFolder.Load(folder)
	if !ok {
		return &running{stopped: true}
	}
	return h.(*running)
}

// hubSettings are the variables of a story that its hub gets too.
const hubSettings = "SIMPUL_REGION_DATA SIMPUL_DATA SIMPUL_ROLES SIMPUL_GATEWAY_ADDR SIMPUL_CONTROL_ADDR SIMPUL_DRAIN_DELAY SIMPUL_LOG_LEVEL SIMPUL_DUTY_TOKENS"

func startHub(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: hub serve|demo [ARG…]")
	}
	folder, _, _ := strings.Cut(ts.Getenv("PATH"), string(os.PathListSeparator))
	program := filepath.Join(folder, "simpul")
	h := &running{cmd: exec.Command(program, append(args, "-o", "json")...)}
	h.cmd.Dir = ts.Getenv("WORK")
	for _, name := range strings.Fields("PATH HOME TMPDIR " + hubSettings) {
		if value := ts.Getenv(name); value != "" {
			h.cmd.Env = append(h.cmd.Env, name+"="+value)
		}
	}
	log, err := os.Create(filepath.Join(h.cmd.Dir, "hub.log"))
	ts.Check(err)
	defer log.Close()
	h.cmd.Stderr = log
	out, err := h.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(h.cmd.Start())
	ts.Defer(func() { h.stop() })
	ts.Setenv("HUB_PID", strconv.Itoa(h.cmd.Process.Pid))

	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		ts.Fatalf("the hub ended before it was ready: %v\n%s", err, ts.ReadFile(log.Name()))
	}
	ts.Stdout().Write(line)
	var ready readyLine
	ts.Check(json.Unmarshal(line, &ready))
	for name, value := range map[string]string{
		"GATEWAY": ready.Gateway, "SIMPUL_SERVER": ready.Control, "CONTROL_ADDR": strings.TrimPrefix(ready.Control, "http://"), "DATA": ready.Data,
	} {
		ts.Setenv(name, value)
	}
	if ready.AdminToken != "" {
		ts.Setenv("SIMPUL_TOKEN", ready.AdminToken)
		ts.Setenv("KEY", ready.APIKey)
	}
	hubs.put(ts.Getenv("WORK"), h)
}

func (h *running) stop() error {
	if h.stopped {
		return nil
	}
	h.stopped = true
	h.cmd.Process.Signal(syscall.SIGTERM)
	return h.cmd.Wait()
}

func stopHub(ts *testscript.TestScript, neg bool, _ []string) {
	if err := hubs.get(ts.Getenv("WORK")).stop(); (err != nil) != neg {
		ts.Fatalf("the hub ended with: %v", err)
	}
}

// startProvider serves what an agency would: two rows, and one by its code.
func startProvider(ts *testscript.TestScript, _ bool, _ []string) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /gizi", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"items":[{"kode":"1","nama":"Posyandu Mawar","telepon":"022-111"},{"kode":"2","nama":"Posyandu Melati","telepon":"022-222"}]}`)
	})
	mux.HandleFunc("GET /cadangan/gizi", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"items":[]}`) })
	mux.HandleFunc("GET /rusak/gizi", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "rusak", http.StatusInternalServerError) })
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Setenv("PROVIDER", server.URL)
}

func capture(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: capture VARIABLE")
	}
	words := strings.Fields(ts.ReadFile("stdout"))
	if len(words) == 0 {
		ts.Fatalf("the last command printed nothing")
	}
	ts.Setenv(args[0], words[0])
}

// until writes a day so many days ahead for UNTIL in a file: until DAYS FILE.
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: until DAYS FILE")
	}
	days, err := strconv.Atoi(args[0])
	ts.Check(err)
	day := time.Now().AddDate(0, 0, days).UTC().Format("2006-01-02T00:00:00Z")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.ReplaceAll(ts.ReadFile(args[1]), "UNTIL", day)), 0o644))
}

func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fill FILE")
	}
	file := ts.MkAbs(args[0])
	text := strings.ReplaceAll(ts.ReadFile(file), "PROVIDER", ts.Getenv("PROVIDER"))
	ts.Check(os.WriteFile(file, []byte(text), 0o600))
}

func basic(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: basic VARIABLE USER SECRET")
	}
	pair := url.QueryEscape(args[1]) + ":" + url.QueryEscape(args[2]) // RFC 6749 section 2.3.1
	ts.Setenv(args[0], base64.StdEncoding.EncodeToString([]byte(pair)))
}

func member(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: member VARIABLE NAME")
	}
	found := regexp.MustCompile(`"` + regexp.QuoteMeta(args[1]) + `":"([^"]*)"`).FindStringSubmatch(ts.ReadFile("stdout"))
	if found == nil {
		ts.Fatalf("no member %s was printed", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// header keeps a header field that http has printed: header VARIABLE NAME.
func header(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: header VARIABLE NAME")
	}
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(args[1]) + `: (.*)$`).FindStringSubmatch(ts.ReadFile("stdout"))
	if found == nil {
		ts.Fatalf("no header %s was printed", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func call(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: http METHOD URL [form=BODY] [HEADER…]")
	}
	var body io.Reader
	headers := args[2:]
	if len(headers) > 0 {
		if form, ok := strings.CutPrefix(headers[0], "form="); ok {
			body, headers = strings.NewReader(form), append(headers[1:], "Content-Type: application/x-www-form-urlencoded")
		}
	}
	r, err := http.NewRequest(args[0], args[1], body)
	ts.Check(err)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ":")
		r.Header.Add(name, strings.TrimSpace(value))
	}
	res, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer res.Body.Close()
	out := ts.Stdout()
	fmt.Fprintln(out, res.Status)
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		fmt.Fprintf(out, "%s: %s\n", name, strings.Join(res.Header[name], ", "))
	}
	fmt.Fprintln(out)
	_, err = io.Copy(out, res.Body)
	ts.Check(err)
	fmt.Fprintln(out)
}
