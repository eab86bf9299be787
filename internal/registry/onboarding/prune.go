package onboarding

import (
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// prunedAtOnce bounds how many cases are looked up before they are worked on,
// each in a transaction of its own.
const prunedAtOnce = 100

// Prune drops what was kept long enough, and returns of how many cases that was.
//
//   - A case that was never accepted and that nobody touched since the time keeps
//     the agency's facts, the letter's number and what was decided; its documents
//     and what was written of people go, and its code ends. One that waits for the
//     operator stays whole, however long it waits.
//   - Of a case with an accepted version, documents go that the newest accepted
//     version replaced before the time. That version, later ones and the draft
//     keep theirs for as long as the agency exists.
func (s *Service) Prune(ctx context.Context, before time.Time) (int64, error) {
	abandoned, err := s.eachCase(ctx, before, neverAccepted, s.strip)
	if err != nil {
		return abandoned, err
	}
	replaced, err := s.eachCase(ctx, before, withOldDocuments, s.dropReplaced)
	return abandoned + replaced, err
}

// eachCase works on every case that the list has, and counts those of which
// something went.
func (s *Service) eachCase(ctx context.Context, before time.Time,
	list func(ctx context.Context, tx *sqldb.Tx, before time.Time, after string, most int) ([]string, error),
	prune func(ctx context.Context, tx *sqldb.Tx, id string, before time.Time) (bool, error)) (n int64, err error) {
	for after := ""; ; {
		var ids []string
		err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			ids, err = list(ctx, tx, before, after, prunedAtOnce)
			return err
		})
		if err != nil || len(ids) == 0 {
			return n, err
		}
		for _, id := range ids {
			pruned, err := s.pruneCase(ctx, id, before, prune)
			if err != nil {
				return n, err
			}
			if pruned {
				n++
			}
		}
		after = ids[len(ids)-1]
	}
}

// pruneCase works on one case that is held, and writes down that something went.
func (s *Service) pruneCase(ctx context.Context, id string, before time.Time, prune func(context.Context, *sqldb.Tx, string, time.Time) (bool, error)) (pruned bool, err error) {
	err = s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := s.store.hold(ctx, tx, id); err != nil {
			return err
		}
		if pruned, err = prune(ctx, tx, id, before); err != nil || !pruned {
			return err
		}
		c, err := s.store.byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.store.markPruned(ctx, tx, id, s.now()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.Event{At: s.now(), Agency: c.Owner, Actor: trail.Hub, Action: "onboarding.prune", Subject: id})
	})
	return pruned && err == nil, err
}

// strip leaves of a case that was never accepted what is of nobody. It looks
// again: somebody may have gone on with the case since it was listed.
func (s *Service) strip(ctx context.Context, tx *sqldb.Tx, id string, before time.Time) (bool, error) {
	c, err := s.store.byID(ctx, tx, id)
	if err != nil || !c.State.writable() || !c.UpdatedAt.Before(before) {
		return false, err
	}
	versions, err := s.store.versions(ctx, tx, id)
	if err != nil || newestAccepted(versions) != nil {
		return false, err
	}
	c.Form = c.Form.impersonal()
	if err := s.store.save(ctx, tx, c); err != nil {
		return false, err
	}
	for _, v := range versions {
		if err := s.store.stripVersion(ctx, tx, id, v.Number, v.Form.impersonal()); err != nil {
			return false, err
		}
	}
	if err := dropDocuments(ctx, tx, id); err != nil {
		return false, err
	}
	return true, s.store.endCode(ctx, tx, id)
}

// impersonal is the form without what was written of people, and without its
// documents, whose very names may tell of them.
func (f Form) impersonal() Form {
	f.Team, f.Purpose, f.Documents = nil, "", nil
	return f
}

// dropReplaced drops documents that only versions before the newest accepted one
// name, or none at all, if that version was accepted before the time.
func (s *Service) dropReplaced(ctx context.Context, tx *sqldb.Tx, id string, before time.Time) (bool, error) {
	c, err := s.store.byID(ctx, tx, id)
	if err != nil {
		return false, err
	}
	versions, err := s.store.versions(ctx, tx, id)
	accepted := newestAccepted(versions)
	if err != nil || accepted == nil || !accepted.DecidedAt.Before(before) {
		return false, err
	}
	keep := slices.Clone(c.Form.Documents)
	for _, v := range versions {
		if v.Number >= accepted.Number {
			keep = append(keep, v.Form.Documents...)
		}
	}
	stored, err := documentsBefore(ctx, tx, id, before)
	if err != nil {
		return false, err
	}
	replaced := slices.DeleteFunc(stored, func(document string) bool {
		return slices.ContainsFunc(keep, func(d Document) bool { return d.ID == document })
	})
	for _, document := range replaced {
		if err := dropDocument(ctx, tx, id, document); err != nil {
			return false, err
		}
	}
	return len(replaced) > 0, nil
}

// newestAccepted returns the newest version that was accepted, nil for none.
// The versions come newest first.
func newestAccepted(versions []Version) *Version {
	if i := slices.IndexFunc(versions, func(v Version) bool { return v.Outcome == Accepted }); i >= 0 {
		return &versions[i]
	}
	return nil
}

// named reports whether a version names the document.
func named(versions []Version, document string) bool {
	return slices.ContainsFunc(versions, func(v Version) bool {
		return slices.ContainsFunc(v.Form.Documents, func(d Document) bool { return d.ID == document })
	})
}

func documentDropped() error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Dokumen ini sudah dihapus karena masa simpannya lewat.", EN: "This document was dropped: it was kept for as long as the rule says."},
		Remedy:  simpul.Text{ID: "Buka dokumen versi terbaru, atau minta berkasnya kepada instansi.", EN: "Open the newest version's documents, or ask the agency for the file."},
	}
}
