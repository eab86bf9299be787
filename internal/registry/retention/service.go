package retention

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionChange is the name of the act that needs a second person.
const ActionChange = "retention.change"

// Proposer puts before a second person what one alone must not do.
type Proposer interface {
	Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (id string, err error)
}

// Keeper drops what is over, of one kind.
type Keeper interface {
	Kind() string // of Kinds
	// Prune drops what is before the time and tells how much that was. It may be
	// called on every node at any time.
	Prune(ctx context.Context, before time.Time) (int64, error)
}

// Service is the use cases on retention.
type Service struct {
	db        *sqldb.DB
	proposals Proposer
	now       clock.Clock
	keepers   map[string]Keeper
}

// New returns the use cases on the database. Keep names who drops things.
func New(db *sqldb.DB, proposals Proposer, now clock.Clock) *Service {
	return &Service{db, proposals, now, map[string]Keeper{}}
}

// Keep makes keepers known, before the first sweep.
func (s *Service) Keep(keepers ...Keeper) {
	for _, k := range keepers {
		s.keepers[k.Kind()] = k
	}
}

// Rules lists how long each kind is kept. They are the same for everybody.
func (s *Service) Rules(ctx context.Context) (all []Rule, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = s.rules(ctx, tx)
		return err
	})
	return all, err
}

// Rule returns how long one kind is kept.
func (s *Service) Rule(ctx context.Context, kind string) (Rule, error) {
	if _, err := kindOf(kind); err != nil {
		return Rule{}, err
	}
	all, err := s.Rules(ctx)
	for _, r := range all {
		if r.Name == kind {
			return r, err
		}
	}
	return Rule{}, err
}

func (s *Service) rules(ctx context.Context, tx *sqldb.Tx) ([]Rule, error) {
	changed, err := changedRules(ctx, tx)
	if err != nil {
		return nil, err
	}
	runs, err := lastRuns(ctx, tx)
	if err != nil {
		return nil, err
	}
	var all []Rule
	for _, k := range Kinds() {
		r := Rule{Kind: k, Days: k.Default, Basis: k.Basis}
		if c, ok := changed[k.Name]; ok {
			r.Days, r.Basis, r.UpdatedAt = max(c.Days, k.Minimum), c.Basis, c.UpdatedAt
		}
		r.RanAt, r.Dropped = runs[k.Name].RanAt, runs[k.Name].Dropped
		_, r.Kept = s.keepers[k.Name]
		all = append(all, r)
	}
	return all, nil
}

// Change proposes to keep a kind for as long as the wish says, and returns the
// proposal's ID.
func (s *Service) Change(ctx context.Context, p simpul.Principal, w Wish, why string) (id string, err error) {
	w, err = w.check()
	if err != nil {
		return "", err
	}
	content, err := json.Marshal(w)
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := s.Present(ctx, tx, w.Kind)
		if err != nil {
			return err
		}
		if bytes.Equal(before, content) {
			return unchanged()
		}
		id, err = s.proposals.Propose(ctx, tx, p, ActionChange, w.Kind, "", before, content, why)
		return err
	})
	return id, sqldb.Coded(err, simpul.Text{ID: "Masa simpan", EN: "Retention"}, w.Kind)
}

// Present returns the rule of a kind, as a proposal remembers it.
func (s *Service) Present(ctx context.Context, tx *sqldb.Tx, kind string) ([]byte, error) {
	all, err := s.rules(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Name == kind {
			return json.Marshal(Wish{r.Name, r.Days, r.Basis})
		}
	}
	return nil, nil
}

// PutApproved stores a rule that a second person has approved, unless the rule is
// not any more what it was before. The revision comes first: it makes those who
// approve two changes of one kind at once take turns.
func (s *Service) PutApproved(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, before, content []byte) error {
	w, err := ReadWish(content)
	if err != nil {
		return err
	}
	if w, err = w.check(); err != nil {
		return err
	}
	if err := tx.Revise(ctx, revisionRetention, w.Kind); err != nil {
		return err
	}
	now, err := s.Present(ctx, tx, w.Kind)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, before) {
		return changedMeanwhile()
	}
	if err := putRule(ctx, tx, w, s.now()); err != nil {
		return err
	}
	e := trail.By(p, "", ActionChange, w.Kind)
	e.Detail = strconv.Itoa(w.Days) + " days"
	return trail.Append(ctx, tx, e)
}

// ReadWish reads what a proposal has as its content.
func ReadWish(content []byte) (w Wish, err error) {
	if err := json.Unmarshal(content, &w); err != nil {
		return Wish{}, fmt.Errorf("decode retention: %w", err)
	}
	return w, nil
}

// Sweep has every keeper drop what is over. The failure of one does not keep
// the others from it.
func (s *Service) Sweep(ctx context.Context) error {
	all, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range all {
		if keeper, ok := s.keepers[r.Name]; ok {
			failed = append(failed, s.sweep(ctx, keeper, r))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) sweep(ctx context.Context, keeper Keeper, r Rule) error {
	now := s.now()
	dropped, err := keeper.Prune(ctx, now.AddDate(0, 0, -max(r.Days, r.Minimum)))
	if err != nil {
		return fmt.Errorf("drop %s: %w", r.Name, err)
	}
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := putRun(ctx, tx, r.Name, now, dropped); err != nil || dropped == 0 {
			return err
		}
		return trail.Append(ctx, tx, trail.Event{Actor: trail.Hub, Action: "retention.prune", Subject: r.Name, Detail: strconv.FormatInt(dropped, 10)})
	})
}

func tooShort(k Kind) error {
	days := strconv.Itoa(k.Minimum)
	return simpul.Invalid("days",
		simpul.Text{ID: k.Title.ID + " disimpan sekurang-kurangnya " + days + " hari.", EN: k.Title.EN + ": at least " + days + " days."},
		simpul.Text{ID: "Tulis " + days + " atau lebih.", EN: "Write " + days + " or more."})
}

func changedMeanwhile() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Masa simpan ini baru saja diubah oleh usulan lain.", EN: "This retention was just changed by another proposal."},
		Remedy:  simpul.Text{ID: "Tarik usulan ini, lalu ajukan lagi dari keadaan sekarang.", EN: "Withdraw this proposal, and propose anew from the present state."},
	}
}

func unchanged() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Masa simpan dan dasar hukumnya sudah seperti itu.", EN: "The retention and its legal basis are so already."},
		Remedy:  simpul.Text{ID: "Ubah jumlah hari atau dasar hukumnya, atau biarkan.", EN: "Change the days or the legal basis, or leave it."},
	}
}
