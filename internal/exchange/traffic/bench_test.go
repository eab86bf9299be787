package traffic

import (
	"testing"

	"simpul/internal/platform/testkit"
)

// What one call costs on its way through the limits, from nothing to all.

func BenchmarkAdmitUnlimited(b *testing.B) {
	run(b, node(b, testkit.SQLite(b), "a", &ticking{noon}), callAt(noon, 0))
}

func BenchmarkAdmitGrantRate(b *testing.B) {
	run(b, node(b, testkit.SQLite(b), "a", &ticking{noon}), callAt(noon, 10_000_000))
}

func BenchmarkAdmitEveryLimit(b *testing.B) {
	l, call := busy(b)
	run(b, l, call)
}

// run lets time pass with the calls, so that none is refused.
func run(b *testing.B, l *Limiter, call Call) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		call.At = call.At.Add(6000)
		p, err := l.Admit(call)
		if err != nil {
			b.Fatal(err)
		}
		p.Release()
	}
}
