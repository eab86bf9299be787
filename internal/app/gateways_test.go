package app_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/internal/platform/testkit"
)

// Two gateways on one database keep a journal and a log each. Either publishes the
// keys of both, proves what passed it, and says of the other's exchanges who proves
// them.
func TestEachGatewayProvesWhatPassedIt(t *testing.T) {
	c := settings(t, t.TempDir())
	c.Database.URL = testkit.PostgresURL(t)
	other := c
	other.Data = t.TempDir() // the key file is shared, as the database is
	at, api := begin(t, c)
	beside, second := begin(t, other)
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)

	id := call(t, api.client, at.Gateway+"/uji/Data", key).header.Get("Exchange-Id")
	eventually(t, "the proof of "+id, func() bool {
		got, err := api.send(t.Context(), http.MethodGet, "/exchanges/"+id+"/proof", nil)
		return err == nil && got.status == http.StatusOK
	})
	eventually(t, "the other gateway says who proves "+id, func() bool {
		got, err := second.send(t.Context(), http.MethodGet, "/exchanges/"+id+"/proof", nil)
		return err == nil && got.status == http.StatusServiceUnavailable && strings.Contains(got.text, "remedy")
	})
	for _, control := range []string{at.Control, beside.Control} {
		if got := call(t, api.client, control+"/.well-known/simpul-keys", ""); got.status != http.StatusOK || strings.Count(got.text, "log ") != 2 {
			t.Errorf("%s publishes %d: %s", control, got.status, got.text)
		}
	}
}
