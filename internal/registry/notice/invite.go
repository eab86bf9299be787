package notice

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Purposes of an invitation.
const (
	Join    = "join"    // somebody gets an account
	Recover = "recover" // somebody gets back into theirs
)

// invitation is the sealed part of a letter to somebody who cannot be looked up.
type invitation struct {
	To       string          `json:"to"`
	Name     string          `json:"name"`
	Language simpul.Language `json:"language"`
	Link     string          `json:"link"` // with the code, in its fragment
	Purpose  string          `json:"purpose"`
	Until    time.Time       `json:"until"`
}

// Invite posts a letter to somebody who has no account yet, or cannot get into
// it, in the transaction that made the invitation. The link is absolute. It is
// tried until the invitation ends, five days at most; after that, and once it
// went, its address and text are erased.
func (s *Service) Invite(ctx context.Context, tx *sqldb.Tx, to, name string, language simpul.Language, link, purpose string, until time.Time) error {
	if purpose != Join && purpose != Recover {
		return fmt.Errorf("invite: purpose %q", purpose)
	}
	if u, err := url.Parse(link); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("invite: the link is not absolute")
	}
	if !isLine(name, maxTitle) || !isLine(to, maxTitle) {
		return fmt.Errorf("invite: name or address is not one line")
	}
	id, now := newID(), s.now()
	text, err := sealed(s.seal, invitation{to, name, language, link, purpose, until}, mailTable, id)
	if err != nil {
		return err
	}
	ends := now.Add(patience)
	if until.Before(ends) {
		ends = until
	}
	agency := simpul.AgencyID(tx.Tenant())
	if tx.Scope() == simpul.NationScope() {
		agency = "" // nobody but the nation may see what becomes of it
	}
	return insertMail(ctx, tx, parcel{
		ID: id, Agency: agency, Kind: letterToStranger, Topic: "account." + purpose, Urgent: true,
		sealed: text, next: now, At: now, ends: ends,
	})
}
