package app_test

import (
	"net/http"
	"testing"
)

func issuerSpec(issuer string) object {
	return object{"name": "SSO", "issuer": issuer, "audience": "https://gerbang.example.go.id", "algorithms": []string{"ES256"}, "keys": object{"discovery": true}}
}

// A program that was written for the former hub goes on to send its key as it
// does, to the LIDs whose provider allows it.
func TestTheFormerHubsHeader(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	upstream := answering(t, `{"ok":true}`)
	key := api.settle(t)
	api.offer(t, "Lama", upstream, object{"delivery": object{"legacyHeader": true}}, nil)
	api.offer(t, "Baru", upstream, nil, nil)
	for what, c := range map[string]struct {
		path, value string
		want        int
	}{
		"with Bearer": {"/uji/Lama", "Bearer " + key, 200},
		"bare":        {"/uji/Lama", key, 200},
		"another key": {"/uji/Lama", "Bearer spk_salah", 401},
		"another LID": {"/uji/Baru", "Bearer " + key, 401},
		"no LID":      {"/uji/Tidak", "Bearer " + key, 401},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.Gateway+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("AuthorizationSPLP", c.value)
		got, err := do(api.client, r)
		if err != nil || got.status != c.want {
			t.Errorf("%s: %d %s %v, want %d", what, got.status, got.text, err, c.want)
		}
	}
}
