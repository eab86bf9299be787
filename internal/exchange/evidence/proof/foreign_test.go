package proof_test

import (
	"strings"
	"testing"

	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

// Whoever checks a true proof with the keys of another hub is told to get the right ones;
// that a name is borrowed is told only where the keys know the name.
func TestAProofOfAnotherHubIsNotCalledAForgery(t *testing.T) {
	s := newStage()
	for name, c := range map[string]struct{ key, says string }{
		"another hub's keys":  {prooftest.LogKey("hub.lain.go.id/evidence/"+journal, "").Line(), "ambil berkas kunci hub itu"},
		"another key by name": {prooftest.LogKey(s.log.Key.Name, "other").Line(), "memakai nama log ini, tetapi kuncinya lain"},
	} {
		v := proof.Verify(s.proved(), mustKeys(t, c.key+"\n"), proof.Demand{})
		for _, step := range v.Steps {
			if step.Name == proof.StepSignature && (step.State != proof.Failed || !strings.Contains(step.Text.ID, c.says)) {
				t.Errorf("%s: %+v", name, step)
			}
		}
		if v.Status != proof.Invalid {
			t.Errorf("%s: %s", name, v.Status)
		}
	}
}
