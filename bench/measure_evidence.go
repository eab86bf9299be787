//go:build linux

package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"

	"simpul"
)

// What evidence costs an exchange in CPU time, all followers of the journal
// included, while 64 exchanges are under way at any time and none pauses.
const (
	bufferedFigure = "evidence_cpu_buffered"
	durableFigure  = "evidence_cpu_durable"
)

// evidenceExchanges is how many exchanges one round keeps.
const evidenceExchanges = 200_000

func measureEvidence(ctx context.Context, l *lab) error {
	for _, f := range []struct {
		figure string
		class  simpul.LIDClass
	}{{bufferedFigure, simpul.Terbuka}, {durableFigure, simpul.Tertutup}} {
		if !l.report.wants(f.figure) {
			continue
		}
		rounds := make([]float64, l.Rounds)
		for round := range l.Rounds {
			l.report.progress("evidence of class %s, round %d of %d", f.class, round+1, l.Rounds)
			cost, err := l.evidenceCost(ctx, f.class, string(f.class)+strconv.Itoa(round))
			if err != nil {
				return err
			}
			rounds[round] = cost
		}
		l.report.add(figure{Name: f.figure, Unit: "µs", Value: median(rounds), Rounds: rounds})
	}
	return nil
}

// evidenceCost returns the CPU time that evidence adds to one exchange, µs.
func (l *lab) evidenceCost(ctx context.Context, class simpul.LIDClass, name string) (float64, error) {
	dir := filepath.Join(l.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	var r evidenceResult
	p := evidencePlan{Dir: dir, Class: class, Exchanges: evidenceExchanges, Writers: diskWriters}
	if err := ask(ctx, "evidence", p, &r); err != nil {
		return 0, err
	}
	return float64((r.Kept - r.Bare).Nanoseconds()) / 1e3 / evidenceExchanges, nil
}
