package feasibility

import (
	"context"
	"slices"
	"sync"
	"time"
)

// usualLatency is what 95 of 100 answers should begin within where a provider
// promises nothing.
const usualLatency = time.Second

// lookLatency makes a few calls, some at once, and measures until the head of
// each answer is there.
func lookLatency(ctx context.Context, t *test, c *Check) {
	if t.unavailable(c) {
		return
	}
	if !t.base.safe() {
		c.skip(say("Tidak ada operasi aman untuk diukur.", "There is no safe operation to measure."))
		return
	}
	took, failed := t.load(ctx, t.revealing())
	if failed > 0 {
		c.add(Finding{Outcome: Fail, Place: t.base.String(), What: sayf("%d dari %d panggilan tidak dijawab pada beban kecil.", "%d of %d calls were not answered at a small load.", failed, loadCalls),
			Remedy: sayf("Layani paling sedikit %d panggilan sekaligus.", "Serve at least %d calls at once.", loadAtOnce)})
	}
	if len(took) == 0 {
		return
	}
	limit, outcome := t.subject.Latency, Fail
	if limit == 0 {
		limit, outcome = usualLatency, Warn
	}
	f := figures(took, limit)
	t.report.Latency = &f
	c.Note = sayf("%d panggilan, %d sekaligus: 95 dari 100 dijawab dalam %d ms (batas %d ms).", "%d calls, %d at once: 95 of 100 answered within %d ms (limit %d ms).", f.Calls, loadAtOnce, f.P95, f.Limit)
	if f.P95 > f.Limit {
		c.add(Finding{Outcome: outcome, Place: t.base.String(), What: say("Lebih lambat daripada yang dijanjikan, atau daripada satu detik bila tidak ada janji.", "Slower than promised, or than a second where nothing is promised."),
			Expected: limit.String(), Got: (time.Duration(f.P95) * time.Millisecond).String(), Remedy: say("Percepat layanan, misalnya dengan indeks basis data, atau ubah serviceLevel.latencyMillis menjadi yang sanggup ditepati.", "Make the service faster, such as by an index of its database, or set serviceLevel.latencyMillis to what can be kept.")})
	}
}

// load makes the calls and returns how long each took.
func (t *test) load(ctx context.Context, s specimen) (took []time.Duration, failed int) {
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range loadAtOnce {
		workers.Go(func() {
			for range loadCalls / loadAtOnce {
				start := t.Now()
				_, err := t.send(ctx, s, proven, 0)
				spent := t.Now().Sub(start)
				mu.Lock()
				if took = append(took, spent); err != nil {
					took = took[:len(took)-1]
					failed++
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	return took, failed
}

func figures(took []time.Duration, limit time.Duration) Figures {
	slices.Sort(took)
	at := func(share float64) int64 { return took[int(float64(len(took)-1)*share)].Milliseconds() }
	return Figures{Calls: len(took), Limit: limit.Milliseconds(), Median: at(0.5), P95: at(0.95), Slowest: at(1)}
}
