//go:build linux

package main

import (
	"math"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3}, 3},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		if got := median(c.values); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.values, got, c.want)
		}
	}
	if got := median(nil); !math.IsNaN(got) {
		t.Errorf("median of nothing = %v, want NaN", got)
	}
}

func TestMedianLeavesItsInputAlone(t *testing.T) {
	values := []float64{3, 1, 2}
	median(values)
	if values[0] != 3 {
		t.Errorf("values were reordered: %v", values)
	}
}

func TestPercentile(t *testing.T) {
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = i + 1
	}
	for _, c := range []struct {
		sorted []int
		p      float64
		want   int
	}{
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 100, 100},
		{hundred, 0, 1},
		{[]int{7, 8, 9}, 50, 8},
		{[]int{7, 8, 9}, 99, 9},
		{nil, 99, 0},
	} {
		if got := percentile(c.sorted, c.p); got != c.want {
			t.Errorf("percentile(%d values, %v) = %v, want %v", len(c.sorted), c.p, got, c.want)
		}
	}
}

func TestPairedRatioComparesWithinARound(t *testing.T) {
	slowing, peer := []float64{20, 40, 80}, []float64{10, 20, 20}
	if got := pairedRatio(slowing, peer); got != 2 {
		t.Errorf("pairedRatio = %v, want 2: twice as much in most rounds", got)
	}
	if got := pairedRatio(slowing, peer[:2]); !math.IsNaN(got) {
		t.Errorf("pairedRatio of unequal rounds = %v, want NaN", got)
	}
}

func TestSignificant(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0.00", 0.01234: "0.0123", 0.5: "0.500", 1.239: "1.24", 12.34: "12.3",
		123.4: "123", 98765: "98765", -0.42: "-0.420", 0.00001: "0.0000",
	} {
		if got := significant(v); got != want {
			t.Errorf("significant(%v) = %q, want %q", v, got, want)
		}
	}
}
