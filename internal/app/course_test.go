package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/lifecycle"
)

// way is what happened to a LID, as "step by whom".
func (h *Hub) way(t *testing.T, p simpul.Principal, address simpul.Address) (way []string) {
	t.Helper()
	entries, err := h.Lifecycle.Timeline(t.Context(), p.Scope(), address)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Phase != "coming" {
			way = append(way, strings.TrimSuffix(strings.Join([]string{e.Step.Code, e.Mover, e.Second}, " "), " "))
		}
	}
	return way
}

// waive signs for a LID whose provider does not answer.
func (h *Hub) waive(t *testing.T, p simpul.Principal, address simpul.Address, spec catalog.Spec) {
	t.Helper()
	err := h.EnsureFit(t.Context(), p, catalog.Move{Address: address, Waiver: "Penyedianya tidak ada dalam pengujian ini.", Digest: spec.TestDigest(), Spec: spec})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheCatalogueFollowsTheCourse: what the real catalogue stores is where the
// life cycle lets a LID go.
func TestTheCatalogueFollowsTheCourse(t *testing.T) {
	h, _ := openScreens(t)
	const address = "kesehatan/Imunisasi"
	provider := simpul.Acting("t-penyedia", simpul.RoleProvider, "bandungkota.go.id")
	operator := simpul.Acting("t-operator", simpul.RoleOperator, "")
	spec := catalog.Spec{Agency: "bandungkota.go.id", Title: "Imunisasi", Class: simpul.Terbuka, Version: "1.0", State: catalog.Draft,
		Upstream: "http://10.9.8.7/imunisasi", Contract: []byte(smallContract), LegalBasis: "UU 17/2023", Contact: "data@example.go.id",
		Metadata: catalog.Metadata{PersonalData: &catalog.PersonalData{}}}

	put := func(p simpul.Principal, change func(*catalog.Spec)) error {
		change(&spec)
		_, err := h.LIDs.Put(t.Context(), p, address, spec, false)
		return err
	}
	if err := put(provider, func(*catalog.Spec) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.LIDs.Advance(t.Context(), provider, address, "registering", "siap", false); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("registered untested: %v", err)
	}
	if err := put(provider, func(s *catalog.Spec) { s.Waiver = "Penyedianya tidak ada dalam pengujian ini." }); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("a provider waived its own test: %v", err)
	}
	spec.Waiver = ""
	h.waive(t, operator, address, spec)
	stored, err := h.LIDs.Advance(t.Context(), provider, address, "registering", "siap", false)
	if err != nil || stored.Spec.Step != "registering" || stored.Spec.State != catalog.Draft {
		t.Fatalf("%s, %s, %v", stored.Spec.Step, stored.Spec.State, err)
	}
	if err := put(provider, func(s *catalog.Spec) { s.State = catalog.Published }); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("a provider published alone: %v", err)
	}
	if err := put(operator, func(*catalog.Spec) {}); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("registered without a description: %v", err)
	}
	if err := put(operator, func(s *catalog.Spec) { s.Description = "Cakupan imunisasi anak." }); err != nil {
		t.Fatal(err)
	}
	want := []string{"planned t-penyedia", "developing t-penyedia", "testing t-penyedia", "registering t-penyedia", "publishing t-operator", "monitored t-operator"}
	if got := h.way(t, provider, address); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if err := put(operator, func(s *catalog.Spec) { s.State = catalog.Draft }); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("unpublished against the model: %v", err)
	}
	// A live LID that loses what it was registered by is refused, where its
	// contract or origin changes.
	moved := spec
	moved.Upstream = "http://10.9.8.7/lain"
	h.waive(t, operator, address, moved)
	if err := put(provider, func(s *catalog.Spec) {
		s.State, s.Description, s.Upstream = catalog.Published, "", moved.Upstream
	}); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("changed without its description: %v", err)
	}
	if err := h.LIDs.Delete(t.Context(), provider, address); err != nil {
		t.Fatal(err)
	}
	if all, err := h.Lifecycle.Standings(t.Context(), provider.Scope(), httpapi.Page{Limit: 100}); err != nil || slices.ContainsFunc(all, func(s lifecycle.Standing) bool { return s.Address == address }) {
		t.Errorf("a deleted LID still stands somewhere: %v", err)
	}
}

// TestTwoPeopleAreNamedInTheCourse: a closed LID that an operator publishes waits
// for another, and both stand in its history.
func TestTwoPeopleAreNamedInTheCourse(t *testing.T) {
	h, _ := openScreens(t)
	h.Proposals = duty.New(h.db, sealer{h.vault}, h.Notices, duty.Rules{Tokens: true}, clock.System)
	h.LIDs = catalog.New(h.db, h.Proposals, course{h}, clock.System)
	h.Proposals.Offer(publishing{h.LIDs, h.Identity})
	token, err := h.Identity.CreateToken(t.Context(), simpul.RoleOperator, "")
	if err != nil {
		t.Fatal(err)
	}
	proposer, err := h.Identity.Principal(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	second := simpul.Acting("t-kedua", simpul.RoleOperator, "")
	spec := catalog.Spec{Agency: "bandungkota.go.id", Title: "Rekam medis", Description: "Ringkasan.", Class: simpul.Tertutup, LegalBasis: "UU 17/2023", Version: "1.0", State: catalog.Published,
		Upstream: "http://10.9.8.7/rekam", Contract: []byte(smallContract), Contact: "data@example.go.id",
		Waiver: "Penyedianya tidak ada dalam pengujian ini.", Metadata: catalog.Metadata{PersonalData: &catalog.PersonalData{}}}
	stored, err := h.LIDs.Put(t.Context(), proposer, "kesehatan/Rekam", spec, false)
	if err != nil || !stored.Waits {
		t.Fatalf("%+v, %v", stored.Waits, err)
	}
	if _, err := h.Lifecycle.Timeline(t.Context(), simpul.NationScope(), "kesehatan/Rekam"); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("a proposal moved it: %v", err)
	}
	if _, err := h.Proposals.Approve(t.Context(), second, stored.Proposal, "sudah diperiksa"); err != nil {
		t.Fatal(err)
	}
	way := h.way(t, second, "kesehatan/Rekam")
	if len(way) != 6 || way[5] != "monitored "+proposer.ID+" t-kedua" {
		t.Errorf("%q", way)
	}
}

// The page of a published LID shows its life: to its own people with names, to
// everybody else without.
func TestThePageOfALIDShowsItsLife(t *testing.T) {
	h, server := openScreens(t)
	_, text := page(t, server.Client(), server.URL+"/catalog/izin/Usaha")
	for _, want := range []string{"Perjalanan LID ini", "Pemantauan", "Tenggat: ", "Masa akhir"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not show %q", want)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/catalog/tidak/Ada", nil)
	if picture := h.courseOf(r.Context(), "tidak/Ada"); picture != nil {
		t.Error("a LID that there is not has a life")
	}
}
