package tracker

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Sealer seals what only the hub itself may read, for its place in the database.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Keys are the keys of pseudonyms, one a month, in memory. All processes on one
// database have the same ones. Reading takes no lock and no SQL.
type Keys struct {
	db     *sqldb.DB
	sealer Sealer
	now    clock.Clock
	held   atomic.Pointer[map[Month]*key]
}

// NewKeys returns no keys yet; Load reads them.
func NewKeys(db *sqldb.DB, sealer Sealer, now clock.Clock) *Keys {
	k := &Keys{db: db, sealer: sealer, now: now}
	k.held.Store(&map[Month]*key{})
	return k
}

const revisionKey = "TrackerKey"

// at is the key of the month in which something happened.
func (k *Keys) at(t time.Time) (*key, error) {
	var text [len(monthLayout)]byte
	if one, ok := (*k.held.Load())[Month(t.UTC().AppendFormat(text[:0], monthLayout))]; ok {
		return one, nil
	}
	return nil, &simpul.Error{
		Code: simpul.CodeUnavailable, Retry: time.Minute,
		Message: simpul.Text{ID: "Hub belum dapat mencatat data siapa yang dilihat, sehingga data pribadi tidak diberikan.", EN: "The hub cannot record whose data are seen at present, so that no personal data are given out."},
		Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi. Bila berulang, hubungi operator hub: kunci jejak akses bulan ini tidak ada.", EN: "Try again in a while. If it returns, tell the operator of the hub: this month's key of the access tracker is missing."},
	}
}

// months lists those whose keys are held, the newest first.
func (k *Keys) months() []Month {
	return slices.SortedFunc(maps.Keys(*k.held.Load()), func(a, b Month) int { return cmp.Compare(b, a) })
}

// pseudonyms are what a person is called in every month whose key is kept, the
// newest first.
func (k *Keys) pseudonyms(nik simpul.NIK) (all []simpul.Pseudonym) {
	held := *k.held.Load()
	for _, month := range k.months() {
		if one, ok := held[month]; ok {
			all = append(all, one.pseudonym(nik))
		}
	}
	return all
}

// Load makes the keys of this month and of the next where they are missing, and
// reads all that are kept.
func (k *Keys) Load(ctx context.Context) error {
	now := MonthOf(k.now())
	if err := k.Ensure(ctx, now, now.Next()); err != nil {
		return err
	}
	return k.read(ctx)
}

// Refresh reads the keys again where one was made or destroyed.
func (k *Keys) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	if !slices.ContainsFunc(changes, func(r sqldb.Revision) bool { return r.Kind == revisionKey }) {
		return nil
	}
	return k.read(ctx)
}

func (k *Keys) read(ctx context.Context) error {
	var rows []keyRow
	err := k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		rows, err = keptKeys(ctx, tx)
		return err
	})
	held := map[Month]*key{}
	for _, row := range rows {
		secret, failed := k.open(row)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("key of the access tracker for %s: %w", row.month, failed))
			continue
		}
		held[row.month] = newKey(row.month, secret)
	}
	if err == nil {
		k.held.Store(&held)
	}
	return err
}

func (k *Keys) open(row keyRow) ([]byte, error) {
	sealed, err := base64.StdEncoding.DecodeString(row.sealed)
	if err != nil {
		return nil, err
	}
	return k.sealer.Open(sealed, keyTable, string(row.month), "sealed")
}

// Ensure makes the keys of months that have none. Of two processes that do so at
// one time one is first, and both use its key. A destroyed key is not made again.
func (k *Keys) Ensure(ctx context.Context, months ...Month) error {
	err := k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, month := range months {
			if err := k.ensure(ctx, tx, month); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("make keys of the access tracker: %w", err)
	}
	return nil
}

func (k *Keys) ensure(ctx context.Context, tx *sqldb.Tx, month Month) error {
	if known, err := hasKey(ctx, tx, month); known || err != nil {
		return err
	}
	sealed, err := k.sealer.Seal(newSecret(), keyTable, string(month), "sealed")
	if err != nil {
		return err
	}
	made, err := insertKey(ctx, tx, keyRow{month, base64.StdEncoding.EncodeToString(sealed)}, k.now())
	if err != nil || !made {
		return err
	}
	if err := tx.Revise(ctx, revisionKey, string(month)); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.Event{Actor: trail.Hub, Action: "tracker.key", Subject: string(month)})
}

// Destroy destroys the key of a month that is over: nobody, the hub included, can
// tell any more which of that month's accesses were to whose data. It cannot be
// undone.
func (k *Keys) Destroy(ctx context.Context, p simpul.Principal, month Month) error {
	if err := p.Need(simpul.KeepTracker); err != nil {
		return err
	}
	if month >= MonthOf(k.now()) {
		return notOver(month)
	}
	err := k.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := destroyKey(ctx, tx, month, k.now()); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionKey, string(month)); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "tracker.destroy", string(month)))
	})
	if err != nil {
		return sqldb.Coded(err, simpul.Text{ID: "Kunci jejak akses", EN: "Key of the access tracker"}, string(month))
	}
	return k.read(ctx)
}

func notOver(month Month) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Bulan " + string(month) + " belum berakhir, dan kuncinya masih dipakai.", EN: "The month " + string(month) + " is not over, and its key is in use."},
		Remedy:  simpul.Text{ID: "Tunggu sampai bulannya berakhir.", EN: "Wait until the month is over."},
	}
}

// Prune destroys the keys of months that ended before the time, as retention asks.
func (k *Keys) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	for _, month := range k.months() {
		if month.Next().Begin().After(before) {
			continue
		}
		if err := k.Destroy(ctx, simpul.TheHub(), month); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Name names persons in an exchange that did not pass the gateway, with the key of
// its month, which is made where there is none.
func (k *Keys) Name(ctx context.Context, x *simpul.Exchange, persons ...simpul.NIK) error {
	if _, err := k.at(x.OpenedAt); err != nil {
		if err := k.Ensure(ctx, MonthOf(x.OpenedAt)); err != nil {
			return err
		}
		if err := k.read(ctx); err != nil {
			return err
		}
	}
	of, err := k.at(x.OpenedAt)
	if err != nil {
		return err
	}
	for _, nik := range persons {
		x.Persons = append(x.Persons, of.pseudonym(nik))
	}
	return nil
}
