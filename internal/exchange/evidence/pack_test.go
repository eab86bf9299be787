package evidence

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

var entryFields = cmp.AllowUnexported(entry{}, digest{})

// entriesFor returns so many entries of every shape, in the order of time.
func entriesFor(t testing.TB, n int) []entry {
	t.Helper()
	var entries []entry
	for i := range n {
		x := delivery(i)
		switch i % 4 {
		case 1:
			x.RequestDigest, x.RequestBytes = x.ResponseDigest, math.MaxInt64
		case 2:
			x.ResponseDigest, x.ResponseBytes, x.Status = "", 0, 204
		case 3:
			x.Latency, x.Upstream, x.Status = -time.Microsecond, 10*time.Minute, math.MinInt32
		}
		e, ok := entryOf(&indexed{sequence: uint64(1_000_000 - i), record: Record{Kind: Sealed, Exchange: *x}})
		if !ok {
			t.Fatalf("no entry of %+v", x)
		}
		entries = append(entries, e)
	}
	return entries
}

// keyedEntriesFor is the same with commitments among the digests.
func keyedEntriesFor(t testing.TB, n int) []entry {
	entries := entriesFor(t, n)
	for i := range entries {
		e := &entries[i]
		e.request.keyed, e.response.keyed = e.request.known && i%3 == 0, e.response.known && i%2 == 0
	}
	return entries
}

func TestPackedEntriesComeBack(t *testing.T) {
	for _, n := range []int{1, 2, pageEntries, 3 * pageEntries} {
		comesBack(t, entriesFor(t, n), packedPlain)
		comesBack(t, keyedEntriesFor(t, n), packedKeyed)
	}
}

func comesBack(t *testing.T, entries []entry, version byte) {
	t.Helper()
	b := pack(entries)
	if b[0] != version {
		t.Errorf("%d entries are written in version %d", len(entries), b[0])
	}
	got, err := unpack(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entries, got, entryFields); diff != "" {
		t.Errorf("%d entries (-want +got)\n%s", len(entries), diff)
	}
}

func TestAnEntryLosesNothing(t *testing.T) {
	losesNothing(t, delivery(7))
	x := delivery(7)
	x.RequestDigest, x.ResponseDigest = simpul.KeyedDigest([32]byte{1}), simpul.KeyedDigest([32]byte{2})
	losesNothing(t, x)
}

func losesNothing(t *testing.T, x *simpul.Exchange) {
	t.Helper()
	e, ok := entryOf(&indexed{sequence: 8, record: Record{Kind: Sealed, Exchange: *x}})
	if !ok {
		t.Fatal("no entry")
	}
	want := *x
	want.Consumer.Credential = ""
	want.OpenedAt, want.Latency = x.OpenedAt.Truncate(time.Millisecond), x.Latency.Truncate(time.Microsecond)
	if diff := cmp.Diff(want, e.exchange(shared(x))); diff != "" {
		t.Error(diff)
	}
}

// What would not come back as it was stays a row.
func TestWhatIsNoEntry(t *testing.T) {
	for name, change := range map[string]func(x *simpul.Exchange){
		"an identifier of another time": func(x *simpul.Exchange) { x.OpenedAt = x.OpenedAt.Add(time.Millisecond) },
		"no UUID":                       func(x *simpul.Exchange) { x.ID = x.ID[:35] },
		"dashes elsewhere":              func(x *simpul.Exchange) { x.ID = x.ID[1:] + "0" },
		"an identifier in capitals":     func(x *simpul.Exchange) { x.ID = x.ID[:24] + "ABCDEFABCDEF" },
		"an identifier not in hex":      func(x *simpul.Exchange) { x.ID = x.ID[:24] + "ghijklmnopqr" },
		"a short digest":                func(x *simpul.Exchange) { x.ResponseDigest = x.ResponseDigest[2:] },
		"a digest in capitals":          func(x *simpul.Exchange) { x.RequestDigest = "A" + x.ResponseDigest[1:] },
		"a digest of an unknown kind":   func(x *simpul.Exchange) { x.ResponseDigest = "sealed" + x.ResponseDigest[6:] },
		"a short commitment":            func(x *simpul.Exchange) { x.ResponseDigest = "keyed:" + x.ResponseDigest[2:] },
		"a commitment twice keyed":      func(x *simpul.Exchange) { x.ResponseDigest = "keyed:keyed:" + x.ResponseDigest[6:] },
		"no commitment":                 func(x *simpul.Exchange) { x.ResponseDigest = "keyed:" },
		"a digest not in hex":           func(x *simpul.Exchange) { x.RequestDigest = "g" + x.ResponseDigest[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			x := delivery(0)
			change(x)
			if e, ok := entryOf(&indexed{sequence: 1, record: Record{Kind: Sealed, Exchange: *x}}); ok {
				t.Errorf("entry %+v of %+v", e, x)
			}
		})
	}
}

func TestDamagedEntriesAreRefused(t *testing.T) {
	entries := entriesFor(t, 3)
	whole := pack(entries)
	damaged := map[string][]byte{
		"nothing": nil, "no entry": whole[:1],
		"another version":             append([]byte{3}, whole[1:]...),
		"more behind":                 append(bytes.Clone(whole), 0),
		"not in order":                pack([]entry{entries[1], entries[0]}),
		"one twice":                   pack([]entry{entries[0], entries[0]}),
		"unknown digests":             append(append(bytes.Clone(whole[:17]), 16), whole[18:]...),
		"keyed, of a version without": append(append(bytes.Clone(whole[:17]), hasResponse|keyedResponse), whole[18:]...),
		"keyed and absent":            append(append([]byte{packedKeyed}, whole[1:17]...), append([]byte{hasResponse | keyedRequest}, whole[18:]...)...),
		"endless number":              append(bytes.Clone(whole), bytes.Repeat([]byte{0xff}, 40)...),
	}
	ends := map[int]bool{}
	for n := 1; n <= len(entries); n++ {
		ends[len(pack(entries[:n]))] = true
	}
	for n := range len(whole) {
		if !ends[n] {
			damaged[fmt.Sprintf("cut at %d", n)] = whole[:n]
		}
	}
	for name, b := range damaged {
		if got, err := unpack(b); err == nil {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

// Whatever is read is written and read the same again.
func FuzzUnpack(f *testing.F) {
	for _, n := range []int{1, 2, 5} {
		f.Add(pack(entriesFor(f, n)))
	}
	f.Add([]byte{packedPlain})
	f.Add([]byte{packedKeyed})
	f.Add(pack(keyedEntriesFor(f, 5)))
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := unpack(b)
		if err != nil {
			return
		}
		again, err := unpack(pack(entries))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(entries, again, entryFields); diff != "" {
			t.Error(diff)
		}
	})
}
