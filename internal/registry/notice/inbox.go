package notice

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Filter narrows an inbox. A zero field does not.
type Filter struct {
	Unread bool // only what was not read
	News   bool // without what waits for somebody to act
}

func (f Filter) state() string {
	if f.Unread {
		return string(Unread)
	}
	return ""
}

func (f Filter) reach() string {
	if f.News {
		return "news"
	}
	return "all"
}

// place is a position in a list that is sorted by time and ID, newest first.
type place struct {
	at int64
	id string
}

// newest is before the first entry.
func newest() place { return place{at: math.MaxInt64} }

func (p place) String() string { return strconv.FormatInt(p.at, 10) + " " + p.id }

func parsePlace(s string) (place, error) {
	if s == "" {
		return newest(), nil
	}
	at, id, ok := strings.Cut(s, " ")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return place{}, simpul.Invalid("query.cursor",
			simpul.Text{ID: "Kursor tidak sah.", EN: "The cursor is not valid."},
			simpul.Text{ID: "Gunakan nilai next dari halaman sebelumnya, atau hilangkan cursor.", EN: "Use the value of next from the page before, or leave cursor out."})
	}
	return place{ms, id}, nil
}

// most is how many entries waiting are shown at once.
const most = 100

// owner returns whose inbox the principal has. A program has none.
func owner(p simpul.Principal) (simpul.AccountID, error) {
	if err := p.Need(simpul.OwnAccount); err != nil {
		return "", err
	}
	if p.Account == "" {
		return "", &simpul.Error{
			Code:    simpul.CodeDenied,
			Message: simpul.Text{ID: "Kotak masuk dimiliki akun orang; token tidak memilikinya.", EN: "People's accounts have an inbox; a token has none."},
			Remedy:  simpul.Text{ID: "Masuk dengan akun Anda sendiri.", EN: "Sign in with your own account."},
		}
	}
	return p.Account, nil
}

// within reads the account's own rows: they are in its agency's scope, whatever
// roles the person holds.
func (s *Service) within(ctx context.Context, account simpul.AccountID, fn func(*sqldb.Tx) error) error {
	return s.db.Read(ctx, simpul.AgencyScope(account.Agency()), fn)
}

// Waiting returns the entries on which the account has to act, the earliest date
// first, a hundred at most.
func (s *Service) Waiting(ctx context.Context, account simpul.AccountID) (all []Entry, err error) {
	if account == "" {
		return nil, nil
	}
	err = s.within(ctx, account, func(tx *sqldb.Tx) error {
		stored, err := listWaiting(ctx, tx, account, most)
		if err != nil {
			return err
		}
		all, err = s.openEntries(stored)
		return err
	})
	return all, err
}

// Unread counts what the account has not read. Where that cannot be told it is
// 0: a header without a number is better than no page.
func (s *Service) Unread(ctx context.Context, account simpul.AccountID) (n int) {
	if account == "" {
		return 0
	}
	err := s.within(ctx, account, func(tx *sqldb.Tx) (err error) {
		n, err = countUnread(ctx, tx, account)
		return err
	})
	if err != nil {
		return 0
	}
	return n
}

// List returns a page of the principal's own inbox, newest first, and the cursor
// of the next page; "" after the last.
func (s *Service) List(ctx context.Context, p simpul.Principal, f Filter, cursor string, limit int) (page []Entry, next string, err error) {
	account, err := owner(p)
	if err != nil {
		return nil, "", err
	}
	before, err := parsePlace(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.within(ctx, account, func(tx *sqldb.Tx) error {
		stored, err := listEntries(ctx, tx, account, f, before, limit+1)
		if err != nil {
			return err
		}
		page, err = s.openEntries(stored)
		return err
	})
	if len(page) > limit {
		page = page[:limit]
		next = place{page[limit-1].At.UnixMilli(), page[limit-1].ID}.String()
	}
	return page, next, err
}

var kindNotice = simpul.Text{ID: "Pesan", EN: "Notice"}

// Mark sets how far the principal has come with an entry of their own.
func (s *Service) Mark(ctx context.Context, p simpul.Principal, id string, state State) (e Entry, err error) {
	account, err := owner(p)
	if err != nil {
		return e, err
	}
	if state != Unread && state != Read && state != Done {
		return e, simpul.Invalid("body.state",
			simpul.Text{ID: fmt.Sprintf("Keadaan %q tidak dikenal.", state), EN: fmt.Sprintf("State %q is unknown.", state)},
			simpul.Text{ID: "Gunakan unread, read, atau done.", EN: "Use unread, read or done."})
	}
	err = s.db.Write(ctx, simpul.AgencyScope(account.Agency()), func(tx *sqldb.Tx) error {
		if err := markEntry(ctx, tx, account, id, state); err != nil {
			return err
		}
		stored, err := getEntry(ctx, tx, account, id)
		if err != nil {
			return err
		}
		e, err = s.openEntry(stored)
		return err
	})
	return e, sqldb.Coded(err, kindNotice, id)
}

// ReadAll marks all news in the principal's own inbox as read. What waits for
// the reader to act stays as it is.
func (s *Service) ReadAll(ctx context.Context, p simpul.Principal) error {
	account, err := owner(p)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, simpul.AgencyScope(account.Agency()), func(tx *sqldb.Tx) error {
		return markAllRead(ctx, tx, account)
	})
}
