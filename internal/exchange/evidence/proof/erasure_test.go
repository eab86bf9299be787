package proof_test

import (
	"strings"
	"testing"

	"simpul/internal/exchange/evidence/proof"
)

// personalStep is what the verdict says of the personal part.
func personalStep(t *testing.T, b proof.Bundle) proof.Step {
	t.Helper()
	v := proof.Verify(b, mustKeys(t, newStage().keys()), proof.Demand{})
	last := v.Steps[len(v.Steps)-1]
	if v.Status != proof.Valid || last.Name != proof.StepPersonal {
		t.Fatalf("%s, and at last %+v", v.Status, last)
	}
	return last
}

func TestWhatIsErasedIsTold(t *testing.T) {
	b := erased(newStage(), "terbatas/2026-09")
	e, ok := b.Erased()
	if !ok || e.Key != "terbatas/2026-09" || !e.At.Equal(newStage().at) {
		t.Errorf("%+v, %v", e, ok)
	}
	got := personalStep(t, b)
	if got.State != proof.Erased || !strings.Contains(got.Text.ID, "dihapus untuk selamanya pada 2026-11-25") || !strings.Contains(got.Text.EN, "erased for ever on 2026-11-25") {
		t.Errorf("%+v", got)
	}
}

// A note that does not fit the record says nothing: it is read as what somebody copied.
func TestNoErasureIsBelievedThatDoesNotFit(t *testing.T) {
	fits := erased(newStage(), "terbatas/2026-09")
	for name, note := range map[string]string{
		"another key":      erased(newStage(), "tertutup/2026-09").Personal,
		"no time":          `{"erased_key":"terbatas/2026-09"}`,
		"a member more":    strings.Replace(fits.Personal, "{", `{"case":"B-12",`, 1),
		"not JSON":         "terbatas/2026-09",
		"the part itself":  `{"case":"B-12/2026"}`,
		"a member twice":   strings.Replace(fits.Personal, "{", `{"erased_key":"terbatas/2026-09",`, 1),
		"a time of no day": `{"erased_key":"terbatas/2026-09","erased_at":"2026-02-30T00:00:00Z"}`,
	} {
		b := fits
		b.Personal = note
		if _, ok := b.Erased(); ok {
			t.Errorf("%s: erased", name)
		}
		if got := personalStep(t, b); got.State != proof.Missing {
			t.Errorf("%s: %+v", name, got)
		}
	}
	plain := newStage().proved() // nothing is sealed in it
	plain.Personal = fits.Personal
	if _, ok := plain.Erased(); ok {
		t.Error("a record without a seal is erased")
	}
}
