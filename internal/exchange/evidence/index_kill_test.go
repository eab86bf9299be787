package evidence

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// The test starts itself again as a process that records and indexes exchanges,
// and kills it. The index that reads on must know all that the journal has, each
// once.

const indexChildEnv = "SIMPUL_TEST_EVIDENCE_INDEX"

func TestKilledIndexChild(t *testing.T) {
	data := os.Getenv(indexChildEnv)
	if data == "" {
		t.Skip("only as a child of TestKilledIndexReadsOn")
	}
	j, err := OpenJournal(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqldb.Open(t.Context(), "sqlite://"+filepath.Join(data, "simpul.db"))
	if err != nil {
		t.Fatal(err)
	}
	x := NewIndex(db, j, quiet)
	go x.Run(context.Background())
	r := newRandom(uint64(time.Now().UnixNano()))
	for i := 0; ; i++ { // until killed
		for _, one := range r.records(1+r.IntN(200), 1) {
			if _, err := j.Append(t.Context(), appendRecord(nil, one.record.Kind, &one.record.Exchange)); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("acknowledged\t%d\t%d\n", i, x.position.get())
	}
}

func TestKilledIndexReadsOn(t *testing.T) {
	data := t.TempDir()
	db, err := sqldb.Open(t.Context(), "sqlite://"+filepath.Join(data, "simpul.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		killAfter(t, "TestKilledIndexChild", indexChildEnv+"="+data, 1+rand.IntN(10), map[uint64]string{})
		j, err := OpenJournal(data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		x, stop := runIndex(t, db, j)
		caughtUp(t, x)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		v := &view{known: map[simpul.ExchangeID]Indexed{}}
		v.add(j, recordsOf(t, j))
		v.compare(t, newRandom(1), NewExchanges(db, nil), 1)
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// recordsOf reads a journal as the index does.
func recordsOf(t *testing.T, j *Journal) (records []indexed) {
	t.Helper()
	payloads, err := readAll(t, j, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range payloads {
		record, err := DecodeRecord([]byte(p))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, indexed{sequence: uint64(i + 1), record: record})
	}
	return records
}
