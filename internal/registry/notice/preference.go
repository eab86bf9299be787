package notice

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Preferences are how one person wants to hear of what.
type Preferences struct {
	Language simpul.Language // of letters; empty: the account's own
	Ways     map[string]Way  // by Subject.ID; all subjects
}

// way returns how the person hears of the topic.
func (p Preferences) way(topic string) Way { return p.Ways[SubjectOf(topic).ID] }

func (p Preferences) validate() error {
	if p.Language != "" && p.Language != simpul.Indonesian && p.Language != simpul.English {
		return simpul.Invalid("body.language",
			simpul.Text{ID: fmt.Sprintf("Bahasa %q tidak dikenal.", p.Language), EN: fmt.Sprintf("Language %q is unknown.", p.Language)},
			simpul.Text{ID: "Gunakan id, en, atau kosong untuk bahasa akun.", EN: "Use id, en, or nothing for the account's language."})
	}
	for _, id := range slices.Sorted(maps.Keys(p.Ways)) {
		if !slices.ContainsFunc(Subjects(), func(s Subject) bool { return s.ID == id }) {
			return simpul.Invalid("body.ways."+id,
				simpul.Text{ID: fmt.Sprintf("Kelompok %q tidak ada.", id), EN: fmt.Sprintf("There is no subject %q.", id)},
				simpul.Text{ID: "Baca dahulu preferensi Anda; di situ ada semua kelompok.", EN: "Read your preferences first; they list every subject."})
		}
		if w := p.Ways[id]; w != ByEmail && w != ByDigest && w != InInbox {
			return simpul.Invalid("body.ways."+id,
				simpul.Text{ID: fmt.Sprintf("Cara %q tidak dikenal.", w), EN: fmt.Sprintf("Way %q is unknown.", w)},
				simpul.Text{ID: "Gunakan email, digest, atau inbox.", EN: "Use email, digest or inbox."})
		}
	}
	return nil
}

// Preferences returns the principal's own.
func (s *Service) Preferences(ctx context.Context, p simpul.Principal) (prefs Preferences, err error) {
	account, err := owner(p)
	if err != nil {
		return prefs, err
	}
	err = s.within(ctx, account, func(tx *sqldb.Tx) error {
		prefs, err = preferences(ctx, tx, account)
		return err
	})
	return prefs, err
}

// Prefer stores the principal's own. A subject that is left out keeps its way.
func (s *Service) Prefer(ctx context.Context, p simpul.Principal, wanted Preferences) (prefs Preferences, err error) {
	account, err := owner(p)
	if err != nil {
		return prefs, err
	}
	if err := wanted.validate(); err != nil {
		return prefs, err
	}
	err = s.db.Write(ctx, simpul.AgencyScope(account.Agency()), func(tx *sqldb.Tx) error {
		if err := putLanguage(ctx, tx, account, wanted.Language); err != nil {
			return err
		}
		for _, subject := range slices.Sorted(maps.Keys(wanted.Ways)) {
			if err := putWay(ctx, tx, account, subject, wanted.Ways[subject]); err != nil {
				return err
			}
		}
		event := trail.By(p, account.Agency(), "preference.write", string(account))
		event.Account = account
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
		prefs, err = preferences(ctx, tx, account)
		return err
	})
	return prefs, err
}

func preferences(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (p Preferences, err error) {
	if p.Language, err = getLanguage(ctx, tx, account); err != nil {
		return p, err
	}
	if p.Ways, err = listWays(ctx, tx, account); err != nil {
		return p, err
	}
	for _, s := range Subjects() {
		p.Ways[s.ID] = cmp.Or(p.Ways[s.ID], s.Default)
	}
	return p, nil
}
