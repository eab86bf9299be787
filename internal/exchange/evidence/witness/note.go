package witness

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Cosigned returns the checkpoint that proves an entry best: of those that cover
// at least so many entries and no more than the log has, the one that most
// witnesses cosigned, and of these the newest. The cosignatures stand below the
// log's own signature in one note. It returns nothing where no witness has
// cosigned such a checkpoint yet.
//
// An older checkpoint that covers the entry is as good a proof that it is in the
// log as a newer one, and a better one of when.
func (g *Gatherer) Cosigned(ctx context.Context, atLeast uint64) (note []byte, err error) {
	var found []sealed
	err = g.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		found, err = covering(ctx, tx, g.log.Origin(), max(atLeast, 1), g.log.Size())
		return err
	})
	if err == nil && g.Report().State == Disputed {
		found, err = g.ofThisLog(ctx, found)
	}
	if err != nil {
		return nil, err
	}
	return merge(best(found)), nil
}

// Held is [Gatherer.Cosigned] for a log that has ended, of which nobody is asked any more:
// what witnesses cosigned of it as it is.
func (g *Gatherer) Held(ctx context.Context, atLeast uint64) ([]byte, error) {
	var found []sealed
	err := g.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		found, err = covering(ctx, tx, g.log.Origin(), max(atLeast, 1), g.log.Size())
		return err
	})
	if err == nil {
		found, err = g.ofThisLog(ctx, found)
	}
	if err != nil {
		return nil, err
	}
	return merge(best(found)), nil
}

// ofThisLog leaves what is cosigned of the log as it is: one that was put back
// and grew anew cannot prove its entries by what was cosigned before.
func (g *Gatherer) ofThisLog(ctx context.Context, found []sealed) (kept []sealed, err error) {
	r, err := g.round(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		ours := s.Size <= r.Size
		if ours {
			if ours, err = g.contains(ctx, r.Checkpoint, s); err != nil {
				return nil, err
			}
		}
		if ours {
			kept = append(kept, s)
		}
	}
	return kept, nil
}

// best returns the cosignatures of the checkpoint that has the most. Those found
// are ordered by size, the largest first.
func best(found []sealed) (most []sealed) {
	byNote := map[string][]sealed{}
	for _, s := range found {
		byNote[s.Note] = put(byNote[s.Note], s)
	}
	for _, s := range found { // in their order, so that the newest stays where others have as many
		if all := byNote[s.Note]; len(all) > len(most) {
			most = all
		}
	}
	return most
}

// put adds a cosignature; of two of one witness the later stays.
func put(all []sealed, s sealed) []sealed {
	i := slices.IndexFunc(all, func(o sealed) bool { return o.Witness == s.Witness })
	if i < 0 {
		return append(all, s)
	}
	if s.At.After(all[i].At) {
		all[i] = s
	}
	return all
}

// merge writes cosignatures of one checkpoint below its note, in the order of the
// witnesses' names; nothing where there are none.
func merge(all []sealed) []byte {
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b sealed) int { return cmp.Compare(a.Witness, b.Witness) })
	var b strings.Builder
	b.WriteString(all[0].Note)
	for _, s := range all {
		b.WriteString(s.Line)
	}
	return []byte(b.String())
}
