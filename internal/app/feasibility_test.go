package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
)

// The hub proves itself to an origin from the moment at which a credential is
// set, to that origin alone, and a consumer cannot speak in its place.
func TestTheHubProvesItselfToOrigins(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		var mu sync.Mutex
		heard := ""
		hears := func() string {
			mu.Lock()
			defer mu.Unlock()
			return heard
		}
		origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			heard = r.Header.Get("Authorization") + "|" + r.Header.Get("X-Kunci-Hub")
			mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"items":[]}`)
		}))
		defer origin.Close()

		hub := open(t, c)
		token, err := hub.Identity.CreateToken(t.Context(), simpul.RoleOperator, "")
		if err != nil {
			t.Fatal(err)
		}
		at := run(t, hub)
		n := &control{url: at.Control + "/api/v1", token: token, client: newClient(t)}
		n.put(t, "Agency", ownAgency, agencySpec("Sendiri"))
		n.put(t, "Application", ownApp, applicationSpec("Aplikasi"))
		n.put(t, "LID", "sendiri/Terbit", lidSpec(ownAgency, origin.URL))
		n.put(t, "Grant", "sendiri-izin", grantSpec("sendiri/Terbit", ownApp))
		key := n.key(t, ownApp)
		visit := func() string {
			t.Helper()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.Gateway+"/sendiri/Terbit", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+key)
			r.Header.Set("X-Kunci-Hub", "saya-ini-hub")
			if got, err := do(n.client, r); err != nil || got.status != 200 {
				t.Fatalf("%+v %v", got, err)
			}
			return hears()
		}
		path := itemPath("LID", "sendiri/Terbit") + "/origin-credential"

		if got := visit(); got != "|saya-ini-hub" {
			t.Errorf("without a credential: %q", got)
		}
		n.must(t, 200, http.MethodPut, path, object{"value": "Bearer rahasia-satu"})
		if got := visit(); got != "Bearer rahasia-satu|saya-ini-hub" {
			t.Errorf("first: %q", got)
		}
		n.must(t, 200, http.MethodPut, path, object{"header": "x-kunci-hub", "value": "rahasia-dua"})
		if got := visit(); got != "|rahasia-dua" {
			t.Errorf("rotated, under another name: %q", got)
		}
		moved := httptest.NewServer(origin.Config.Handler)
		defer moved.Close()
		n.put(t, "LID", "sendiri/Terbit", lidSpec(ownAgency, moved.URL))
		if got := visit(); got != "|" {
			t.Errorf("another origin gets %q", got)
		}
		n.must(t, 204, http.MethodDelete, path, nil)
		if got := visit(); got != "|saya-ini-hub" {
			t.Errorf("after its end: %q", got)
		}
	})
}
