package signin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/signin"
)

// TestBrowser lets Chromium, with an authenticator that is simulated, come in by
// invitation, sign out and in again; and does the same without JavaScript. It
// looks at every screen with axe. SIMPUL_SCREENSHOTS keeps pictures.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	for _, needed := range []string{"/usr/bin/chromium", "../../../node_modules/playwright-core", "../../../node_modules/axe-core"} {
		if _, err := os.Stat(needed); err != nil {
			t.Skipf("%s is not installed", needed)
		}
	}
	w := quickWorld(t)
	w.at = time.Now()
	withAgencies(t, w)
	server := w.serve(t)
	codes := map[string]string{
		"passkey":  w.invite(siti, false).Reveal(),
		"password": w.invite(budi, false).Reveal(),
		"look":     w.invite("rina@bandungkota.go.id", false).Reveal(),
	}
	invitations, err := json.Marshal(codes)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/browser.mjs", server, os.Getenv("SIMPUL_SCREENSHOTS"))
	node.Env = append(os.Environ(), "INVITATIONS="+string(invitations))
	if out, err := node.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// serve puts the world on a port of this machine, under the name that passkeys
// need, and returns its address.
func (w *world) serve(t *testing.T) string {
	t.Helper()
	w.mux.HandleFunc("GET /{$}", func(out http.ResponseWriter, r *http.Request) {
		visitor, _ := signin.Visitor(r.Context())
		fmt.Fprintf(out, "<!DOCTYPE html><title>x</title><p id=who>%s</p>", visitor.ID)
	})
	w.mux.HandleFunc("GET /menit", func(http.ResponseWriter, *http.Request) { w.passed.Add(int64(time.Minute)) })
	site := web.Site{
		Nav:    []web.NavItem{{Label: simpul.Text{ID: "Beranda", EN: "Home"}, Href: "/"}},
		SignIn: signin.SignInPath,
		Account: func(ctx context.Context) web.Account {
			visitor, ok := signin.Visitor(ctx)
			if !ok {
				return web.Account{}
			}
			return web.Account{Name: visitor.ID, Href: signin.AccountPath, SignOut: signin.SignOutPath}
		},
	}
	outer := http.NewServeMux()
	outer.Handle("GET /assets/", web.Assets())
	outer.Handle("/", web.Localize(w.pages.Remember(site.Frame(web.Secure(w.mux)))))
	server := httptest.NewServer(outer)
	t.Cleanup(server.Close)
	at := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	if err := w.Announce(at); err != nil {
		t.Fatal(err)
	}
	return at
}
