//go:build linux

package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Figures of a hub with 10,000 LIDs of 300 distinct contracts.
const (
	nationReadyFigure  = "gateway_10k_ready"
	nationMemoryFigure = "gateway_10k_rss"
	changeFigure       = "gateway_change_failed"
)

func nationFigures() []string { return []string{nationReadyFigure, nationMemoryFigure, changeFigure} }

const (
	changeEvery = 100 * time.Millisecond
	changeFor   = 60 * time.Second
	quietFor    = 20 * time.Second // of the same load, without changes, before and after
)

// startNation starts the hub with its LIDs again and again, and measures how soon
// it is ready and what it holds in memory then.
func (l *lab) startNation(ctx context.Context, g *gateway) (*gateway, error) {
	key, begun := g.key, []float64{}
	for range l.Rounds {
		again, took, err := l.again(ctx, g)
		if err != nil {
			return nil, err
		}
		g, begun = again, append(begun, took.Seconds())
	}
	g.key = key
	l.report.add(figure{Name: nationReadyFigure, Unit: "s", Value: median(begun), Rounds: begun})
	m, err := readMemory(g.process.pid)
	if err != nil {
		return nil, err
	}
	l.report.add(figure{Name: nationMemoryFigure, Unit: "MB", Value: float64(m.now) / 1e6})
	return g, nil
}

// changeNation changes one LID after the other while calls of another one go on
// at a constant rate, and counts the calls that fail. Beside it stands how much
// later the slowest hundredth of the calls was than without changes.
func (l *lab) changeNation(ctx context.Context, g *gateway) error {
	if !l.report.wants(changeFigure) {
		return nil
	}
	t := g.governed()
	if err := t.await(ctx); err != nil {
		return err
	}
	load, err := startLoad(ctx, t.plan(l.Connections))
	if err != nil {
		return err
	}
	defer load.close()
	l.report.progress("changing a LID every %s for %s under %.0f calls a second", changeEvery, changeFor, l.Rate)
	before, err := load.run(l.steady(quietFor))
	if err != nil {
		return err
	}
	changed, during, err := g.changeUnder(ctx, load, l.steady(changeFor))
	if err != nil {
		return err
	}
	after, err := load.run(l.steady(quietFor))
	if err != nil {
		return err
	}
	quiet := milliseconds(max(before.P99, after.P99))
	l.report.add(figure{Name: changeFigure, Unit: "count", Value: float64(during.Sent - during.OK)})
	l.report.aside(figure{Name: "LIDs changed meanwhile", Unit: "count", Value: float64(changed)})
	l.report.aside(figure{Name: "p99 without changes", Unit: "ms", Value: quiet})
	l.report.aside(figure{Name: "p99 rise while LIDs change", Unit: "ms", Value: milliseconds(during.P99) - quiet})
	return nil
}

func (l *lab) steady(d time.Duration) phase {
	return phase{Duration: d, Max: int(l.Rate*d.Seconds()) + 1, Rate: l.Rate}
}

// changeUnder runs a phase of load and, as long as it lasts, changes LIDs in turn.
func (g *gateway) changeUnder(ctx context.Context, load *load, p phase) (changed int, during phaseResult, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var refused error
	var changing sync.WaitGroup
	changing.Go(func() { changed, refused = g.keepChanging(ctx) })
	during, err = load.count(p)
	stop()
	changing.Wait()
	if err == nil && refused != nil {
		err = fmt.Errorf("change %d: %w", changed, refused)
	}
	return changed, during, err
}

func (g *gateway) keepChanging(ctx context.Context) (changed int, err error) {
	every := time.NewTicker(changeEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return changed, nil
		case <-every.C:
		}
		r := nationLID(changed % nationLIDs)
		r.Spec["description"] = "Perubahan ke-" + strconv.Itoa(changed) + " selama panggilan berjalan."
		if _, err := g.control.send(ctx, http.MethodPut, r.path(), r); err != nil && ctx.Err() == nil {
			return changed, err
		}
		changed++
	}
}
