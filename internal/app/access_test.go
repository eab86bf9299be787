package app_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"simpul/internal/platform/config"
)

// closedGrant is a grant on a closed LID as its class allows it.
func closedGrant(lid string) object {
	return merged(grantSpec(lid, consumerApp), object{"fields": []string{"items.kode"}, "ratePerMinute": 60, "agreement": object{"number": "PKS-1/2026", "date": "2026-01-02"}})
}

// secretLID publishes a closed LID by two people.
func secretLID(t *testing.T, first *control, address string) {
	t.Helper()
	first.put(t, "LID", address, merged(lidSpec(providerAgency, "http://127.0.0.1:9"), object{"class": "tertutup"}))
}

func TestAClosedLIDIsGrantedByTwoPeople(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		first, second := pair(t, c)
		first.second = second.token
		first.settle(t)
		secretLID(t, first, "uji/Rahasia")
		path, approve := itemPath("Grant", "g-1"), object{"verdict": "approve", "reason": "x"}
		want := resource("Grant", "g-1", closedGrant("uji/Rahasia"))
		if got := first.must(t, 202, http.MethodPut, path+"?dryRun=true", want); decode[struct{ Proposal string }](t, got).Proposal != "" {
			t.Errorf("a call that was only tried proposed: %s", got.text)
		}
		id := proposalOf(t, first.must(t, 202, http.MethodPut, path, want))
		first.must(t, 404, http.MethodGet, path, nil)
		first.must(t, 403, http.MethodPost, "/proposals/"+id+"/decision", approve)
		second.must(t, 200, http.MethodPost, "/proposals/"+id+"/decision", approve)
		first.must(t, 200, http.MethodGet, path, nil)

		first.must(t, 204, http.MethodPost, "/grants/g-1/suspension", object{"reason": "sedang diperiksa"})
		id = proposalOf(t, first.must(t, 202, http.MethodPost, "/grants/g-1/resumption", object{"reason": "sudah diperiksa"}))
		second.must(t, 200, http.MethodPost, "/proposals/"+id+"/decision", approve)
		if decode[struct{ Spec struct{ Suspended bool } }](t, first.must(t, 200, http.MethodGet, path, nil)).Spec.Suspended {
			t.Error("two people resumed it, and it is still suspended")
		}
	})
}

// A grant is widened by two people while one narrows it: either the approval finds
// it changed, or the narrowing comes after. It never ends wider than the last word.
func TestAWideningAndANarrowingAtOnce(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		first, second := pair(t, c)
		first.second = second.token
		first.settle(t)
		for i := range 6 {
			address, id := fmt.Sprintf("uji/Balap%d", i), fmt.Sprintf("g-%d", i)
			secretLID(t, first, address)
			first.put(t, "Grant", id, closedGrant(address))
			proposal := proposalOf(t, first.must(t, 202, http.MethodPut, itemPath("Grant", id), resource("Grant", id, merged(closedGrant(address), object{"ratePerMinute": 600}))))
			var narrowed, approved answer
			var both sync.WaitGroup
			both.Go(func() {
				narrowed, _ = first.send(t.Context(), http.MethodPut, itemPath("Grant", id), resource("Grant", id, merged(closedGrant(address), object{"ratePerMinute": 6})))
			})
			both.Go(func() {
				approved, _ = second.send(t.Context(), http.MethodPost, "/proposals/"+proposal+"/decision", object{"verdict": "approve", "reason": "x"})
			})
			both.Wait()
			now := decode[struct{ Spec struct{ RatePerMinute int } }](t, first.must(t, 200, http.MethodGet, itemPath("Grant", id), nil)).Spec.RatePerMinute
			if narrowed.status != 200 || now != 6 || approved.status != 200 && approved.status != 409 {
				t.Errorf("narrowed %d, approved %d, then %d a minute", narrowed.status, approved.status, now)
			}
		}
	})
}
