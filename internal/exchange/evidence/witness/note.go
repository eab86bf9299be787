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
	return best(found), err
}

// best merges the cosignatures of the checkpoint with the most witnesses. Those
// found are ordered by size, the largest first.
func best(found []sealed) []byte {
	byNote := map[string][]sealed{}
	var notes []string // in the order in which they were found
	for _, s := range found {
		if len(byNote[s.Note]) == 0 {
			notes = append(notes, s.Note)
		}
		byNote[s.Note] = put(byNote[s.Note], s)
	}
	if len(notes) == 0 {
		return nil
	}
	most := slices.MaxFunc(notes, func(a, b string) int { return cmp.Compare(len(byNote[a]), len(byNote[b])) })
	return merge(most, byNote[most])
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

// merge writes cosignatures below a note, in the order of the witnesses' names.
func merge(note string, all []sealed) []byte {
	slices.SortFunc(all, func(a, b sealed) int { return cmp.Compare(a.Witness, b.Witness) })
	var b strings.Builder
	b.WriteString(note)
	for _, s := range all {
		b.WriteString(s.Line)
	}
	return []byte(b.String())
}
