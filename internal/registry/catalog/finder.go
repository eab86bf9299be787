package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/catalog/finder"
)

// revisionAgency is the kind of revision by which an agency's name changes.
const revisionAgency = "Agency"

// mostIndexedFields bounds what a contract adds to the index.
const mostIndexedFields = 300

// Finder finds published LIDs by what people type. It stands beside the
// [Directory] and follows the revision log after it: Load once, then Refresh for
// each change.
type Finder struct {
	directory *Directory
	agencies  Agencies
	lids      *finder.Index
	gauge     gauge
	traits    traits
	abroad    *abroad
}

// NewFinder returns a finder that finds nothing yet. It must be closed.
func NewFinder(d *Directory, agencies Agencies) (*Finder, error) {
	lids, err := finder.New()
	if err != nil {
		return nil, err
	}
	foreign, err := finder.New()
	if err != nil {
		return nil, errors.Join(err, lids.Close())
	}
	return &Finder{directory: d, agencies: agencies, lids: lids,
		abroad: &abroad{db: d.db, index: foreign, held: map[string]harvested{}}}, nil
}

// Close lets go of the indexes.
func (f *Finder) Close() error { return errors.Join(f.lids.Close(), f.abroad.index.Close()) }

// Load takes in everything that the directory has, and what was taken in from
// other catalogues.
func (f *Finder) Load(ctx context.Context) error {
	if err := f.loadLIDs(ctx); err != nil {
		return err
	}
	return f.abroad.reread(ctx, "")
}

func (f *Finder) loadLIDs(ctx context.Context) error {
	all := f.directory.All()
	docs := make([]finder.Document, len(all))
	for i, l := range all {
		docs[i] = f.document(ctx, l)
	}
	return f.lids.Apply(docs, nil)
}

// Refresh takes in again what the revisions name, as the directory has it. It
// comes after the directory's own Refresh.
func (f *Finder) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	var put []finder.Document
	var remove []string
	for _, c := range changes {
		switch c.Kind {
		case revisionLID:
			l, err := f.directory.LID(simpul.Address(c.ID))
			if err != nil {
				remove = append(remove, c.ID)
				continue
			}
			put = append(put, f.document(ctx, l))
		case revisionAgency:
			put = append(put, f.documentsOf(ctx, simpul.AgencyID(c.ID))...)
		case revisionHarvest:
			if err := f.abroad.reread(ctx, c.ID); err != nil {
				return err
			}
		}
	}
	if len(put)+len(remove) == 0 {
		return nil
	}
	return f.lids.Apply(put, remove)
}

func (f *Finder) documentsOf(ctx context.Context, agency simpul.AgencyID) (docs []finder.Document) {
	for _, l := range f.directory.All() {
		if l.Spec.Agency == agency {
			docs = append(docs, f.document(ctx, l))
		}
	}
	return docs
}

// document is what is searched of a LID: what a reader of its page can see.
func (f *Finder) document(ctx context.Context, l *LID) finder.Document {
	owner := f.agencies.Agency(ctx, l.Spec.Agency)
	return finder.Document{
		ID: string(l.Address), Address: string(l.Address), Title: l.Spec.Title, Keywords: l.Spec.Keywords,
		Agency: owner.Name + " " + strings.TrimSuffix(string(l.Spec.Agency), ".go.id"),
		Places: f.places(ctx, l, owner),
		About:  strings.Join(append(themeNames(l.Spec.Themes), l.Spec.Description, l.Spec.Purpose), " "),
		Fields: indexedFields(l.Contract),
	}
}

// places names the regions to which a LID belongs: those of its owner and those
// that its data covers, each with its province.
func (f *Finder) places(ctx context.Context, l *LID, owner Agency) []string {
	var codes []string
	note := func(code string) {
		if province, _, inner := strings.Cut(code, "."); inner && !slices.Contains(codes, province) {
			codes = append(codes, province)
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if owner.Region != "" {
		note(owner.Region)
	}
	if c := l.Spec.Coverage; c != nil {
		for _, code := range c.Regions {
			note(code)
		}
	}
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = f.agencies.Region(ctx, code)
	}
	return names
}

func themeNames(codes []Theme) (names []string) {
	for _, code := range codes {
		if t, ok := lookUp(themes(), code); ok {
			names = append(names, t.Name.ID, t.Name.EN)
		}
	}
	return names
}

func indexedFields(c *contract.Contract) (all []string) {
	for _, op := range c.Operations {
		all = append(all, op.Summary)
		for _, p := range op.Parameters {
			all = append(all, p.Name, p.Description)
		}
		for _, field := range op.ResponseFields {
			all = append(all, field.Path, field.Description)
		}
		if len(all) > 2*mostIndexedFields {
			return all[:2*mostIndexedFields]
		}
	}
	return all
}

// search returns the LIDs that a text finds, the best first, and whether none
// has all of its words.
func (f *Finder) search(text string) (lids []*LID, loose bool, err error) {
	answer, err := f.lids.Search(text)
	if err != nil {
		return nil, false, fmt.Errorf("search the catalogue: %w", err)
	}
	lids = make([]*LID, 0, len(answer.Hits))
	for _, hit := range answer.Hits {
		if l, err := f.directory.LID(simpul.Address(hit.ID)); err == nil { // else it was withdrawn just now
			lids = append(lids, l)
		}
	}
	return lids, answer.Loose, nil
}
