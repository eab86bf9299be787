//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
)

// measureCPU measures the CPU time per request of every proxy under the same
// closed-loop load. The targets take turns, round by round, so that a change of
// the machine's mood falls on all of them.
func measureCPU(ctx context.Context, l *lab) error {
	l.addPeers(ctx, l.report.lose)
	l.addGoverned(ctx)
	series := map[string][]sample{}
	for round := range l.Rounds {
		l.report.progress("CPU per request: round %d of %d", round+1, l.Rounds)
		l.round(ctx, phase{Duration: l.Slot, Max: l.MaxRequests}, series)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	for _, t := range l.targets {
		l.report.add(cpuFigure(t, l.targets, series))
	}
	return nil
}

// governedFigures are those of the gateway itself.
func governedFigures() []string {
	return []string{"gateway_governed_key", "gateway_governed_bearer", "gateway_response_validation", "gateway_field_selection"}
}

// addGoverned adds the gateway's targets, unless only a peer is asked for.
func (l *lab) addGoverned(ctx context.Context) {
	if !slices.ContainsFunc(governedFigures(), l.report.wants) {
		return
	}
	g, err := l.addGateway(ctx)
	var token string
	if err == nil {
		token, err = g.buyToken(ctx)
	}
	if err != nil {
		for _, figure := range governedFigures() {
			l.report.lose(figure, err)
		}
		return
	}
	for _, t := range []*target{g.governed(), g.bearing(token), g.checking(), g.selecting()} {
		if err := t.await(ctx); err != nil {
			l.report.lose(t.figure, err)
			continue
		}
		l.targets = append(l.targets, t)
	}
}

// round gives every target one turn. A target with a failed turn is out: it has
// no figure, and no more turns.
func (l *lab) round(ctx context.Context, p phase, series map[string][]sample) {
	var still []*target
	for _, t := range l.targets {
		s, err := l.turn(ctx, t, p)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			l.report.lose(t.figure, fmt.Errorf("run with failures: %w", err))
			continue
		}
		series[t.figure] = append(series[t.figure], s)
		still = append(still, t)
	}
	l.targets = still
}

// cpuFigure makes the figure of one target, with its ratio to every peer that
// finished beside it.
func cpuFigure(t *target, beside []*target, series map[string][]sample) figure {
	own := cpuOf(series[t.figure])
	f := figure{Name: t.figure, Unit: "µs", Value: median(own), Rounds: own, Samples: series[t.figure]}
	for _, other := range beside {
		if other != t && other.peer != "simpul" {
			f.Ratios = append(f.Ratios, ratio{pairedRatio(own, cpuOf(series[other.figure])), other.peer})
		}
		if t.peer == "simpul" && t.figure != "gateway_governed_key" && other.figure == "gateway_governed_key" { // the same call, with one thing more
			f.Ratios = append(f.Ratios, ratio{pairedRatio(own, cpuOf(series[other.figure])), other.figure})
		}
	}
	return f
}

func cpuOf(samples []sample) []float64 {
	var values []float64
	for _, s := range samples {
		values = append(values, s.CPU)
	}
	return values
}
