package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The public status of a LID tells that its origin is held back, though nobody
// asks the origin how it is.
func TestThePublicStatusTellsOfAnOriginThatIsHeldBack(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	key := api.settle(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	api.offer(t, "Mati", gone.URL, nil, nil)
	api.offer(t, "Hidup", answering(t, `{"items":[]}`), nil, nil)
	gone.Close()
	for range 3 {
		if got := call(t, api.client, at.Gateway+"/uji/Mati", key); got.status < 500 {
			t.Fatalf("%d %s", got.status, got.text)
		}
	}
	call(t, api.client, at.Gateway+"/uji/Hidup", key)
	for lid, want := range map[string]string{"Mati": `"origin":"failing"`, "Hidup": `"origin":"unknown"`} {
		if got := api.must(t, http.StatusOK, http.MethodGet, "/lids/uji/"+lid+"/status", nil).text; !strings.Contains(got, want) {
			t.Errorf("%s: %s", lid, got)
		}
	}
}
