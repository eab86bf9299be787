package incident

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/platform/sqldb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	bandung    simpul.AgencyID      = "bandungkota.go.id"
	kemendagri simpul.AgencyID      = "kemendagri.go.id"
	bps        simpul.AgencyID      = "bps.go.id" // takes part in nothing
	leaky      simpul.ApplicationID = "layanan@bandungkota.go.id"
	penduduk   simpul.Address       = "kependudukan/Penduduk"
	imunisasi  simpul.Address       = "kesehatan/Imunisasi"
)

var (
	noon     = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC) // 12.00 WIB
	operator = simpul.Acting("dedi@komdigi.go.id", simpul.RoleOperator, "")
	budi     = simpul.Acting("budi@bandungkota.go.id", simpul.RoleAdmin, bandung)
	rina     = simpul.Acting("rina@kemendagri.go.id", simpul.RoleDPO, kemendagri)
	cici     = simpul.Acting("cici@bps.go.id", simpul.RoleAdmin, bps)
)

// record is an access, as the records of access would have it.
type record struct {
	Access
	application simpul.ApplicationID
	provider    simpul.AgencyID
}

// book is records of access, exchanges and keys in memory.
type book struct {
	records   []record
	delivered map[simpul.Address]int64 // of the leaky application
	gone      []string                 // months without a key
	floor     time.Time                // of retention
}

// desk remembers what it was asked to tell.
type desk struct {
	mu   sync.Mutex
	told []simpul.Notice
	done []string
}

func (d *desk) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told = append(d.told, n)
	return nil
}

func (d *desk) Done(_ context.Context, _ *sqldb.Tx, key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = append(d.done, key)
	return nil
}

// topics are what was told so far, the earliest first, and what of it still waits.
func (d *desk) topics() (told, waiting []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.told {
		told = append(told, n.Topic)
		if !slices.Contains(d.done, n.Key) {
			waiting = append(waiting, n.Topic)
		}
	}
	return told, waiting
}

// room is the use cases at a time that a test sets.
type room struct {
	*Service
	*desk
	time time.Time
}

func newRoomAt(db *sqldb.DB, b *book) *room {
	r := &room{desk: new(desk), time: noon}
	r.Service = New(db, Sources{Accesses: b, Exchanges: b, Keys: b, Notices: r.desk}, func() time.Time { return r.time })
	return r
}

func (b *book) Affected(_ context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time, fn func(Reading) error) error {
	return fn(func(_ string, each func(Access) error) error {
		for _, r := range b.records {
			seen := scope.Covers(application.Agency()) || scope.Covers(r.provider)
			if !seen || r.application != application || r.At.Before(from) || !r.At.Before(until) {
				continue
			}
			if err := each(r.Access); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *book) KeptSince(context.Context) (time.Time, error) { return b.floor, nil }

func (b *book) Delivered(_ context.Context, scope simpul.Scope, application simpul.ApplicationID, _, _ time.Time) (all []Delivered, err error) {
	if application != leaky || !scope.Covers(bandung) && !scope.Covers(kemendagri) {
		return nil, nil
	}
	for lid, n := range b.delivered {
		all = append(all, Delivered{lid, simpul.Terbatas, n})
	}
	return all, nil
}

// alias is the pseudonym of a NIK in a month.
func alias(month string, nik simpul.NIK) simpul.Pseudonym {
	mac := hmac.New(sha256.New, []byte(month))
	mac.Write([]byte(nik))
	return simpul.Pseudonym(month + ":" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16]))
}

func (b *book) Pseudonymizer(_ context.Context, months []string) (func(simpul.NIK, func(simpul.Pseudonym)), []string, error) {
	var gone []string
	for _, m := range months {
		if slices.Contains(b.gone, m) {
			gone = append(gone, m)
		}
	}
	return func(nik simpul.NIK, each func(simpul.Pseudonym)) {
		for _, m := range months {
			each(alias(m, nik))
		}
	}, gone, nil
}

// The persons of the book.
const (
	siti  simpul.NIK = "3273014102900001"
	agus  simpul.NIK = "3273010203850002"
	dewi  simpul.NIK = "3273015507920003"
	elsew simpul.NIK = "3273011212800004" // affected by nobody
)

// leak is what the leaky application did from October to November: Siti in both
// months, Agus once, Dewi once with a LID of another provider.
func leak() *book {
	october, november := time.Date(2026, 10, 30, 3, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	b := &book{delivered: map[simpul.Address]int64{penduduk: 5, imunisasi: 1, "master/Kota": 7}}
	add := func(id string, at time.Time, lid simpul.Address, provider simpul.AgencyID, fields string, unnamed int, people ...simpul.NIK) {
		a := Access{Exchange: simpul.ExchangeID(id), At: at, LID: lid, Fields: fields, Unnamed: unnamed}
		for _, nik := range people {
			a.Persons = append(a.Persons, alias(at.Format("2006-01"), nik))
		}
		b.records = append(b.records, record{a, leaky, provider})
	}
	add("x1", october, penduduk, kemendagri, "nama alamat", 0, siti)
	add("x2", november, penduduk, kemendagri, "nama alamat", 0, siti, agus)
	add("x3", november.Add(time.Hour), penduduk, kemendagri, "", 40, agus)
	add("x4", november.Add(2*time.Hour), imunisasi, "kemenkes.go.id", "vaksin", 0, dewi)
	b.records = append(b.records, record{Access{Exchange: "x5", At: november, LID: penduduk, Persons: []simpul.Pseudonym{alias("2026-11", elsew)}}, "lain@bandungkota.go.id", kemendagri})
	return b
}

// wish asks about the whole of the leak.
func wish() Wish {
	return Wish{Application: string(leaky), From: "2026-10-01T00:00", Until: "2026-11-25T12:00"}
}

func newRoom(db *sqldb.DB, b *book) *Service { return newRoomAt(db, b).Service }

// gathered is what the accesses of a book affect, with room for so many at once.
func gathered(t testing.TB, q Question, atOnce int, all ...Access) *gathering {
	t.Helper()
	g, err := newGathering(q, func(_ string, each func(Access) error) error {
		for _, a := range all {
			if err := each(a); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		g.atOnce = atOnce
		err = g.tally()
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// noted notes the leak as somebody.
func noted(t testing.TB, s *Service, p simpul.Principal) Case {
	t.Helper()
	c, err := s.Note(t.Context(), p, wish())
	if err != nil {
		t.Fatal(err)
	}
	return c
}
