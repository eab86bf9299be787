package demo

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
)

// A second start finds everything there, keeps what visitors changed, and works;
// so does one whose credentials are lost. Damaged ones are named.
func TestNationStartsAgain(t *testing.T) {
	c := demoSettings(t, t.TempDir(), "")
	first, leave := settle(t, c)
	t.Logf("the first start registered for %v", first.Provisioned)
	change(t, first)
	before := world(t, first)
	leave()

	second, leave := settle(t, c)
	t.Logf("the second start registered for %v", second.Provisioned)
	if second.Credentials != first.Credentials {
		t.Error("the second start has other credentials")
	}
	if diff := cmp.Diff(before, world(t, second)); diff != "" {
		t.Errorf("the second start changed what was there:\n%s", diff)
	}
	works(t, second)
	if state, err := second.Hub.Credentials.State(t.Context(), operator(), string(immunisations)); err != nil || !state.Usable {
		t.Errorf("the health agency's service does not know its hub any more: %+v, %v", state, err)
	}
	leave()

	file := filepath.Join(c.Data, credentialsFile)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	third, leave := settle(t, c)
	if third.Credentials.APIKey == first.Credentials.APIKey || third.Credentials.AdminToken == first.Credentials.AdminToken {
		t.Error("lost credentials came back")
	}
	works(t, third)
	leave()

	if err := os.WriteFile(file, []byte(`{"admin_tok`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), c, "", slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("does not name %s: %v", file, err)
	}
}

// works does one exchange.
func works(t *testing.T, n *Nation) {
	t.Helper()
	at, stop := serve(t, n)
	defer stop()
	if x, err := n.Once(t.Context(), at.Gateway); err != nil || x.Evidence != "valid" {
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
	state("master/Kecamatan", catalog.Published)
	state("master/Desa", catalog.Retired)
	if _, err := hub.LIDs.Put(ctx, p, string(immunisations), catalog.Spec{Agency: HealthAgency, Title: "Imunisasi anak", Description: "Dosis imunisasi.", Class: simpul.Terbatas,
		Version: "1.0.0", State: catalog.Draft, Upstream: n.Health + "/imunisasi", Contract: ImmunisationContract}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := hub.Credentials.Put(ctx, p, string(immunisations), catalog.CredentialWish{Value: n.Secret}); err != nil {
		t.Fatal(err)
	}
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
