package catalog

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Whoever begins a LID has a contract before an address: the address is proposed
// from what the contract says. Until one is chosen, the LID is kept under a name
// of its own, which no address can have, so that nothing is held for ever by an
// upload.

// begunGroup stands where an address has its group.
const begunGroup = "~"

const begunPrefix = begunGroup + "/"

// mostBegun is how many LIDs without an address an agency may have.
const mostBegun = 50

// Begin keeps a draft that has no address yet, and returns the name by which
// [Service.Own] finds it.
func (s *Service) Begin(ctx context.Context, p simpul.Principal, spec Spec) (string, error) {
	spec.State = Draft
	if _, err := spec.read(); err != nil {
		return "", err
	}
	id := strings.ToLower(rand.Text()[:16])
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		n, err := countBegun(ctx, tx, spec.Agency)
		if err != nil {
			return err
		}
		if n >= mostBegun {
			return tooManyBegun()
		}
		if err := putBegun(ctx, tx, id, spec, s.now()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, spec.Agency, "lid.begin", begunPrefix+id))
	})
	return begunPrefix + id, refusal(err, begunPrefix+id, spec)
}

func tooManyBegun() error {
	return &simpul.Error{
		Code:    simpul.CodeLimited,
		Message: simpul.Text{ID: "Instansi Anda punya 50 LID yang baru dimulai dan belum beralamat.", EN: "Your agency has 50 LIDs that were begun and have no address."},
		Remedy:  simpul.Text{ID: "Lanjutkan atau buang sebagian di halaman LID instansi saya.", EN: "Go on with some of them, or discard some, on the page of your agency's LIDs."},
	}
}

// Recast changes a draft that has no address yet.
func (s *Service) Recast(ctx context.Context, p simpul.Principal, name string, spec Spec) error {
	spec.State = Draft
	if _, err := spec.read(); err != nil {
		return err
	}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := putBegun(ctx, tx, strings.TrimPrefix(name, begunPrefix), spec, s.now()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, spec.Agency, "lid.begin", name))
	})
	return refusal(err, name, spec)
}

// Begun lists the drafts without an address that the scope covers, the newest
// first.
func (s *Service) Begun(ctx context.Context, p simpul.Principal) (all []httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listBegun(ctx, tx)
		return err
	})
	return all, err
}

// Settle gives a draft its address. Nothing at that address is replaced.
func (s *Service) Settle(ctx context.Context, p simpul.Principal, name string, address simpul.Address, spec Spec) error {
	if _, err := s.Own(ctx, p, string(address)); err == nil {
		return alreadyYours(address)
	}
	if _, err := s.Put(ctx, p, string(address), spec, false); err != nil {
		return err
	}
	return s.Discard(ctx, p, name)
}

func alreadyYours(address simpul.Address) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "metadata.id",
		Message: simpul.Text{ID: "Instansi Anda sudah punya LID di alamat " + string(address) + ".", EN: "Your agency has a LID at " + string(address) + " already."},
		Remedy:  simpul.Text{ID: "Pilih Nama lain, atau buka LID itu untuk mengubahnya.", EN: "Choose another Name, or open that LID to change it."},
	}
}

// Discard forgets a draft that has no address.
func (s *Service) Discard(ctx context.Context, p simpul.Principal, name string) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		owner, err := dropBegun(ctx, tx, strings.TrimPrefix(name, begunPrefix))
		if err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, owner, "lid.discard", name))
	})
	return sqldb.Coded(err, kindLID, name)
}

// Try tells whether an agency could have an address, and why not. It holds
// nothing.
func (s *Service) Try(ctx context.Context, p simpul.Principal, address simpul.Address, agency simpul.AgencyID) error {
	spec := Spec{Agency: agency, State: Draft}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		return sqldb.Rehearse(true, hold(ctx, tx, address, spec))
	})
	if err = refusal(err, string(address), spec); err != nil {
		return err
	}
	if _, err := s.Own(ctx, p, string(address)); err == nil {
		return alreadyYours(address)
	}
	return nil
}

// Selection narrows a list of one's own LIDs.
type Selection struct {
	Agency simpul.AgencyID // "" for all that the scope covers
	State  State           // "" for all
	Text   string          // within the title or the address
	After  simpul.Address
	Limit  int
}

// Owned lists the LIDs that the scope covers, in the order of their addresses.
// Unlike [Service.List] it leaves out what others publish.
func (s *Service) Owned(ctx context.Context, p simpul.Principal, by Selection) (all []httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = ownLIDs(ctx, tx, by)
		return err
	})
	return all, err
}

// Own returns a LID of an agency that the scope covers, also one that has no
// address yet. What others publish is not found.
func (s *Service) Own(ctx context.Context, p simpul.Principal, id string) (l httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		l, err = getLID(ctx, tx, id)
		return err
	})
	if err == nil && !p.Scope().Covers(l.Spec.Agency) {
		err = sqldb.ErrNoRows
	}
	if errors.Is(err, sqldb.ErrNoRows) {
		return httpapi.Stored[Spec]{}, simpul.NotFound(kindLID, id)
	}
	return l, sqldb.Coded(err, kindLID, id)
}
