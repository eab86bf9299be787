package lifecycle

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

var kindModel = simpul.Text{ID: "Model daur hidup", EN: "Life-cycle model"}

// Models are the use cases on the versions of the model. A version is named by
// the day from which it is in force.
type Models struct{ *Service }

// Models returns the use cases on the versions of the model.
func (s *Service) Models() Models { return Models{s} }

// Put stores a version that is not yet in force. One that has begun stays as it
// is: whoever stores the same again is told that nothing changed, whoever
// stores another one is refused.
func (m Models) Put(ctx context.Context, p simpul.Principal, id string, spec Model, dryRun bool) (stored httpapi.Stored[Model], err error) {
	from, err := ParseDay(id)
	if err != nil {
		return stored, simpul.At("metadata.id", err)
	}
	if err := spec.check(m.offered()); err != nil {
		return stored, err
	}
	now := m.now()
	err = m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := national(tx); err != nil {
			return err
		}
		before, err := getVersion(ctx, tx, from)
		existed, err := sqldb.Exists(before, err)
		if err != nil {
			return err
		}
		if existed && same(before.Model, spec) {
			stored = storedVersion(before)
			return nil
		}
		if err := m.mayBegin(ctx, tx, from, existed, spec); err != nil {
			return err
		}
		if err := putVersion(ctx, tx, Version{From: from, Model: spec, Author: p.ID}, now); err != nil {
			return err
		}
		event := trail.By(p, "", "lifecycle.put", string(from))
		event.Detail = fmt.Sprintf("%d steps, %d transitions", len(spec.Steps), len(spec.Transitions))
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
		after, err := getVersion(ctx, tx, from)
		stored, stored.Created = storedVersion(after), !existed
		return sqldb.Rehearse(dryRun, err)
	})
	if err != nil || dryRun {
		return stored, sqldb.Coded(err, kindModel, id)
	}
	return stored, m.settle(ctx)
}

// same reports whether two models say the same, however they were read.
func same(a, b Model) bool { return reflect.DeepEqual(a, b) || fingerprint(a) == fingerprint(b) }

// mayBegin refuses a version whose day is over, and one in which LIDs would
// stand nowhere. The very first may begin on any day.
func (m Models) mayBegin(ctx context.Context, tx *sqldb.Tx, from Day, existed bool, next Model) error {
	all, err := allVersions(ctx, tx)
	if err != nil {
		return err
	}
	today := m.today()
	switch {
	case existed && from <= today:
		return hasBegun(from)
	case from < today && len(all) > 0:
		return isOver(from, today)
	}
	standing, err := occupied(ctx, tx)
	if err != nil {
		return err
	}
	return next.houses(standing)
}

// houses refuses a model that lacks a step in which LIDs stand, or by which it
// means something else for them.
func (m Model) houses(standing map[string]map[State]int) error {
	codes := make([]string, 0, len(standing))
	for code := range standing {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		step, ok := m.Step(code)
		for state, n := range standing[code] {
			if !ok || step.State != state {
				return stillStanding(code, state, n, ok)
			}
		}
	}
	return nil
}

func storedVersion(v Version) httpapi.Stored[Model] {
	return httpapi.Stored[Model]{ID: string(v.From), Spec: v.Model, Times: v.Times}
}

// settle makes what was stored count at once on this node, due times included.
func (s *Service) settle(ctx context.Context) error {
	if err := s.Load(ctx); err != nil {
		return err
	}
	return s.Redate(ctx)
}

// Get returns a version; everybody may read it.
func (m Models) Get(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[Model], error) {
	var found Version
	from, err := ParseDay(id)
	if err != nil {
		return httpapi.Stored[Model]{}, simpul.NotFound(kindModel, clip(id, 40))
	}
	err = m.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err = getVersion(ctx, tx, from)
		return err
	})
	return storedVersion(found), sqldb.Coded(err, kindModel, id)
}

// List returns the versions, the earliest first.
func (m Models) List(ctx context.Context, p simpul.Principal, page httpapi.Page) ([]httpapi.Stored[Model], error) {
	all := []httpapi.Stored[Model]{}
	err := m.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		versions, err := allVersions(ctx, tx)
		for _, v := range versions {
			if string(v.From) > page.After && len(all) < page.Limit {
				all = append(all, storedVersion(v))
			}
		}
		return err
	})
	return all, err
}

// Delete withdraws a version that is not yet in force.
func (m Models) Delete(ctx context.Context, p simpul.Principal, id string) error {
	from, err := ParseDay(id)
	if err != nil {
		return simpul.NotFound(kindModel, clip(id, 40))
	}
	err = m.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := national(tx); err != nil {
			return err
		}
		if _, err := getVersion(ctx, tx, from); err != nil {
			return err
		}
		if from <= m.today() {
			return hasBegun(from)
		}
		if err := deleteVersion(ctx, tx, from); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "lifecycle.delete", string(from)))
	})
	if err != nil {
		return sqldb.Coded(err, kindModel, id)
	}
	return m.settle(ctx)
}

func hasBegun(from Day) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "metadata.id",
		Message: simpul.Text{ID: "Model yang berlaku sejak " + string(from) + " sudah mulai berlaku dan tidak diubah lagi.", EN: "The model from " + string(from) + " is in force already and stays as it is."},
		Remedy:  simpul.Text{ID: "Simpan model baru dengan tanggal berlaku yang belum tiba; yang lama tetap dapat dibaca.", EN: "Store a new model with a day that has not come yet; the old one can still be read."},
	}
}

func isOver(from, today Day) error {
	return simpul.Invalid("metadata.id",
		simpul.Text{ID: "Tanggal berlaku " + string(from) + " sudah lewat; hari ini " + string(today) + ".", EN: "The effective day " + string(from) + " is over; today is " + string(today) + "."},
		simpul.Text{ID: "Pilih hari ini atau hari sesudahnya.", EN: "Choose today or a later day."})
}

func stillStanding(code string, state State, n int, changed bool) error {
	what := simpul.Text{ID: "tidak ada dalam model baru", EN: "is not in the new model"}
	if changed {
		what = simpul.Text{ID: "berarti keadaan lain dalam model baru", EN: "means another state in the new model"}
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.steps",
		Message: simpul.Text{
			ID: fmt.Sprintf("Tahap %s %s, padahal %d LID (%s) berada di sana.", code, what.ID, n, state),
			EN: fmt.Sprintf("Step %s %s, but %d LIDs (%s) stand there.", code, what.EN, n, state)},
		Remedy: simpul.Text{ID: "Pertahankan tahap itu sampai LID-nya sudah pindah; lihat daftarnya dengan simpul lifecycle due atau halaman Tenggat.", EN: "Keep that step until its LIDs have moved on; see them with simpul lifecycle due or on the page of due dates."},
	}
}
