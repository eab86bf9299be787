package demo

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
)

// A second start finds everything there, keeps what visitors changed, and works.
func TestSecondStartKeepsWhatIsThere(t *testing.T) {
	c := demoSettings(t, t.TempDir())
	first, leave := settle(t, c)
	credentials := first.Credentials
	t.Logf("the first start registered for %v", first.Provisioned)
	change(t, first)
	before := world(t, first)
	leave()

	second, _ := settle(t, c)
	t.Logf("the second start registered for %v", second.Provisioned)
	if second.Credentials != credentials {
		t.Error("the second start has other credentials")
	}
	if diff := cmp.Diff(before, world(t, second)); diff != "" {
		t.Errorf("the second start changed what was there:\n%s", diff)
	}
	at, stop := serve(t, second)
	defer stop()
	if x, err := second.Once(t.Context(), at.Gateway); err != nil || x.Evidence != "valid" {
		t.Errorf("%+v, %v", x, err)
	}
}

// change does what a visitor may change.
func change(t *testing.T, n *Nation) {
	t.Helper()
	ctx, hub, p := t.Context(), n.Hub, operator()
	_, err := hub.Agencies.Put(ctx, p, "bps.go.id", agency.Spec{Name: "BPS", Level: agency.Nasional}, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = hub.Applications.Put(ctx, p, string(AidApplication), agency.ApplicationSpec{Name: "Bansos"}, false); err != nil {
		t.Fatal(err)
	}
	if _, err = hub.Grants.Put(ctx, p, "bandung-provinsi", grant.Spec{LID: "master/Provinsi", Application: BandungApplication,
		Purpose: "Diubah pengunjung", LegalBasis: "UU", Fields: []string{"items.kode"}, Suspended: true}, false); err != nil {
		t.Fatal(err)
	}
	state := func(address simpul.Address, to catalog.State) {
		l, err := hub.LIDs.Get(ctx, p, string(address))
		if err != nil {
			t.Fatal(err)
		}
		l.Spec.State, l.Spec.Title = to, "Diubah pengunjung"
		if _, err := hub.LIDs.Put(ctx, p, string(address), l.Spec, false); err != nil {
			t.Fatal(err)
		}
	}
	state("master/Provinsi", catalog.Published)
	state("master/Kecamatan", catalog.Draft)
	state("master/Desa", catalog.Retired)
}

// world is what is registered, without what a start must change: where the
// provider is, and when that was stored.
func world(t *testing.T, n *Nation) map[string]any {
	t.Helper()
	ctx, p, page := t.Context(), operator(), httpapi.Page{Limit: 10_000}
	agencies, err := n.Hub.Agencies.List(ctx, p, page)
	if err != nil {
		t.Fatal(err)
	}
	applications, err := n.Hub.Applications.List(ctx, p, page)
	if err != nil {
		t.Fatal(err)
	}
	grants, err := n.Hub.Grants.List(ctx, p, page)
	if err != nil {
		t.Fatal(err)
	}
	lids, err := n.Hub.LIDs.List(ctx, p, page)
	if err != nil {
		t.Fatal(err)
	}
	for i := range lids {
		lids[i].Spec.Upstream, lids[i].Times = "", httpapi.Times{}
	}
	return map[string]any{"agencies": agencies, "applications": applications, "grants": grants, "lids": lids}
}

// send makes a request and returns the whole answer.
func send(t *testing.T, r *http.Request) (status int, text string) {
	t.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode, readAll(t, res.Body)
}
