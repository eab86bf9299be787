package demo

import (
	"io"
	"net/http/httptest"
	"testing"

	"simpul/internal/exchange/mediation/reshape"
)

// What the older application answers is, once changed, what the contract's example
// application answers; problems stay as they are.
func TestOlderVillagesBecomeWhatTheContractSays(t *testing.T) {
	plain := smallProvider(t)
	older := olderVillages(plain)
	changes, err := reshape.Compile(villageChanges(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/desa?limit=3", "/desa/32.04.05.2001", "/desa/", "/kota?limit=2", "/desa/99.99.99.9999"} {
		want, got := httptest.NewRecorder(), httptest.NewRecorder()
		plain.ServeHTTP(want, httptest.NewRequest("GET", path, nil))
		older.ServeHTTP(got, httptest.NewRequest("GET", path, nil))
		if same := got.Body.String() == want.Body.String(); same != (path[:5] == "/kota" || got.Code != 200) {
			t.Errorf("%s: the same: %v", path, same)
		}
		if got.Code != 200 || path[:5] == "/kota" {
			continue
		}
		changed, err := io.ReadAll(changes.Open(got.Result(), ProviderAgency))
		if err != nil || string(changed)+"\n" != want.Body.String() {
			t.Errorf("%s: %v\n got %s\nwant %s", path, err, changed, want.Body)
		}
	}
}
