package metering

import (
	"time"

	"simpul"
)

// Cause is how exchanges ended: Delivered, FailedAnswer, or the code of the
// error.
type Cause string

const (
	Delivered    Cause = ""
	FailedAnswer Cause = "failed_answer" // the provider answered that it failed (5xx)
)

// causeOf returns how an exchange ended.
func causeOf(x *simpul.Exchange) Cause {
	if x.Outcome == "" && x.Status >= 500 {
		return FailedAnswer
	}
	return Cause(x.Outcome)
}

// about is what is counted apart.
type about struct {
	address     simpul.Address
	version     string
	operation   simpul.Operation // empty where days are counted
	provider    simpul.AgencyID
	application simpul.ApplicationID
	grant       simpul.GrantID
	side        simpul.Side
	cause       Cause
}

// key is one cell of the table: an hour, or a day, and what is counted apart.
type key struct {
	at int64
	about
}

// Sums are what is counted.
type Sums struct {
	Calls         int64
	RequestBytes  int64
	ResponseBytes int64
	Time          time.Duration // of all calls together
	UpstreamTime  time.Duration // that providers took to begin their answers, together
	Latency       Histogram     // of the whole exchange
	Upstream      Histogram     // of it, waiting for the provider; only of exchanges that got there
}

// count adds one exchange.
func (s *Sums) count(x *simpul.Exchange) {
	s.Calls++
	s.RequestBytes += x.RequestBytes
	s.ResponseBytes += x.ResponseBytes
	s.Time += x.Latency.Truncate(time.Microsecond) // as it is stored
	s.Latency.Add(x.Latency)
	if x.Upstream > 0 {
		s.UpstreamTime += x.Upstream.Truncate(time.Microsecond)
		s.Upstream.Add(x.Upstream)
	}
}

// Merge adds other sums.
func (s *Sums) Merge(o *Sums) {
	s.Calls += o.Calls
	s.RequestBytes += o.RequestBytes
	s.ResponseBytes += o.ResponseBytes
	s.Time += o.Time
	s.UpstreamTime += o.UpstreamTime
	s.Latency.Merge(&o.Latency)
	s.Upstream.Merge(&o.Upstream)
}

// Bytes are what went both ways.
func (s *Sums) Bytes() int64 { return s.RequestBytes + s.ResponseBytes }

// batch is what was counted since the last time that it was stored.
type batch struct {
	from, end uint64 // after the one position up to the other
	cells     map[key]*Sums
	since     time.Time // of the first record; zero for none
}

func newBatch(at uint64) *batch { return &batch{from: at, end: at, cells: map[key]*Sums{}} }

// add counts a sealed exchange in the hour in which it ended.
func (b *batch) add(x *simpul.Exchange) {
	k := key{hourOf(x.OpenedAt.Add(x.Latency)), about{x.Address, x.Version, x.Operation, x.Provider, x.Consumer.Application, x.Grant, x.Blame(), causeOf(x)}}
	sums := b.cells[k]
	if sums == nil {
		sums = &Sums{}
		b.cells[k] = sums
	}
	sums.count(x)
}

// days adds the hours up to days, operations together.
func (b *batch) days() map[key]*Sums {
	all := map[key]*Sums{}
	for k, hour := range b.cells {
		k.at, k.operation = dayOfHour(k.at), simpul.Operation{}
		if all[k] == nil {
			all[k] = &Sums{}
		}
		all[k].Merge(hour)
	}
	return all
}

// hourOf counts hours since the Unix epoch.
func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// wibAhead is how many hours Jakarta is ahead of UTC; a day is one of Jakarta.
const wibAhead = 7

// dayOfHour counts days of Jakarta since 1 January 1970.
func dayOfHour(hour int64) int64 { return (hour + wibAhead) / 24 }

func dayOf(t time.Time) int64 { return dayOfHour(hourOf(t)) }

func startOfHour(hour int64) time.Time { return time.Unix(hour*3600, 0).UTC() }

// startOfDay is midnight in Jakarta.
func startOfDay(day int64) time.Time { return startOfHour(day*24 - wibAhead) }
