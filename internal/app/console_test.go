package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
)

// Somebody tries a LID by hand: the call is one as any other, and is recorded as
// theirs.
func TestACallByHand(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		hub := open(t, c)
		mint := func(role simpul.Role, agency simpul.AgencyID) simpul.Secret {
			token, err := hub.Identity.CreateToken(t.Context(), role, agency)
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		at := run(t, hub)
		api := &control{url: at.Control + "/api/v1", token: mint(simpul.RoleOperator, ""), client: newClient(t)}
		upstream := answering(t, `{"items":[{"kode":"1"}]}`)
		api.settle(t)
		api.offer(t, "Data", upstream, nil, nil)
		browser := signedIn(t, at.Control, mint(simpul.RoleConsumer, consumerAgency))
		path := at.Control + "/catalog/uji/Data/coba"

		page := browser.get(t, path)
		for _, want := range []string{consumerApp, "SIMPUL_API_KEY", "Panggil sekarang"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
		page = browser.post(t, path, url.Values{"act": {"call"}, "application": {consumerApp}})
		id := regexp.MustCompile(`/exchanges?/([0-9a-f-]{36})|/pertukaran/([0-9a-f-]{36})`).FindStringSubmatch(page)
		if id == nil || !strings.Contains(page, "200 OK") {
			t.Fatalf("no answer is shown:\n%s", page)
		}
		api.record(t, id[1]+id[2])
		recorded := decode[struct{ Spec object }](t, api.must(t, http.StatusOK, http.MethodGet, "/exchanges/"+id[1]+id[2], nil))
		if recorded.Spec["application"] != consumerApp || recorded.Spec["grant"] != "uji-data" {
			t.Errorf("recorded as %v", recorded)
		}
		if !journalHolds(t, c.Data, `"credential":"console:`) {
			t.Error("the journal does not tell by whose hand it was")
		}

		// Somebody of another agency has no such application.
		other := signedIn(t, at.Control, mint(simpul.RoleConsumer, providerAgency))
		if page := other.post(t, path, url.Values{"act": {"call"}, "application": {consumerApp}}); strings.Contains(page, "200 OK") || !strings.Contains(page, "belum punya aplikasi") {
			t.Errorf("another agency's application calls:\n%s", page)
		}
		// An agency that is suspended is refused at once, as on every other way.
		spec := agencySpec("Pemakai")
		spec["suspended"] = true
		api.put(t, "Agency", consumerAgency, spec)
		if page := browser.post(t, path, url.Values{"act": {"call"}, "application": {consumerApp}}); !strings.Contains(page, "dibekukan") || strings.Contains(page, "200 OK") {
			t.Errorf("a suspended agency calls:\n%s", page)
		}
	})
}

func journalHolds(t *testing.T, data, text string) bool {
	t.Helper()
	segments, err := filepath.Glob(filepath.Join(data, "evidence", "*.seg"))
	if err != nil || len(segments) == 0 {
		t.Fatal(segments, err)
	}
	for _, file := range segments {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}

// The programs that the hub writes work against the hub.
func TestProgramsCallTheHub(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[{"kode":"1"}]}`), nil, nil)
	for language, command := range map[string][]string{"curl": {"sh"}, "go": {"go", "run"}, "python": {"python3"}, "php": {"php"}, "java": {"java"}, "javascript": {"node"}} {
		t.Run(language, func(t *testing.T) {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Skipf("%s is not installed here; its program is not run", command[0])
			}
			written := decode[struct{ File, Text string }](t, api.must(t, http.StatusOK, http.MethodGet, "/lids/uji/Data/snippets?language="+language, nil))
			if !strings.Contains(written.Text, at.Gateway) || strings.Contains(written.Text, "spk_") {
				t.Fatal(written.Text)
			}
			file := filepath.Join(t.TempDir(), written.File)
			if err := os.WriteFile(file, []byte(written.Text), 0o600); err != nil {
				t.Fatal(err)
			}
			for given, want := range map[string]string{key: `{"items":[{"kode":"1"}]}`, "spk_salah": "401"} {
				run := exec.CommandContext(t.Context(), command[0], append(command[1:], file)...)
				run.Env = append(os.Environ(), "SIMPUL_API_KEY="+given, "GO111MODULE=off")
				out, err := run.CombinedOutput()
				if (err == nil) != (given == key) || !strings.Contains(string(out), want) {
					t.Errorf("with %.7s…: %v\n%s", given, err, out)
				}
			}
		})
	}
}

// browser is somebody at the screens.
type browser struct{ client *http.Client }

func signedIn(t *testing.T, control string, token simpul.Secret) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	b := &browser{&http.Client{Jar: jar, Transport: transport, Timeout: patience}}
	b.post(t, control+"/masuk", url.Values{"token": {token.Reveal()}})
	return b
}

func (b *browser) get(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := do(b.client, r)
	if err != nil {
		t.Fatal(err)
	}
	return got.text
}

func (b *browser) post(t *testing.T, address string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := do(b.client, r)
	if err != nil {
		t.Fatal(err)
	}
	return got.text
}
