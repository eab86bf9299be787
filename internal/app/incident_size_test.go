package app

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/incident"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// incidentAccesses is how many accesses the application of TestWhoWasAffectedAtSize
// had. The full size:
//
//	scripts/with-postgres go test ./internal/app -run TestWhoWasAffectedAtSize -v -timeout 1h -incident-accesses 1000000
var incidentAccesses = flag.Int("incident-accesses", 20_000, "accesses in TestWhoWasAffectedAtSize")

// Whom an application affected is answered, exported and matched in memory that the
// number of accesses does not move. The figures are in the log (-v): seconds, and by
// how much the peak of memory grew.
func TestWhoWasAffectedAtSize(t *testing.T) {
	const (
		leaky      = simpul.ApplicationID("layanan@bandungkota.go.id")
		mostMemory = 160 << 20 // bytes beyond what the process held before
	)
	n := *incidentAccesses
	from, until := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	onBoth(t, func(t *testing.T, h *Hub) {
		fillAccesses(t, h, leaky, from, until, n)
		ctx, operator := t.Context(), simpul.Acting("dedi@komdigi.go.id", simpul.RoleOperator, "")

		var one incident.Case
		measure(t, "count", n, mostMemory, func() (err error) {
			one, err = h.Incidents.Note(ctx, operator, incident.Wish{Application: string(leaky), From: "2026-10-20", Until: "2026-11-21"})
			return err
		})
		want, least := affectedBy(n)
		if a := one.Answer; a.Persons != want || a.Least != least || a.Exchanges != int64(n)/2 || len(a.Months) != 2 {
			t.Errorf("%d–%d persons in %d exchanges; want %d–%d in %d", a.Least, a.Persons, a.Exchanges, least, want, n/2)
		}
		for _, format := range []incident.Format{incident.CSV, incident.JSON} {
			lines := &counter{}
			measure(t, string(format), n, mostMemory, func() error {
				return h.Incidents.Export(ctx, operator, one.ID, incident.File{Format: format}, func(incident.Case) io.Writer { return lines })
			})
			if lines.lines < want {
				t.Errorf("%s has %d lines for %d persons", format, lines.lines, want)
			}
		}
		measure(t, "letter", n, mostMemory, func() error {
			return h.Incidents.Export(ctx, operator, one.ID, incident.File{Format: incident.PDFAuthority}, func(incident.Case) io.Writer { return io.Discard })
		})
		measure(t, "match 10,000 NIKs", n, mostMemory, func() error {
			_, err := h.Incidents.Match(ctx, operator, one.ID, niks(10_000))
			return err
		})
	})
}

// onBoth opens a hub on each engine.
func onBoth(t *testing.T, test func(*testing.T, *Hub)) {
	for engine, url := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return testkit.PostgresURL(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			c := config.Default()
			c.Data, c.Database.URL = t.TempDir(), url(t)
			if err := c.Validate(); err != nil {
				t.Fatal(err)
			}
			h, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.Close() })
			test(t, h)
		})
	}
}

// counter counts lines.
type counter struct{ lines int }

func (c *counter) Write(b []byte) (int, error) {
	c.lines += strings.Count(string(b), "\n")
	return len(b), nil
}

// niks is a list of so many.
func niks(n int) io.Reader {
	var list strings.Builder
	for i := range n {
		fmt.Fprintf(&list, "327301010190%04d\n", i%9999+1)
	}
	return strings.NewReader(list.String())
}

// accessAt is the i-th access of n: two in each exchange, six persons in ten, and
// the time spread evenly. A person is somebody else in the next month.
func accessAt(i, n int, from, until time.Time) (exchange string, person string, at time.Time) {
	at = from.Add(until.Sub(from) / time.Duration(n) * time.Duration(i/2*2))
	var key [16]byte
	binary.BigEndian.PutUint64(key[:], uint64(i%max(1, n*6/10)))
	copy(key[8:], at.Format("2006-01"))
	sum := sha256.Sum256(key[:])
	return fmt.Sprintf("x%09d", i/2), at.Format("2006-01") + ":" + base64.RawURLEncoding.EncodeToString(sum[:16]), at
}

func affectedBy(n int) (all, least int) {
	from, until := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	months := map[string]map[string]bool{"2026-10": {}, "2026-11": {}}
	for i := range n {
		_, person, _ := accessAt(i, n, from, until)
		months[person[:7]][person] = true
	}
	for _, persons := range months {
		all, least = all+len(persons), max(least, len(persons))
	}
	return all, least
}

// fillAccesses writes what the tracker would have.
func fillAccesses(t *testing.T, h *Hub, application simpul.ApplicationID, from, until time.Time, n int) {
	t.Helper()
	const atOnce = 50_000
	began := time.Now()
	for done := 0; done < n; done += atOnce {
		err := h.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			put, err := tx.Prepare(t.Context(), `INSERT INTO tracker_access (exchange, person, journal, sequence, opened_at, consumer_application, consumer_agency,
				address, version, provider_agency, grant_id, purpose, basis, fields, case_number, outcome, status, unnamed)
				VALUES ($1, $2, 'j', $3, $4, $5, $6, 'kependudukan/Penduduk', '1.0', 'kemendagri.go.id', 'g', 'melayani warga', 'UU', 'nama alamat', '', '', 200, 0)`)
			if err != nil {
				return err
			}
			for i := done; i < min(done+atOnce, n); i++ {
				exchange, person, at := accessAt(i, n, from, until)
				if _, err := put.Exec(t.Context(), exchange, person, int64(i), at.UnixMilli(), application, application.Agency()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d accesses were written in %.1f s", n, time.Since(began).Seconds())
}

// measure runs something, logs its figures, and holds its memory to a bound.
func measure(t *testing.T, what string, n int, most int64, run func() error) {
	t.Helper()
	debug.FreeOSMemory() // what is free already would hide what this takes
	before := resident(t, "VmRSS")
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak begins anew, where the system lets it
	began := time.Now()
	if err := run(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	took, grown := time.Since(began), resident(t, "VmHWM")-before
	t.Logf("%s of %d accesses: %.2f s, memory grew by at most %.0f MB", what, n, took.Seconds(), float64(grown)/1e6)
	if grown > most {
		t.Errorf("%s grew by %d bytes", what, grown)
	}
}

// resident is a line of /proc/self/status, in bytes.
func resident(t *testing.T, name string) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}
