package evidence

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

var (
	quiet  = slog.New(slog.DiscardHandler)
	nation = simpul.NationScope()
)

// runIndex runs an index of the journal until stop is called, or the test ends.
func runIndex(t testing.TB, db *sqldb.DB, j *Journal) (x *Index, stop func() error) {
	t.Helper()
	x = NewIndex(db, j, quiet)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	var err error
	stopped := false
	stop = func() error {
		cancel()
		if !stopped {
			err, stopped = <-done, true
		}
		return err
	}
	t.Cleanup(func() { stop() })
	return x, stop
}

// traffic makes exchanges between a few agencies, delivered and refused.
func traffic(n int, seed uint64) []*simpul.Exchange {
	r := rand.New(rand.NewPCG(seed, seed))
	consumers := []simpul.ApplicationID{"layanan@bandungkota.go.id", "bansos@bandungkota.go.id", "pajak@kemenkeu.go.id"}
	lids := []struct {
		address  simpul.Address
		provider simpul.AgencyID
		class    simpul.LIDClass
	}{
		{"kependudukan/Penduduk", "kemendagri.go.id", simpul.Tertutup},
		{"master/Kota", "kemendagri.go.id", simpul.Terbuka},
		{"pajak/Npwp", "kemenkeu.go.id", simpul.Terbatas},
	}
	all := make([]*simpul.Exchange, n)
	for i := range all {
		x := delivery(i * 60_000)
		lid := lids[r.IntN(len(lids))]
		x.Consumer.Application = consumers[r.IntN(len(consumers))]
		x.Address, x.Provider, x.Class = lid.address, lid.provider, lid.class
		x.Latency = time.Duration(1+r.IntN(50)) * time.Millisecond
		if r.IntN(5) == 0 {
			x.Outcome, x.Status = simpul.CodeDenied, 403
		}
		all[i] = x
	}
	return all
}

// record passes the exchanges through a recorder as the gateway does. One in
// ten is never sealed.
func record(t testing.TB, j *Journal, all []*simpul.Exchange) {
	t.Helper()
	r := NewRecorder(j, nil, nil)
	for i, x := range all {
		refused := x.Outcome != ""
		if !refused {
			if err := r.Open(t.Context(), &simpul.Exchange{
				ID: x.ID, OpenedAt: x.OpenedAt, Consumer: x.Consumer, Address: x.Address, Version: x.Version,
				Class: x.Class, Provider: x.Provider, Operation: x.Operation, Grant: x.Grant, Purpose: x.Purpose,
			}); err != nil {
				t.Fatal(err)
			}
		}
		if i%10 == 9 {
			continue
		}
		if err := r.Seal(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
}

// dump returns the whole of a table, in a fixed order.
func dump(t testing.TB, db *sqldb.DB, table, columns string) []string {
	t.Helper()
	var rows []string
	err := db.Read(t.Context(), nation, func(tx *sqldb.Tx) (err error) {
		rows, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (row string, err error) {
			return row, scan(&row)
		}, `SELECT `+columns+` FROM `+table+` ORDER BY 1`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func dumpView(t testing.TB, db *sqldb.DB) []string {
	t.Helper()
	rows := dump(t, db, "evidence_exchange", `id || ' ' || sequence || ' ' || state || ' ' || consumer_application || ' ' || address || ' ' ||
		grant_id || ' ' || purpose || ' ' || status || ' ' || outcome || ' ' || response_digest || ' ' || response_bytes || ' ' || latency_us`)
	rows = append(rows, dump(t, db, "evidence_page", `id || ' ' || journal || ' ' || sequence || ' ' || purpose || ' ' || count || ' ' || LENGTH(entries)`)...)
	rows = append(rows, dump(t, db, "evidence_traffic", `journal || ' ' || hour || ' ' || consumer_agency || ' ' || provider_agency || ' ' || sealed || ' ' || delivered`)...)
	return append(rows, dump(t, db, "evidence_position", `journal || ' ' || sequence`)...)
}

func TestIndexRebuiltEqualsIncremental(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := openTest(t, t.TempDir(), Options{SegmentBytes: 16 << 10})
		all := traffic(120, 1)
		var x *Index
		for i := 0; i < len(all); i += 40 { // in steps, each time with a new follower
			var stop func() error
			x, stop = runIndex(t, db, j)
			record(t, j, all[i:i+40])
			if err := x.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if x.Lag() != 0 {
				t.Errorf("caught up and %d behind", x.Lag())
			}
			if err := stop(); err != nil {
				t.Fatal(err)
			}
		}
		incremental := dumpView(t, db)

		if err := x.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		resumed(t, x)
		if rows := dumpView(t, db); len(rows) != 1 || rows[0] != j.ID().String()+" 0" {
			t.Fatalf("left after dropping: %q", rows)
		}
		x, _ = runIndex(t, db, j)
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(incremental, dumpView(t, db)); diff != "" {
			t.Errorf("rebuilt differs (-incremental +rebuilt)\n%s", diff)
		}
	})
}

// Whoever acts for the nation has every journal read anew, also those of other
// processes, which notice by themselves.
func TestRebuildAll(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		e := NewExchanges(db, nil)
		var all []*Index
		for seed := range uint64(2) {
			j := openTest(t, t.TempDir(), Options{})
			record(t, j, traffic(30, seed))
			x, _ := runIndex(t, db, j)
			caughtUp(t, x)
			all = append(all, x)
		}
		before := dumpView(t, db)
		err := db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error { return e.RebuildAll(t.Context(), tx) })
		if !errors.Is(err, sqldb.ErrScope) {
			t.Errorf("an agency rebuilds: %v", err)
		}
		if err := db.Write(t.Context(), nation, func(tx *sqldb.Tx) error { return e.RebuildAll(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
		positions, err := e.Positions(t.Context())
		if err != nil || len(positions) != 2 {
			t.Fatal(positions, err)
		}
		for _, x := range all {
			x.position.reset(0)
			caughtUp(t, x)
		}
		if diff := cmp.Diff(before, dumpView(t, db)); diff != "" {
			t.Errorf("rebuilt differs (-before +rebuilt)\n%s", diff)
		}
		positions, err = e.Positions(t.Context())
		for _, p := range positions {
			if p.Behind() != 0 || p.Again || p.At.IsZero() {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}

// A journal says how large it is, and of when its records are.
func TestJournalState(t *testing.T) {
	j := openTest(t, t.TempDir(), Options{SegmentBytes: 4096})
	all := traffic(20, 2)
	record(t, j, all)
	if err := j.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := j.State()
	if err != nil || s.ID != j.ID().String() || s.Last != j.Last() || s.Durable != s.Last || s.Segments < 2 || s.Bytes < 4096 || s.Err != nil {
		t.Errorf("%+v, %v", s, err)
	}
	if at, err := j.TimeOf(1); err != nil || !at.Equal(all[0].OpenedAt) {
		t.Errorf("first record of %v, %v", at, err)
	}
	if at, err := j.TimeOf(s.Last + 1); err != nil || !at.IsZero() {
		t.Errorf("record that is not there: %v, %v", at, err)
	}
}

func TestIndexRebuiltUnderARunningFollower(t *testing.T) {
	db := testkit.SQLite(t)
	j := openTest(t, t.TempDir(), Options{})
	x, _ := runIndex(t, db, j)
	all := traffic(20, 2)
	record(t, j, all[:10])
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	record(t, j, all[10:])
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows := dump(t, db, "evidence_exchange", "id"); len(rows) < 18 {
		t.Errorf("%d exchanges", len(rows))
	}
}

// Applying records again, from any earlier position, changes nothing.
func TestIndexRefusesToCountTwice(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := openTest(t, t.TempDir(), Options{})
		x := NewIndex(db, j, quiet)
		record(t, j, traffic(30, 3))
		if err := j.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := x.resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		r := j.Read(1)
		defer r.Close()
		records, end, err := x.read(r, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.write(t.Context(), 0, end, records); err != nil {
			t.Fatal(err)
		}
		once := dumpView(t, db)
		for from := range end {
			if err := x.write(t.Context(), from, end, records[min(int(from), len(records)):]); err == nil {
				t.Fatalf("written again from %d", from)
			}
		}
		if diff := cmp.Diff(once, dumpView(t, db)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestIndexSkipsWhatItDoesNotKnow(t *testing.T) {
	db := testkit.SQLite(t)
	j := openTest(t, t.TempDir(), Options{})
	commit(t, j, `{"kind":"erased","id":"x"}`, `not JSON`)
	record(t, j, traffic(1, 4))
	x, _ := runIndex(t, db, j)
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows := dump(t, db, "evidence_exchange", "id"); len(rows) != 1 {
		t.Errorf("exchanges %q", rows)
	}
}

func TestIndexAheadOfTheJournal(t *testing.T) {
	db := testkit.SQLite(t)
	data := t.TempDir()
	j := openTest(t, data, Options{})
	x, stop := runIndex(t, db, j)
	record(t, j, traffic(3, 5))
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(stop(), j.Close()); err != nil {
		t.Fatal(err)
	}
	cutLastRecord(t, filepath.Join(data, "evidence", segmentName(1)))

	err := NewIndex(db, openTest(t, data, Options{}), quiet).Run(t.Context())
	if _, ok := errors.AsType[*DamageError](err); !ok {
		t.Errorf("a journal with a record less than the index: %v", err)
	}
}

func TestGetWaitsForTheIndex(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := openTest(t, t.TempDir(), Options{SyncInterval: time.Hour})
		x, _ := runIndex(t, db, j)
		exchanges := NewExchanges(db, x)
		r := NewRecorder(j, nil, nil)
		for i := range 5 {
			want := delivery(i)
			if i%2 == 0 {
				want.Class = simpul.Terbuka
			}
			if err := r.Seal(t.Context(), want); err != nil {
				t.Fatal(err)
			}
			got, err := exchanges.Get(t.Context(), nation, want.ID)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(asIndexed(want, Sealed, j, uint64(i+1)), got); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestGetSaysThatTheIndexIsBehind(t *testing.T) {
	db := testkit.SQLite(t)
	j := openTest(t, t.TempDir(), Options{})
	x := NewIndex(db, j, quiet) // nobody runs it
	e := delivery(0)
	if err := NewRecorder(j, nil, nil).Seal(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-x.hurry // Get waits
		cancel()
	}()
	if _, err := NewExchanges(db, x).Get(ctx, nation, e.ID); simpul.CodeOf(err) != simpul.CodeUnavailable {
		t.Errorf("error %v", err)
	}
}

// asIndexed is the exchange as the index can know it.
func asIndexed(x *simpul.Exchange, state Kind, j *Journal, sequence uint64) Indexed {
	known := *x
	known.OpenedAt = x.OpenedAt.Truncate(time.Millisecond)
	known.Latency, known.Upstream = x.Latency.Truncate(time.Microsecond), x.Upstream.Truncate(time.Microsecond)
	known.Consumer.Credential = ""
	return Indexed{Exchange: known, State: state, Journal: j.ID().String(), Sequence: sequence}
}

// BenchmarkIndex is the time per record from memory into the view: of one
// application that calls one LID, of a hundred LIDs, of records that have nothing
// in common, and of a class whose records stay rows. On a busy machine look at the CPU time of the
// whole process instead: /usr/bin/time -f %U+%S.
func BenchmarkIndex(b *testing.B) {
	engines := map[string]func(testing.TB) *sqldb.DB{"sqlite": testkit.SQLite, "postgres": testkit.Postgres}
	loads := map[string]func(x *simpul.Exchange, i int){
		"busy": func(x *simpul.Exchange, _ int) { x.Class = simpul.Terbuka },
		"strangers": func(x *simpul.Exchange, i int) {
			x.Class, x.Address = simpul.Terbuka, simpul.Address("kependudukan/Penduduk"+strconv.Itoa(i%indexRecords))
		},
		"mixed": func(x *simpul.Exchange, i int) { // ten of each kind in a batch
			x.Class, x.Address = simpul.Terbuka, simpul.Address("kependudukan/Penduduk"+strconv.Itoa(i%100))
		},
		"durable": func(*simpul.Exchange, int) {},
	}
	for engine, open := range engines {
		for load, change := range loads {
			b.Run(engine+"/"+load, func(b *testing.B) { benchmarkIndex(b, open(b), change) })
		}
	}
}

func benchmarkIndex(b *testing.B, db *sqldb.DB, change func(x *simpul.Exchange, i int)) {
	x := NewIndex(db, openTest(b, b.TempDir(), Options{}), quiet)
	if _, err := x.resume(b.Context()); err != nil {
		b.Fatal(err)
	}
	records := make([]indexed, indexRecords)
	for i := range records {
		records[i].record = Record{Kind: Sealed, Exchange: *delivery(i)}
		change(&records[i].record.Exchange, i)
	}
	start := records[0].record.Exchange.OpenedAt
	b.ResetTimer()
	for at := 0; at < b.N; at += indexRecords {
		n := min(indexRecords, b.N-at)
		for i := range records[:n] {
			records[i].sequence = uint64(at + i + 1)
			again(&records[i].record.Exchange, start, at+i)
		}
		if err := x.write(b.Context(), uint64(at), uint64(at+n), records[:n]); err != nil {
			b.Fatal(err)
		}
	}
}

// again makes another exchange of one, 17 in a millisecond, for less than a
// random identifier costs.
func again(x *simpul.Exchange, start time.Time, i int) {
	x.OpenedAt = start.Add(time.Duration(i) * time.Millisecond / 17)
	var id [16]byte
	binary.BigEndian.PutUint64(id[:], uint64(x.OpenedAt.UnixMilli())<<16|0x7000)
	binary.BigEndian.PutUint64(id[8:], uint64(i)*0x9e3779b97f4a7c15)
	x.ID = uuidText(id)
}

func uuidText(u [16]byte) simpul.ExchangeID {
	s := hex.EncodeToString(u[:])
	return simpul.ExchangeID(s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:])
}
