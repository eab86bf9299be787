package evidence

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// plainly is what a skimmer says of an exchange.
func plainly(x simpul.Exchange) simpul.Exchange {
	return simpul.Exchange{
		OpenedAt: x.OpenedAt, Consumer: simpul.Consumer{Application: x.Consumer.Application}, Address: x.Address, Version: x.Version,
		Class: x.Class, Provider: x.Provider, Operation: x.Operation, Grant: x.Grant, Purpose: x.Purpose, Status: x.Status, Outcome: x.Outcome,
		RequestBytes: x.RequestBytes, ResponseBytes: x.ResponseBytes, Latency: x.Latency, Upstream: x.Upstream,
	}
}

func TestFeedHandsOverWhatWasSealed(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{SegmentBytes: 16 << 10})
	commit(t, j, `{"kind":"erased","id":"x"}`, `not JSON`)
	all := traffic(120, 8)
	record(t, j, all)
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var want []simpul.Exchange
	for i, x := range all {
		if sealed(i) {
			want = append(want, plainly(*x))
		}
	}
	for _, most := range []int{1, 7, 1000} {
		f := NewFeed(j)
		var got []simpul.Exchange
		at := uint64(0)
		for {
			end, err := f.Read(at, most, func(x *simpul.Exchange) { got = append(got, *x) })
			if err != nil {
				t.Fatal(err)
			}
			if end == at {
				break
			}
			at = end
		}
		if at != j.Last() {
			t.Errorf("read up to %d of %d", at, j.Last())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d at once (-want +got)\n%s", most, diff)
		}
		f.Close()
	}
}

func TestFeedReadsOnFromAnywhere(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{})
	record(t, j, traffic(20, 9))
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := NewFeed(j)
	defer f.Close()
	count := func(after uint64) (n int) {
		if _, err := f.Read(after, 1000, func(*simpul.Exchange) { n++ }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	whole := count(0)
	if again := count(0); again != whole || whole == 0 {
		t.Errorf("%d exchanges, and then %d", whole, again)
	}
	if rest := count(j.Last()); rest != 0 {
		t.Errorf("%d exchanges after the last", rest)
	}
	if _, err := f.Read(j.Last()+1, 1, func(*simpul.Exchange) {}); err == nil {
		t.Error("a position ahead of the journal is not noticed")
	}
}

// The skimmer and DecodeRecord must read every record alike.
func FuzzSkim(f *testing.F) {
	for _, x := range traffic(4, 10) {
		f.Add(appendRecord(nil, Sealed, x))
		x.Purpose, x.Consumer.Application = "tujuan \"khusus\"\n", "a\\b"
		f.Add(appendRecord(nil, Sealed, x))
		f.Add(appendRecord(nil, Opened, x))
	}
	for _, s := range []string{`{}`, `{"kind":"sealed"}`, `{"kind":"sealed","status":007}`, `{"kind":"sealed","kind":"opened"}`, `{"kind":"sealed","status":"5"}`, `{"kind":"sealed","later":{"a":1}}`, `{"kind":"sealed"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var got simpul.Exchange
		is, err := newSkimmer().sealed(payload, &got)
		want, wrong := DecodeRecord(payload)
		if wrong != nil || err != nil {
			return // nobody but appendRecord writes records, and it writes none of these
		}
		if is != (want.Kind == Sealed) {
			t.Fatalf("%s: sealed %v", payload, is)
		}
		if diff := cmp.Diff(plainly(want.Exchange), plainly(got)); is && diff != "" {
			t.Errorf("%s\n%s", payload, diff)
		}
	})
}

// BenchmarkFeed is the time per record to check and read it.
func BenchmarkFeed(b *testing.B) {
	j := openTest(b, b.TempDir(), Options{})
	r := NewRecorder(j, nil, nil)
	for _, x := range traffic(5000, 11) {
		x.Class = simpul.Terbuka
		if err := r.Seal(b.Context(), x); err != nil {
			b.Fatal(err)
		}
	}
	if err := j.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	f := NewFeed(j)
	defer f.Close()
	b.ReportAllocs()
	for n := 0; n < b.N; {
		at := uint64(0)
		for at < j.Last() && n < b.N {
			end, err := f.Read(at, min(1000, b.N-n), func(*simpul.Exchange) {})
			if err != nil {
				b.Fatal(err)
			}
			n += int(end - at)
			at = end
		}
	}
}
