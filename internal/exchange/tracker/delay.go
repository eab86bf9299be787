package tracker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionDelay is the name of the act that needs a second person.
const ActionDelay = "tracker.delay"

// By what accesses of an agency are delayed.
const (
	ByCase  = "case"
	ByGrant = "grant"
)

// Wish is that accesses of an agency are shown to the persons later.
type Wish struct {
	Agency    simpul.AgencyID `json:"agency" maxLength:"253" doc:"Whose accesses they are" example:"polri.go.id"`
	Kind      string          `json:"kind" enum:"case,grant" doc:"By the case number of the calls, or by the grant"`
	Subject   string          `json:"subject" minLength:"1" maxLength:"100" doc:"Number of the case, or the grant's id" example:"LP/B/12/XI/2026"`
	Basis     string          `json:"basis" minLength:"5" maxLength:"500" doc:"Law, and for an inquiry the order of whoever may give one" example:"KUHAP pasal 39; surat perintah penyidikan SP-12/XI/2026"`
	ShownFrom time.Time       `json:"shownFrom" doc:"From when the persons see these accesses"`
}

// Delay is a wish that a second person agreed to.
type Delay struct {
	Wish
	ID         string
	ProposedBy string
	DecidedBy  string
	DecidedAt  time.Time
}

// Over reports whether the accesses are shown.
func (d Delay) Over(now time.Time) bool { return !d.ShownFrom.After(now) }

func (w Wish) check(p Policy, now time.Time) (Wish, error) {
	var err error
	if w.Kind != ByCase && w.Kind != ByGrant {
		return w, simpul.Invalid("kind",
			simpul.Text{ID: "Pilih apakah yang ditunda akses satu berkas atau satu izin.", EN: "Choose whether the accesses of a case or of a grant are delayed."},
			simpul.Text{ID: "Pilih nomor berkas atau izin.", EN: "Choose the case number or the grant."})
	}
	if w.Subject, err = words("subject", w.Subject, 100); err != nil {
		return w, err
	}
	if w.Basis, err = words("basis", w.Basis, 500); err != nil {
		return w, err
	}
	if len(w.Basis) < 5 {
		return w, simpul.Invalid("basis",
			simpul.Text{ID: "Dasar hukumnya belum jelas.", EN: "The legal ground is not clear yet."},
			simpul.Text{ID: "Tulis undang-undang dan pasalnya, serta nomor surat perintah bila ada.", EN: "Write the law and its article, and the number of the order where there is one."})
	}
	w.ShownFrom = w.ShownFrom.UTC().Truncate(time.Millisecond)
	if last := now.AddDate(0, 0, p.DelayDays); !w.ShownFrom.After(now) || w.ShownFrom.After(last) {
		days := strconv.Itoa(p.DelayDays)
		return w, simpul.Invalid("shownFrom",
			simpul.Text{ID: "Penundaan berakhir pada hari yang akan datang, paling lama " + days + " hari lagi.", EN: "A delay ends on a day to come, at most " + days + " days from now."},
			simpul.Text{ID: "Pilih hari yang lebih dekat. Bila kelak belum cukup, usulkan perpanjangan sebagai keputusan baru.", EN: "Choose an earlier day. If that is not enough by then, propose an extension as a new decision."})
	}
	return w, nil
}

// subject names what a proposal is about.
func (w Wish) subject() string { return string(w.Agency) + " " + w.Kind + " " + w.Subject }

// Delay proposes to show accesses of an agency later, and returns the proposal's
// ID. A second person decides.
func (s *Service) Delay(ctx context.Context, p simpul.Principal, w Wish, why string) (id string, err error) {
	if err := p.Need(simpul.DelayDisclosure); err != nil {
		return "", err
	}
	if w.Agency == "" {
		w.Agency = p.Agency
	}
	if !p.Scope().Covers(w.Agency) {
		return "", simpul.NotFound(simpul.Text{ID: "Instansi", EN: "Agency"}, string(w.Agency))
	}
	err = s.DB.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		rules, err := policies(ctx, tx)
		if err != nil {
			return err
		}
		if w, err = w.check(rules, s.Now()); err != nil {
			return err
		}
		content, err := json.Marshal(w)
		if err != nil {
			return err
		}
		before, err := s.PresentDelay(ctx, tx, w.subject())
		if err != nil {
			return err
		}
		id, err = s.Proposals.Propose(ctx, tx, p, ActionDelay, w.subject(), w.Agency, before, content, why)
		return err
	})
	return id, err
}

// PresentDelay is the last decision for what a proposal is about, as a proposal
// remembers it; nothing where none was taken.
func (s *Service) PresentDelay(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	agency, rest, _ := strings.Cut(subject, " ")
	kind, of, _ := strings.Cut(rest, " ")
	last, err := lastDelay(ctx, tx, Wish{Agency: simpul.AgencyID(agency), Kind: kind, Subject: of})
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(last.Wish)
}

// PutApproved stores a decision that a second person took, unless another came
// first.
func (s *Service) PutApproved(ctx context.Context, tx *sqldb.Tx, proposer, decider simpul.Principal, before, content []byte) error {
	w, err := ReadWish(content)
	if err != nil {
		return err
	}
	rules, err := policies(ctx, tx)
	if err != nil {
		return err
	}
	now := s.Now()
	if w, err = w.check(rules, now); err != nil {
		return err
	}
	if err := tx.Revise(ctx, revisionDelay, w.subject()); err != nil {
		return err
	}
	present, err := s.PresentDelay(ctx, tx, w.subject())
	if err != nil {
		return err
	}
	if !bytes.Equal(present, before) {
		return changedMeanwhile()
	}
	d := Delay{Wish: w, ID: newID("d"), ProposedBy: proposer.ID, DecidedBy: decider.ID, DecidedAt: now}
	if err := insertDelay(ctx, tx, d); err != nil {
		return err
	}
	e := trail.By(decider, w.Agency, ActionDelay, d.ID)
	e.Detail = w.Kind + " " + w.Subject + " until " + w.ShownFrom.Format(time.RFC3339)
	return trail.Append(ctx, tx, e)
}

const revisionDelay = "TrackerDelay"

// ReadWish reads what a proposal has as its content.
func ReadWish(content []byte) (w Wish, err error) {
	if err := json.Unmarshal(content, &w); err != nil {
		return Wish{}, fmt.Errorf("decode delay: %w", err)
	}
	return w, nil
}

func changedMeanwhile() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Penundaan untuk berkas ini baru saja diputuskan oleh usulan lain.", EN: "A delay for this case was just decided by another proposal."},
		Remedy:  simpul.Text{ID: "Tarik usulan ini, lalu ajukan lagi dari keadaan sekarang.", EN: "Withdraw this proposal, and propose anew from the present state."},
	}
}

// Delays lists the decisions of the agencies that the principal acts for, the
// newest first.
func (s *Service) Delays(ctx context.Context, p simpul.Principal) (all []Delay, err error) {
	if err := p.Need(simpul.DelayDisclosure); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listDelays(ctx, tx)
		return err
	})
	return all, err
}

// Withheld is what everybody may know of delays.
type Withheld struct {
	Agency    simpul.AgencyID
	Decisions int       // in force
	Accesses  int       // that persons do not see yet
	Longest   time.Time // until when the last of them is kept back
}

// Withheld tells by agency how much is kept from persons at present.
func (s *Service) Withheld(ctx context.Context) (all []Withheld, err error) {
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = withheld(ctx, tx, s.Now())
		return err
	})
	return all, err
}
