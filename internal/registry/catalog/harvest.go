package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/catalog/dcat"
)

// harvested is an entry of another catalogue. It can be found and not called.
type harvested struct {
	source   string // address of the other catalogue
	entry    dcat.Entry
	document string // the entry as JSON
	digest   string // SHA-256 of document, in hex
}

// modified is the time of the entry in milliseconds; 0 for one that says none.
func (h harvested) modified() int64 {
	if h.entry.Modified.IsZero() {
		return 0
	}
	return h.entry.Modified.UnixMilli()
}

// key names the entry among all sources.
func (h harvested) key() string { return h.source + " " + h.entry.URI }

// Harvest is what taking in a document did.
type Harvest struct {
	Entries int // in the document
	Changed int // of them, stored anew
}

// Source is another catalogue of which entries were taken in.
type Source struct {
	Source  string
	Entries int
	TakenAt time.Time // the newest change
}

// Harvests is the use cases on what other catalogues have.
type Harvests struct {
	db  *sqldb.DB
	now clock.Clock
}

// NewHarvests returns the use cases on the database.
func NewHarvests(db *sqldb.DB, now clock.Clock) *Harvests { return &Harvests{db, now} }

var kindSource = simpul.Text{ID: "Katalog lain", EN: "Other catalogue"}

// Take takes in a page of another catalogue, all of it or nothing. Pages may
// come in any order and more than once: of an entry the latest delivery stays.
// What a later document lacks stays too, since it may be another page; see
// [Harvests.Forget].
func (s *Harvests) Take(ctx context.Context, p simpul.Principal, source string, document []byte) (Harvest, error) {
	if err := checkSource(source); err != nil {
		return Harvest{}, err
	}
	entries, err := dcat.Read(document)
	if err != nil {
		return Harvest{}, err
	}
	done := Harvest{Entries: len(entries)}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := forNation(tx); err != nil {
			return err
		}
		done.Changed, err = s.takeIn(ctx, tx, source, entries)
		if err != nil {
			return err
		}
		if done.Changed > 0 {
			if err := tx.Revise(ctx, revisionHarvest, source); err != nil {
				return err
			}
		}
		event := trail.By(p, "", "catalog.harvest", source)
		event.Detail = fmt.Sprintf("%d of %d entries changed", done.Changed, done.Entries)
		return trail.Append(ctx, tx, event)
	})
	return done, err
}

func (s *Harvests) takeIn(ctx context.Context, tx *sqldb.Tx, source string, entries []dcat.Entry) (changed int, err error) {
	for _, e := range entries {
		text, err := json.Marshal(e)
		if err != nil {
			return changed, fmt.Errorf("encode entry: %w", err)
		}
		sum := sha256.Sum256(text)
		stored, err := putHarvested(ctx, tx, harvested{source, e, string(text), hex.EncodeToString(sum[:])}, s.now())
		if err != nil {
			return changed, err
		}
		if stored {
			changed++
		}
	}
	return changed, nil
}

// Forget removes everything that was taken in from a source.
func (s *Harvests) Forget(ctx context.Context, p simpul.Principal, source string) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := forNation(tx); err != nil {
			return err
		}
		n, err := deleteSource(ctx, tx, source)
		switch {
		case err != nil:
			return err
		case n == 0:
			return sqldb.ErrNoRows
		}
		if err := tx.Revise(ctx, revisionHarvest, source); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "catalog.forget", source))
	})
	return sqldb.Coded(err, kindSource, source)
}

// Sources lists the catalogues of which entries were taken in; they are public.
func (s *Harvests) Sources(ctx context.Context) (all []Source, err error) {
	err = s.db.Read(ctx, simpul.PublicScope(), func(tx *sqldb.Tx) error {
		all, err = listSources(ctx, tx)
		return err
	})
	return all, err
}

// forNation refuses whoever does not act for the nation.
func forNation(tx *sqldb.Tx) error {
	if tx.Scope() == simpul.NationScope() {
		return nil
	}
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Hanya operator nasional yang memanen katalog lain.", EN: "Only the national operator harvests other catalogues."},
		Remedy:  simpul.Text{ID: "Minta operator hub.", EN: "Ask the operator of the hub."},
	}
}

func checkSource(source string) error {
	if publicURL(source, "https", "http") && len(source) <= 500 {
		return nil
	}
	return simpul.Invalid("source",
		simpul.Text{ID: "Alamat katalog asal bukan URL http atau https yang sederhana.", EN: "The source is not a plain http or https URL."},
		simpul.Text{ID: "Tulis alamat katalognya, misalnya https://data.jabarprov.go.id.", EN: "Write the catalogue's address, such as https://data.jabarprov.go.id."})
}
