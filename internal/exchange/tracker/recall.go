package tracker

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Recall returns what calls each with the pseudonyms that a person has in the
// months, of those whose key is held, and which of the months have a key no more:
// nobody of them is found again. A month in which the hub had no key yet is neither.
func (k *Keys) Recall(ctx context.Context, months []Month) (of func(simpul.NIK, func(simpul.Pseudonym)), gone []Month, err error) {
	held := *k.held.Load()
	var keys []*key
	for _, m := range months {
		if one, ok := held[m]; ok {
			keys = append(keys, one)
		}
	}
	err = k.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, m := range months {
			destroyed, err := keyIsGone(ctx, tx, m)
			if err != nil {
				return err
			}
			if destroyed {
				gone = append(gone, m)
			}
		}
		return nil
	})
	return func(nik simpul.NIK, each func(simpul.Pseudonym)) {
		for _, one := range keys {
			each(one.pseudonym(nik))
		}
	}, gone, err
}
