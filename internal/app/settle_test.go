package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/testkit"
)

// databases runs the test with the settings of a hub on each engine.
func databases(t *testing.T, test func(t *testing.T, c config.Config)) {
	t.Run("sqlite", func(t *testing.T) { test(t, settings(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) {
		c := settings(t, t.TempDir())
		c.Database.URL = testkit.PostgresURL(t)
		test(t, c)
	})
}

// answering is a provider that always answers so.
func answering(t *testing.T, body string) (upstream string) {
	t.Helper()
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}))
	t.Cleanup(provider.Close)
	return provider.URL
}

// Who is told "stored" finds it so at the gateway, with the very next call.
func TestWritersReadTheirOwnWrites(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		upstream := answering(t, `{"items":[{"kode":"1","nama":"satu"}]}`)
		key := api.settle(t)
		for range 20 {
			api.offer(t, "Data", upstream, nil, nil)
			visit := func(status int, body string) {
				t.Helper()
				got := call(t, api.client, at.Gateway+"/uji/Data", key)
				if got.status != status || body != "" && got.text != body {
					t.Fatalf("%d %s, want %d %s", got.status, got.text, status, body)
				}
			}
			visit(200, `{"items":[{"kode":"1","nama":"satu"}]}`)

			grant := grantSpec("uji/Data", consumerApp)
			grant["fields"] = []string{"items.kode"}
			api.put(t, "Grant", "uji-data", grant)
			visit(200, `{"items":[{"kode":"1"}]}`)

			grant["suspended"] = true
			api.put(t, "Grant", "uji-data", grant)
			visit(403, "")

			api.must(t, 204, http.MethodDelete, "/grants/uji-data", nil)
			visit(403, "")

			api.must(t, 204, http.MethodDelete, "/lids/uji/Data", nil)
			visit(404, "")

			api.put(t, "Agency", consumerAgency, object{"name": "Pemakai", "level": "nasional", "suspended": true})
			visit(403, "")
			api.put(t, "Agency", consumerAgency, agencySpec("Pemakai"))

			keys := decode[struct{ Items []struct{ ID string } }](t, api.must(t, 200, http.MethodGet, "/applications/"+consumerApp+"/keys", nil))
			api.must(t, 204, http.MethodDelete, "/applications/"+consumerApp+"/keys/"+keys.Items[0].ID, nil)
			visit(401, "")
			key = api.key(t, consumerApp)
			visit(404, "")
		}
	})
}

// begin serves a hub in this process, for its operator.
func begin(t *testing.T, c config.Config) (app.Ready, *control) {
	t.Helper()
	hub := open(t, c)
	token, err := hub.Identity.CreateToken(t.Context(), "operator", "")
	if err != nil {
		t.Fatal(err)
	}
	at := run(t, hub)
	return at, &control{url: at.Control + "/api/v1", token: token, client: newClient(t)}
}
