package metering

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"
)

// WriteCSV writes a usage as a table (RFC 4180, UTF-8): one row for each part of
// the period, each LID, consumer, application and cause. No text in it is
// anybody's own words, so that no cell can be a formula.
func (u *Usage) WriteCSV(w io.Writer) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	table.Write([]string{"kind", "name", "calls", "failed", "failed_consumer", "failed_provider", "failed_hub", "bytes", "upstream_seconds", "p50_ms", "p95_ms", "p99_ms"})
	for i := range u.Parts {
		p := &u.Parts[i]
		table.Write([]string{"time", p.From.Format(time.RFC3339), whole(p.Delivered + p.Failed()), whole(p.Failed()), whole(p.Consumer), whole(p.Provider), whole(p.Hub), "", "",
			millis(p.Latency.Quantile(.5)), millis(p.Latency.Quantile(.95)), millis(p.Latency.Quantile(.99))})
	}
	for _, some := range []struct {
		kind string
		all  []Party
	}{{"lid", u.LIDs}, {"consumer", u.Agencies}, {"application", u.Apps}} {
		for _, p := range some.all {
			table.Write([]string{some.kind, p.ID, whole(p.Calls), whole(p.Failed), "", "", "", whole(p.Bytes), strconv.FormatFloat(p.Upstream.Seconds(), 'f', 3, 64), "", "", ""})
		}
	}
	for _, c := range u.Causes {
		table.Write([]string{"cause", string(c.Side) + ":" + string(c.Cause), whole(c.Calls), whole(c.Calls), "", "", "", "", "", "", "", ""})
	}
	table.Flush()
	return table.Error()
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func millis(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 3, 64)
}
