//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
)

// lab is what one experiment works in: an origin, the targets before it, and a
// scratch directory. All of it is gone when the experiment ends.
type lab struct {
	settings
	report  *report
	dir     string
	origin  *origin
	targets []*target
	running []*process
}

// withLab sets up a lab, runs the experiment in it, and clears it away.
func withLab(ctx context.Context, s settings, r *report, run func(context.Context, *lab) error) error {
	dir, err := os.MkdirTemp("", "simpul-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o, err := startOrigin(ctx)
	if err != nil {
		return err
	}
	l := &lab{settings: s, report: r, dir: dir, origin: o}
	defer l.clear()
	return run(ctx, l)
}

func (l *lab) clear() {
	for _, p := range l.running {
		p.stop()
	}
	l.origin.process.stop()
}

// direct is the way to the origin without a proxy.
func (l *lab) direct(ctx context.Context) (*target, error) {
	t := plain("direct", l.origin.process, l.origin.address)
	t.figure = ""
	return t, t.await(ctx)
}

// addPeers starts every peer. A peer that is not installed or does not answer is
// told to lost and is not among the targets.
func (l *lab) addPeers(ctx context.Context, lost func(figure string, err error)) {
	starts := map[string]func() (*target, error){}
	order := []string{}
	for _, p := range peers() {
		order = append(order, p.name)
		starts[p.name] = func() (*target, error) { return p.start(ctx, l.dir, l.origin.address, runtime.NumCPU()) }
	}
	order = append(order, "reverseproxy")
	starts["reverseproxy"] = func() (*target, error) { return startReverseProxy(ctx, l.origin.address) }
	for _, name := range order {
		t, err := starts[name]()
		if err == nil {
			l.running = append(l.running, t.proxy)
			err = t.await(ctx)
		}
		if err != nil {
			lost("proxy_plain_"+name, err)
			continue
		}
		l.targets = append(l.targets, t)
	}
}

// sample is one turn of one target.
type sample struct {
	Requests   int     `json:"requests"`
	CPU        float64 `json:"cpu_us_per_request"`
	PerSecond  float64 `json:"requests_per_second"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
	Late       float64 `json:"generator_late_p99_ms"` // how late the load itself was
	OtherUsers float64 `json:"other_users_percent"`   // of the machine's CPU, spent on none of our processes
}

// turn gives one target its turn: connect, warm up, measure. It fails unless
// every request was answered rightly and the origin saw each of them once.
func (l *lab) turn(ctx context.Context, t *target, p phase) (sample, error) {
	load, err := startLoad(ctx, t.plan(l.Connections))
	if err != nil {
		return sample{}, err
	}
	defer load.close()
	if _, err := load.run(phase{Duration: l.WarmUp, Max: l.MaxRequests}); err != nil {
		return sample{}, fmt.Errorf("warm-up: %w", err)
	}
	before, err := l.look(ctx, t)
	if err != nil {
		return sample{}, err
	}
	result, err := load.run(p)
	if err != nil {
		return sample{}, err
	}
	after, err := l.look(ctx, t)
	if err != nil {
		return sample{}, err
	}
	return after.since(before, result)
}

// instant is everything that is read before and after a phase.
type instant struct {
	at     time.Time
	target cpuReading
	ours   cpuReading
	busy   time.Duration
	calls  int
}

// look waits for the target to come to rest and reads all counters.
func (l *lab) look(ctx context.Context, t *target) (i instant, err error) {
	if i.target, err = settle(ctx, t.proxy.pid); err != nil {
		return i, err
	}
	if i.calls, err = l.origin.calls(ctx); err != nil {
		return i, err
	}
	if i.ours, err = readCPU(os.Getpid()); err != nil {
		return i, err
	}
	i.at = time.Now()
	i.busy, err = machineBusy()
	return i, err
}

// settle waits until the process tree rests: less than 1 % of one core over
// 100 ms, or 3 s at most. So work that a target puts off until after the answer,
// such as writing records, is charged to the requests that caused it.
func settle(ctx context.Context, pid int) (cpuReading, error) {
	const interval, limit = 100 * time.Millisecond, 30
	last, err := readCPU(pid)
	for i := 0; err == nil && i < limit; i++ {
		if err = pause(ctx, interval); err != nil {
			break
		}
		var now cpuReading
		if now, err = readCPU(pid); err != nil {
			break
		}
		used, gone := now.since(last)
		last = now
		if gone == nil && used < interval/100 {
			return last, nil
		}
	}
	return last, err
}

// since turns two instants and what the load saw between them into a sample.
func (i instant) since(earlier instant, r phaseResult) (sample, error) {
	if calls := i.calls - earlier.calls; calls != r.Sent {
		return sample{}, fmt.Errorf("the origin saw %d requests of %d sent", calls, r.Sent)
	}
	used, err := i.target.since(earlier.target)
	if err != nil {
		return sample{}, err
	}
	return sample{
		Requests:   r.OK,
		CPU:        float64(used.Nanoseconds()) / 1e3 / float64(r.OK),
		PerSecond:  float64(r.OK) / r.Elapsed.Seconds(),
		P50:        milliseconds(r.P50),
		P99:        milliseconds(r.P99),
		Late:       milliseconds(r.LateP99),
		OtherUsers: i.otherUsers(earlier),
	}, nil
}

// otherUsers is the share of the machine's CPU time, in percent, that went to
// processes outside this benchmark. The machine counts in ticks of 10 ms, so
// this is rough; it tells a quiet machine from a busy one. Our own processes
// that ended between the instants count as others: none does in a turn.
func (i instant) otherUsers(earlier instant) float64 {
	ours := i.ours.reaped - earlier.ours.reaped
	for pid, used := range i.ours.used {
		ours += used - earlier.ours.used[pid]
	}
	all := time.Duration(runtime.NumCPU()) * i.at.Sub(earlier.at)
	return max(0, float64(i.busy-earlier.busy-ours)/float64(all)*100)
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

// addGateway starts Simpul with the LIDs and grants of the benchmark.
func (l *lab) addGateway(ctx context.Context) (*gateway, error) {
	g, err := startGateway(ctx, l.Simpul, l.dir)
	if err != nil {
		return nil, err
	}
	l.running = append(l.running, g.process)
	return g, g.provision(ctx, l.origin.address)
}

// isMissing reports whether err says that a target is not there at all, which
// is a figure skipped and not a figure failed.
func isMissing(err error) bool { return errors.Is(err, errNotInstalled) || errors.Is(err, errNotBuilt) }
