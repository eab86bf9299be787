//go:build linux

package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"

	"simpul"
)

// evidenceExchanges is how many exchanges one round keeps.
const evidenceExchanges = 200_000

// fullBatch is how many exchanges must be under way for the journal to reach the
// most records that it writes with one fsync: it is saturated.
const fullBatch = 256

const (
	bufferedFigure  = "evidence_cpu_buffered"
	durableFigure   = "evidence_cpu_durable"
	saturatedFigure = "evidence_cpu_saturated"
)

// costs are what evidence costs an exchange in CPU time, all followers of the
// journal included, while so many exchanges are under way at any time and none pauses.
var costs = []struct {
	figure  string
	class   simpul.LIDClass
	writers int
}{
	{bufferedFigure, simpul.Terbuka, diskWriters},
	{durableFigure, simpul.Tertutup, diskWriters},
	{saturatedFigure, simpul.Tertutup, fullBatch},
}

func measureEvidence(ctx context.Context, l *lab) error {
	for _, f := range costs {
		if !l.report.wants(f.figure) {
			continue
		}
		rounds := make([]float64, l.Rounds)
		for round := range l.Rounds {
			l.report.progress("evidence of class %s, %d under way, round %d of %d", f.class, f.writers, round+1, l.Rounds)
			cost, err := l.evidenceCost(ctx, evidencePlan{Dir: filepath.Join(l.dir, f.figure+strconv.Itoa(round)), Class: f.class, Exchanges: evidenceExchanges, Writers: f.writers})
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
func (l *lab) evidenceCost(ctx context.Context, p evidencePlan) (float64, error) {
	if err := os.Mkdir(p.Dir, 0o700); err != nil {
		return 0, err
	}
	defer os.RemoveAll(p.Dir)
	var r evidenceResult
	if err := ask(ctx, "evidence", p, &r); err != nil {
		return 0, err
	}
	return float64((r.Kept - r.Bare).Nanoseconds()) / 1e3 / float64(p.Exchanges), nil
}
