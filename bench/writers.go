//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// write puts one record where it is durable, and returns when it is.
type write func(ctx context.Context, record []byte) error

// writersPlan is what a child of writers needs to know.
type writersPlan struct {
	Dir     string        `json:"dir"` // for the journal
	DSN     string        `json:"dsn"` // for PostgreSQL
	Writers int           `json:"writers"`
	WarmUp  time.Duration `json:"warm_up_ns"`
	Slot    time.Duration `json:"slot_ns"`
}

// writersResult is what all writers together did in the slot.
type writersResult struct {
	Records int           `json:"records"`
	Elapsed time.Duration `json:"elapsed_ns"`
	P50     time.Duration `json:"p50_ns"`
	P99     time.Duration `json:"p99_ns"`
}

func (r writersResult) perSecond() float64 { return float64(r.Records) / r.Elapsed.Seconds() }

// recordOfWriters is as long as the record of an exchange of class tertutup.
var recordOfWriters = []byte(fmt.Sprintf(`{"kind":"sealed","fill":"%0700d"}`, 0))

// serveWriters makes a child that opens a store, and has the writers of each plan
// that it is sent write there.
func serveWriters(open func(context.Context, writersPlan) (write, func() error, error)) child {
	return func(ctx context.Context, in io.Reader, out io.Writer) error {
		var p writersPlan
		if err := json.NewDecoder(in).Decode(&p); err != nil {
			return fmt.Errorf("writers: plan: %w", err)
		}
		put, done, err := open(ctx, p)
		if err != nil {
			return err
		}
		if _, err := writeFor(ctx, put, p.Writers, p.WarmUp); err != nil {
			return err
		}
		result, err := writeFor(ctx, put, p.Writers, p.Slot)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(out).Encode(result); err != nil {
			return err
		}
		return done()
	}
}

// writeFor has as many writers write one record after the other for so long.
func writeFor(ctx context.Context, put write, writers int, d time.Duration) (writersResult, error) {
	begun := time.Now()
	took, failed := make([][]time.Duration, writers), make([]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for failed[w] == nil && time.Since(begun) < d {
				at := time.Now()
				failed[w] = put(ctx, recordOfWriters)
				took[w] = append(took[w], time.Since(at))
			}
		})
	}
	all.Wait()
	elapsed := time.Since(begun)
	for _, err := range failed {
		if err != nil {
			return writersResult{}, err
		}
	}
	each := slices.Sorted(slices.Values(slices.Concat(took...)))
	return writersResult{len(each), elapsed, percentile(each, 50), percentile(each, 99)}, nil
}
