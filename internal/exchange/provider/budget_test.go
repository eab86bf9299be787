package provider

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever calls come and whenever somebody wants to repeat: a tenth of the
// calls, one each second, and what was saved up.
func TestABudgetIsNeverExceeded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		now := noon
		b := newBudget(now)
		calls, spent := 0, 0
		for range 2_000 {
			now = now.Add(time.Duration(random.IntN(20)) * time.Millisecond)
			if random.IntN(3) > 0 {
				b.earn()
				calls++
			}
			if random.IntN(2) == 0 && b.spend(now) {
				spent++
			}
			if most := float64(calls)*.1 + now.Sub(noon).Seconds() + 10; float64(spent) > most+.001 {
				t.Fatalf("%d of %d calls were repeated in %s", spent, calls, now.Sub(noon))
			}
		}
	}
}

func TestABudgetHelpsLittleTraffic(t *testing.T) {
	b := newBudget(noon)
	for range 10 {
		if !b.spend(noon) {
			t.Fatal("what was saved up cannot be spent")
		}
	}
	if b.spend(noon) {
		t.Fatal("more is spent than was saved up")
	}
	if !b.spend(noon.Add(time.Second)) || b.spend(noon.Add(time.Second)) {
		t.Error("a second does not pay for one call")
	}
}
