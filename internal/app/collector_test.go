package app

import "testing"

func TestCollectorPace(t *testing.T) {
	for live, want := range map[uint64]int{0: 1000, 1 << 20: 1000, 32 << 20: 300, headroom: 100, 4 * headroom: 100} {
		if got := collectorPace(live); got != want {
			t.Errorf("%d bytes live: %d %%, want %d", live, got, want)
		}
	}
}
