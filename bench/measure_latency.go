//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// latencySlot is the measured time of one turn in the open loop: 5,000 requests
// at 1,000 a second, of which 50 lie beyond the 99th percentile.
const latencySlot = 5 * time.Second

// punctual is how late, in milliseconds at the 99th percentile, the load may be
// on the direct way to the origin. On a machine that cannot even do that on time
// a latency says more about the machine's other users than about a proxy.
const punctual = 1.0

// measureLatency measures what a proxy adds to the 99th percentile of latency at
// a constant rate, over the direct way to the origin in the same round. The
// peers are measured beside the gateway for comparison.
func measureLatency(ctx context.Context, l *lab) error {
	direct, err := l.direct(ctx)
	if err != nil {
		return err
	}
	if !l.addTimed(ctx) {
		return nil
	}
	l.addPeers(ctx, l.without)
	base := []float64{}
	series := map[*target]*latencySeries{}
	for round := range l.Rounds {
		l.report.progress("latency: round %d of %d", round+1, l.Rounds)
		reference, err := l.reference(ctx, direct)
		if err != nil {
			return err
		}
		base = append(base, reference.P99)
		l.roundAbove(ctx, reference, series)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	l.report.aside(figure{Name: "p99 direct to origin", Unit: "ms", Value: median(base), Rounds: base})
	for _, t := range l.targets {
		s := series[t]
		f := figure{Name: "p99 added by " + t.peer, Unit: "ms", Value: median(s.added), Rounds: s.added, Samples: s.samples}
		if t.figure == latencyFigure {
			f.Name = latencyFigure
			l.report.add(f)
			continue
		}
		l.report.aside(f)
	}
	return nil
}

const latencyFigure = "gateway_p99_added"

// latencySeries is what the rounds found for one target.
type latencySeries struct {
	added   []float64 // ms over the reference of the same round
	samples []sample
}

// addTimed adds the gateway, and reports whether it is there to be measured.
func (l *lab) addTimed(ctx context.Context) bool {
	g, err := l.addGateway(ctx)
	if err != nil {
		l.report.lose(latencyFigure, err)
		return false
	}
	t := g.governed()
	t.figure = latencyFigure
	if err := t.await(ctx); err != nil {
		l.report.lose(t.figure, err)
		return false
	}
	l.targets = append(l.targets, t)
	return true
}

func (l *lab) without(peer string, err error) { l.report.progress("without %s: %v", peer, err) }

// reference measures the direct way until the load is on time, at most three
// times. Only the direct way decides, so no target's result is picked.
func (l *lab) reference(ctx context.Context, direct *target) (sample, error) {
	const attempts = 3
	for range attempts {
		s, err := l.turn(ctx, direct, l.openLoop())
		if err != nil {
			return s, fmt.Errorf("direct: %w", err)
		}
		if s.Late <= punctual {
			return s, nil
		}
		l.report.progress("the load was %s ms late on the direct way; other processes use %.0f %% of the machine", significant(s.Late), s.OtherUsers)
	}
	return sample{}, errors.New("the machine is too busy to send on time; repeat when it is quiet")
}

func (l *lab) openLoop() phase {
	return phase{Duration: latencySlot, Max: l.MaxRequests, Rate: l.Rate}
}

// roundAbove gives every target a turn and keeps what it added to the reference.
func (l *lab) roundAbove(ctx context.Context, reference sample, series map[*target]*latencySeries) {
	var still []*target
	for _, t := range l.targets {
		s, err := l.turn(ctx, t, l.openLoop())
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			l.loseTimed(t, fmt.Errorf("run with failures: %w", err))
			continue
		}
		if series[t] == nil {
			series[t] = &latencySeries{}
		}
		series[t].added = append(series[t].added, s.P99-reference.P99)
		series[t].samples = append(series[t].samples, s)
		still = append(still, t)
	}
	l.targets = still
}

// loseTimed drops a target; a peer has no latency figure to lose.
func (l *lab) loseTimed(t *target, err error) {
	if t.figure == latencyFigure {
		l.report.lose(t.figure, err)
		return
	}
	l.without(t.figure, err)
}
