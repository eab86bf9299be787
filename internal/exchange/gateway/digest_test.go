package gateway

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"simpul"
)

// echo answers with the body of the call.
func echo(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }

// A record with a sealed part, or of a class that may have one, has commitments, and the same
// body as call and answer does not look the same; every other record has plain digests.
func TestWhichDigestsARecordHas(t *testing.T) {
	const body = `{"terdaftar":true}`
	sum := sha256.Sum256([]byte(body))
	for name, c := range map[string]struct {
		class  simpul.LIDClass
		change func(*hub)
		keyed  bool
	}{
		"open":                       {simpul.Terbuka, func(*hub) {}, false},
		"open, for a person":         {simpul.Terbuka, func(h *hub) { h.pipeline.Tracker, h.route.Subject = &onlooker{}, "x" }, true},
		"open, proved by its fields": {simpul.Terbuka, func(h *hub) { h.pipeline.Fields, h.route.Delivery = &counter{}, &simpul.Delivery{Provable: true} }, true},
		"restricted":                 {simpul.Terbatas, func(*hub) {}, true},
		"closed":                     {simpul.Tertutup, func(*hub) {}, true},
		"of a class that is unknown": {"", func(*hub) {}, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				echo(w, r)
			})
			h.route.Class = c.class
			c.change(h)
			if _, got, err := h.do(t, "POST", "/master/Kota", strings.NewReader(body)); err != nil || got != body {
				t.Fatalf("%q, %v", got, err)
			}
			<-h.recorded
			x := h.record(t)
			if keyed := x.DigestKey != (simpul.DigestKey{}); keyed != c.keyed {
				t.Errorf("keyed: %v", keyed)
			}
			request, response := simpul.DigestOf(sum), simpul.DigestOf(sum)
			if c.keyed {
				request, response = x.DigestKey.Request(sum), x.DigestKey.Response(sum)
			}
			if x.RequestDigest != request || x.ResponseDigest != response || (x.RequestDigest == x.ResponseDigest) == c.keyed {
				t.Errorf("request %s, response %s", x.RequestDigest, x.ResponseDigest)
			}
		})
	}
}

func TestEveryRecordHasAKeyOfItsOwn(t *testing.T) {
	h := newHub(t, answer("ok"))
	h.route.Class = simpul.Terbatas
	seen := map[simpul.Digest]bool{}
	for range 20 {
		if _, _, err := h.do(t, "GET", "/master/Kota", nil); err != nil {
			t.Fatal(err)
		}
		<-h.recorded
	}
	for _, x := range h.sealed {
		if seen[x.ResponseDigest] {
			t.Errorf("%s twice", x.ResponseDigest)
		}
		seen[x.ResponseDigest] = true
	}
}

// What has nothing to hide takes no key, and so no sealed part.
func TestWithoutABodyThereIsNoKey(t *testing.T) {
	for name, c := range map[string]struct {
		provider http.HandlerFunc
		refusal  error
		response simpul.Digest
	}{
		"an empty answer": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, nil, simpul.DigestOf(sha256.Sum256(nil))},
		"a refusal":       {answer("never"), &simpul.Error{Code: simpul.CodeDenied}, ""},
	} {
		h := newHub(t, c.provider)
		h.route.Class, h.decide = simpul.Terbatas, c.refusal
		if _, _, err := h.do(t, "GET", "/master/Kota", nil); err != nil {
			t.Fatal(err)
		}
		<-h.recorded
		if x := h.record(t); x.DigestKey != (simpul.DigestKey{}) || x.RequestDigest != "" || x.ResponseDigest != c.response {
			t.Errorf("%s: %s, %s", name, x.RequestDigest, x.ResponseDigest)
		}
	}
}

// A body that was refused is not to be guessed at either, and one that did not pass as a whole has no digest.
func TestDigestsOfWhatWentWrong(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	})
	h.route.Class = simpul.Tertutup
	if _, _, err := h.do(t, "POST", "/master/Kota", strings.NewReader("nik=3273010101900001")); err != nil {
		t.Fatal(err)
	}
	<-h.recorded
	if x := h.record(t); !x.RequestDigest.Keyed() || x.ResponseDigest != "" || x.Outcome == "" {
		t.Errorf("%q: %s, %s", x.Outcome, x.RequestDigest, x.ResponseDigest)
	}

	h = newHub(t, echo)
	h.route.Class = simpul.Tertutup
	if _, _, err := h.do(t, "POST", "/master/Kota", io.MultiReader(strings.NewReader("half"), failing{})); err == nil {
		t.Fatal("the call went through")
	}
	<-h.recorded
	if x := h.record(t); x.RequestDigest != "" || x.ResponseDigest != "" || x.DigestKey != (simpul.DigestKey{}) {
		t.Errorf("half a body: %s, %s", x.RequestDigest, x.ResponseDigest)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("broken off") }

// Large bodies stream through, both ways, under one key.
func TestDigestsOfLargeBodies(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 10<<20/16)
	h := newHub(t, echo)
	h.route.Class, h.pipeline.MaxBody = simpul.Terbatas, 11<<20
	if _, got, err := h.do(t, "POST", "/master/Kota", bytes.NewReader(large)); err != nil || len(got) != len(large) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	<-h.recorded
	sum := sha256.Sum256(large)
	if x := h.record(t); x.RequestDigest != x.DigestKey.Request(sum) || x.ResponseDigest != x.DigestKey.Response(sum) || x.ResponseBytes != 10<<20 {
		t.Errorf("%s, %s of %d bytes", x.RequestDigest, x.ResponseDigest, x.ResponseBytes)
	}
}

// digested is a call whose bodies passed.
func digested(class simpul.LIDClass) *call {
	c := &call{asked: bodySum{known: true, sum: sha256.Sum256([]byte("q"))}, answered: bodySum{known: true, sum: sha256.Sum256([]byte("a"))}}
	c.exchange.Class, c.exchange.RequestBytes, c.exchange.ResponseBytes = class, 1, 1
	return c
}

// The texts of the digests are all that is allocated, whichever they are. Under the race
// detector the key is one more.
func TestDigestsAllocateTheirTextsOnly(t *testing.T) {
	for class, most := range map[simpul.LIDClass]float64{simpul.Terbuka: 2, simpul.Tertutup: 3} {
		c := digested(class)
		if n := testing.AllocsPerRun(100, c.digest); n > most {
			t.Errorf("%s: %v allocations", class, n)
		}
	}
}

func BenchmarkDigests(b *testing.B) {
	for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Tertutup} {
		b.Run(string(class), func(b *testing.B) {
			c := digested(class)
			b.ReportAllocs()
			for b.Loop() {
				c.exchange.DigestKey = simpul.DigestKey{}
				c.digest()
			}
		})
	}
}
