package metering

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// The quantiles of whatever is counted are within the error that is promised.
func TestQuantilesAreWithinTheirError(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, draw := range map[string]func() float64{ // µs
		"uniform":     func() float64 { return r.Float64() * 1e6 },
		"exponential": func() float64 { return r.ExpFloat64() * 2e4 },
		"lognormal":   func() float64 { return math.Exp(10 + 2*r.NormFloat64()) },
		"two humps":   func() float64 { return []float64{900, 3e7}[r.IntN(2)] * (1 + r.Float64()/10) },
		"constant":    func() float64 { return 12_345 },
		"tiny":        func() float64 { return r.Float64() * 40 },
	} {
		for _, n := range []int{1, 2, 100, 20_000} {
			var h Histogram
			values := make([]time.Duration, n)
			for i := range values {
				values[i] = time.Duration(draw()) * time.Microsecond
				h.Add(values[i])
			}
			slices.Sort(values)
			for _, q := range []float64{0, .01, .5, .95, .99, 1} {
				want := values[max(int(math.Ceil(q*float64(n))), 1)-1]
				got := h.Quantile(q)
				if off := math.Abs(float64(got - want)); off > float64(want)*QuantileError+float64(time.Microsecond) {
					t.Errorf("%s of %d, quantile %v: %v, exactly %v", name, n, q, got, want)
				}
			}
		}
	}
}

func TestBucketsFollowEachOther(t *testing.T) {
	last := int32(-1)
	for us := int64(0); us < longest*2; us += max(1, us/40) {
		i := indexOf(time.Duration(us) * time.Microsecond)
		if i < last || i >= mostBuckets || i > last+1 {
			t.Fatalf("%d µs is in bucket %d after %d", us, i, last)
		}
		last = i
	}
	if last != mostBuckets-1 {
		t.Errorf("the last bucket is %d", last)
	}
	if indexOf(-time.Second) != 0 {
		t.Error("a duration below zero")
	}
}

func TestHistogramsAddUp(t *testing.T) {
	var whole, one, other, read Histogram
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 5000 {
		d := time.Duration(r.Int64N(int64(time.Minute)))
		whole.Add(d)
		[]*Histogram{&one, &other}[i%2].Add(d)
	}
	one.Merge(&other)
	if one.text() != whole.text() || whole.Count() != 5000 {
		t.Error("two halves are not the whole")
	}
	if err := read.addText(whole.text()); err != nil || read.text() != whole.text() {
		t.Errorf("read again: %v", err)
	}
}

func TestStoredHistogramsAreChecked(t *testing.T) {
	for _, text := range []string{"1", "1:", ":1", "1:0", "1:-1", "-1:1", "464:1", "a:1", "1:1,2:1", "1:1  2:1", " 1:1"} {
		if err := new(Histogram).addText(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
	var empty Histogram
	if err := empty.addText(""); err != nil || empty.Quantile(.5) != 0 {
		t.Errorf("nothing: %v", err)
	}
}

// BenchmarkCount is what one exchange costs the meter, beside reading it.
func BenchmarkCount(b *testing.B) {
	all := traffic(4096, 5, noon, 3*time.Hour)
	batch := newBatch(0)
	b.ReportAllocs()
	for i := range b.N {
		batch.add(&all[i%len(all)])
	}
}
