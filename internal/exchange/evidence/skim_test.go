package evidence

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// kept is what the view keeps of an exchange.
func kept(x simpul.Exchange) simpul.Exchange {
	k := plainly(x)
	k.ID, k.RequestDigest, k.ResponseDigest = x.ID, x.RequestDigest, x.ResponseDigest
	return k
}

// alike are records of few applications and LIDs, as a hub has them: much in them
// returns, in parts or as a whole, and now and then something that looks like it.
func alike(n int) (payloads [][]byte) {
	for i, x := range traffic(n, 12) {
		x.Consumer.Application = simpul.ApplicationID(fmt.Sprintf("aplikasi%d@bandungkota.go.id", i%20))
		x.Consumer.Credential = fmt.Sprintf("k-%d", i%3)
		switch i % 11 {
		case 3:
			x.Purpose = `a ","status":200,"purpose":"b`
		case 5:
			x.Purpose, x.Status = "", 0
		case 7:
			x.Purpose += fmt.Sprint(i)
		case 8:
			x.Grant += "0"
		}
		kind := Sealed
		if i%13 == 0 {
			kind = Opened
		}
		payloads = append(payloads, appendRecord(nil, kind, x))
	}
	return payloads
}

// A skimmer that has seen many records reads each as if it were its first.
func TestWhatReturnsIsReadAlike(t *testing.T) {
	s := newSkimmer()
	for _, payload := range alike(2000) {
		var got Record
		if err := s.view(payload, &got); err != nil {
			t.Fatal(err)
		}
		want, err := DecodeRecord(payload)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(kept(want.Exchange), kept(got.Exchange)); diff != "" || got.Kind != want.Kind {
			t.Fatalf("%s: %s (-want +got)\n%s", payload, got.Kind, diff)
		}
	}
}

func FuzzView(f *testing.F) {
	for _, payload := range alike(20) {
		f.Add(payload, payload)
	}
	f.Add([]byte(`{"kind":"sealed","id":"x","application":"a","status":1}`), []byte(`{"kind":"sealed","application":"a","status":1}`))
	f.Fuzz(func(t *testing.T, before, payload []byte) {
		s := newSkimmer()
		var got Record
		_ = s.view(before, &got)
		err := s.view(payload, &got)
		want, wrong := DecodeRecord(payload)
		if wrong != nil || err != nil {
			return // nobody but appendRecord writes records, and it writes none of these
		}
		if diff := cmp.Diff(kept(want.Exchange), kept(got.Exchange)); diff != "" || got.Kind != want.Kind {
			t.Errorf("after %s\n%s: %s\n%s", before, payload, got.Kind, diff)
		}
	})
}
