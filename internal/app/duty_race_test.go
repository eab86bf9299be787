package app_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"simpul/internal/platform/config"
)

// A change of a LID and the approval of another one at the same time: either the
// approval finds the LID changed, or it comes first. Never is a change lost that
// was answered as stored, and neither waits for the other for ever.
func TestAnApprovalAndAChangeAtOnce(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		first, second := pair(t, c)
		first.put(t, "Agency", providerAgency, agencySpec("Penyedia"))
		for i := range 8 {
			address := fmt.Sprintf("uji/Balap%d", i)
			first.put(t, "LID", address, lidSpec(providerAgency, "http://127.0.0.1:9"))
			spec := merged(lidSpec(providerAgency, "http://127.0.0.1:9"), object{"class": "tertutup"})
			id := proposalOf(t, first.must(t, 202, http.MethodPut, itemPath("LID", address), resource("LID", address, spec)))
			var put, approved answer
			var both sync.WaitGroup
			both.Go(func() {
				put, _ = first.send(t.Context(), http.MethodPut, itemPath("LID", address), resource("LID", address, merged(lidSpec(providerAgency, "http://127.0.0.1:9"), object{"title": "Judul baru"})))
			})
			both.Go(func() {
				approved, _ = second.send(t.Context(), http.MethodPost, "/proposals/"+id+"/decision", object{"verdict": "approve", "reason": "x"})
			})
			both.Wait()
			now := first.must(t, 200, http.MethodGet, itemPath("LID", address), nil)
			got := decode[struct{ Spec struct{ Title, Class string } }](t, now).Spec
			switch {
			case put.status == 200 && approved.status == 409 && got.Title == "Judul baru" && got.Class == "terbuka": // the change came first
			case put.status == 202 && approved.status == 200 && got.Class == "tertutup": // the approval came first: to open it again needs two
			default:
				t.Errorf("put %d, approval %d, then %+v", put.status, approved.status, got)
			}
		}
	})
}
