package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// headroom is how much the heap may grow between two collections, bytes, where
// what is live is less. A hub with few LIDs would else collect many times a
// second under load, since its live heap is small.
const headroom = 96 << 20

// tendCollector keeps the garbage collector's pace by the headroom until ctx
// ends. Whoever sets GOGC decides instead.
func tendCollector(ctx context.Context) {
	if _, set := os.LookupEnv("GOGC"); set {
		return
	}
	every := time.NewTicker(10 * time.Second)
	defer every.Stop()
	for {
		debug.SetGCPercent(collectorPace(liveHeap()))
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// collectorPace is the percentage of the live heap by which it may grow.
func collectorPace(live uint64) int {
	const least, most = 100, 1000
	if live == 0 {
		return most
	}
	return int(min(most, max(least, 100*headroom/live)))
}

func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return headroom
	}
	return sample[0].Value.Uint64()
}
