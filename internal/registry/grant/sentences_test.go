package grant_test

import (
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSentencesAreTheSameForBothParties(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	c := o.submit(t, ask(kota, func(a *grant.Ask) { a.Rows = []grant.Row{{Parameter: "kode", Values: []string{"32", "33"}}} }))
	var said []string
	for _, s := range c.Sentences() {
		said = append(said, s.EN)
	}
	want := []string{
		"Application layanan@bandungkota.go.id may call master/Kota.",
		"The purpose: Memastikan alamat pemohon layanan warga.", "The legal basis: UU 25/2009 pasal 4.",
		"Only 2 fields are delivered: items.kode, items.nama.", "Only for kode = 32 or 33.", "At most 60 calls a minute.",
		"Valid through 23 November 2027.",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Error(diff)
	}
	stored, err := o.room.Get(t.Context(), decider, string(c.Grant))
	if diff := cmp.Diff(c.Sentences(), stored.Spec.Sentences()); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}
