package duty

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Approve carries the proposal out as the second person.
func (s *Service) Approve(ctx context.Context, p simpul.Principal, id, reason string) (Proposal, error) {
	done, err := s.decide(ctx, p, id, Approved, reason)
	return done, s.noted(ctx, p, id, err)
}

// Reject ends the proposal as the second person. The reason is required: whoever
// proposed has to know what to change.
func (s *Service) Reject(ctx context.Context, p simpul.Principal, id, reason string) (Proposal, error) {
	done, err := s.decide(ctx, p, id, Rejected, reason)
	return done, s.noted(ctx, p, id, err)
}

func (s *Service) decide(ctx context.Context, p simpul.Principal, id string, verdict State, reason string) (done Proposal, err error) {
	reason, err = words("reason", reason)
	if err == nil && reason == "" {
		err = noReason()
	}
	if err != nil {
		return Proposal{}, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := s.get(ctx, tx, id)
		if err != nil {
			return err
		}
		a, err := s.entitled(p, found)
		if err != nil {
			return err
		}
		done = found
		done.State, done.Decider, done.Reason, done.EndedAt = verdict, partyOf(p), reason, s.now()
		if err := s.end(ctx, tx, done); err != nil { // which makes the others wait, and then find it decided
			return err
		}
		if verdict == Approved {
			if err := s.execute(ctx, tx, a, done); err != nil {
				return err
			}
		}
		if err := tx.Revise(ctx, revisionProposal, done.ID); err != nil {
			return err
		}
		e := trail.By(p, done.Agency, verb(verdict), done.ID)
		e.Detail = done.Action + " " + done.Subject
		if err := trail.Append(ctx, tx, e); err != nil {
			return err
		}
		return s.settle(ctx, tx, done)
	})
	return done, sqldb.Coded(err, kindProposal, id)
}

func verb(s State) string {
	switch s {
	case Approved:
		return "proposal.approve"
	case Rejected:
		return "proposal.reject"
	case Withdrawn:
		return "proposal.withdraw"
	}
	return "proposal.lapse"
}

// Entitled reports why the principal may not decide on the proposal; nil where
// they may.
func (s *Service) Entitled(p simpul.Principal, proposal Proposal) error {
	_, err := s.entitled(p, proposal)
	return err
}

// entitled returns the proposal's action where the principal may decide on it.
func (s *Service) entitled(p simpul.Principal, proposal Proposal) (Action, error) {
	a, ok := s.actions[proposal.Action]
	if !ok {
		return nil, unknownAction(proposal.Action)
	}
	if err := p.Need(simpul.DecideProposals); err != nil {
		return nil, err
	}
	if err := p.Need(a.Needs()); err != nil {
		return nil, err
	}
	if err := s.rules.other(proposal.Proposer, p); err != nil {
		return nil, err
	}
	if now := proposal.at(s.now()); now.State != Open {
		return nil, ended(now.State)
	}
	return a, nil
}

// execute carries out what was proposed, unless its subject changed meanwhile.
func (s *Service) execute(ctx context.Context, tx *sqldb.Tx, a Action, p Proposal) error {
	now, err := a.State(ctx, tx, p.Subject)
	if err != nil {
		return &failed{fmt.Errorf("state of %s: %w", p.Subject, err)}
	}
	if digest(now) != p.beforeDigest {
		return &failed{outdated()}
	}
	if err := a.Execute(ctx, tx, p); err != nil {
		return &failed{sqldb.Coded(err, a.Title(), p.Subject)}
	}
	return nil
}

// failed marks an error of the execution: the decision was in order.
type failed struct{ err error }

func (f *failed) Error() string { return f.err.Error() }
func (f *failed) Unwrap() error { return f.err }

// noted keeps why a decision did not succeed: on the proposal where the
// execution failed, in the trail where it was refused.
func (s *Service) noted(ctx context.Context, p simpul.Principal, id string, err error) error {
	f, execution := errors.AsType[*failed](err)
	if err == nil || !execution && simpul.CodeOf(err) != simpul.CodeDenied {
		return err
	}
	noting := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := s.get(ctx, tx, id)
		if err != nil {
			return err
		}
		e := trail.By(p, found.Agency, "proposal.decide", id)
		e.Outcome = simpul.CodeDenied
		if execution {
			e.Outcome = simpul.CodeOf(f.err)
			if err := setFailure(ctx, tx, id, reasonOf(f.err)); err != nil {
				return err
			}
		}
		return trail.Append(ctx, tx, e)
	})
	if errors.Is(noting, sqldb.ErrNoRows) {
		noting = nil // the refusal was that of something which the principal cannot see
	}
	if execution {
		err = f.err
	}
	return errors.Join(err, noting)
}

// reasonOf is what people may read of an error.
func reasonOf(err error) string {
	text := simpul.Text{ID: "Terjadi kesalahan di hub. Coba lagi, atau hubungi operator nasional.", EN: "Something went wrong in the hub. Try again, or contact the national operator."}
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Message != (simpul.Text{}) {
		text = simpul.Text{ID: e.Message.ID + " " + e.Remedy.ID, EN: e.Message.EN + " " + e.Remedy.EN}
	}
	encoded, _ := json.Marshal(text) // two strings always encode
	return string(encoded)
}

// Withdraw ends a proposal of one's own.
func (s *Service) Withdraw(ctx context.Context, p simpul.Principal, id string) (done Proposal, err error) {
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := s.get(ctx, tx, id)
		if err != nil {
			return err
		}
		now := s.now()
		switch state := found.at(now).State; {
		case !mine(p, found):
			return notYours()
		case state != Open:
			return ended(state)
		}
		done = found
		done.State, done.EndedAt = Withdrawn, now
		if err := s.end(ctx, tx, done); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionProposal, id); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, trail.By(p, done.Agency, verb(Withdrawn), id)); err != nil {
			return err
		}
		return s.notices.Done(ctx, tx, waitingKey(id))
	})
	return done, sqldb.Coded(err, kindProposal, id)
}

// mine reports whether the principal made the proposal.
func mine(p simpul.Principal, proposal Proposal) bool {
	return p.ID == proposal.Proposer.ID || p.Account != "" && p.Account == proposal.Proposer.Account
}

// Lapse ends the proposals whose time is over and tells who made them.
func (s *Service) Lapse(ctx context.Context) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		due, err := dueProposals(ctx, tx, s.now())
		if err != nil {
			return err
		}
		for _, r := range due {
			if err := s.lapse(ctx, tx, r.Proposal); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) lapse(ctx context.Context, tx *sqldb.Tx, p Proposal) error {
	p.State, p.EndedAt = Lapsed, p.LapsesAt
	err := s.end(ctx, tx, p)
	if simpul.CodeOf(err) == simpul.CodeConflict {
		return nil // another node was faster
	}
	if err != nil {
		return err
	}
	if err := tx.Revise(ctx, revisionProposal, p.ID); err != nil {
		return err
	}
	if err := trail.Append(ctx, tx, trail.Event{Agency: p.Agency, Actor: trail.Hub, Action: verb(Lapsed), Subject: p.ID}); err != nil {
		return err
	}
	return s.settle(ctx, tx, p)
}

func noReason() error {
	return simpul.Invalid("reason",
		simpul.Text{ID: "Tulis alasan keputusan Anda.", EN: "Write the reason for your decision."},
		simpul.Text{ID: "Satu kalimat cukup: apa yang Anda periksa, atau apa yang harus diubah.", EN: "One sentence will do: what you checked, or what has to change."})
}

func ended(s State) error {
	how := map[State]simpul.Text{
		Approved:  {ID: "sudah disetujui", EN: "has been approved already"},
		Rejected:  {ID: "sudah ditolak", EN: "has been rejected already"},
		Withdrawn: {ID: "sudah ditarik", EN: "has been withdrawn"},
		Lapsed:    {ID: "sudah gugur", EN: "has lapsed"},
	}[s]
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Usulan ini " + how.ID + ".", EN: "This proposal " + how.EN + "."},
		Remedy:  simpul.Text{ID: "Bila masih diperlukan, ajukan usulan baru.", EN: "If it is still needed, make a new proposal."},
	}
}

func outdated() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Usulan ini usang: yang hendak diubahnya sudah berubah sejak usulan dibuat.", EN: "This proposal is outdated: what it would change has changed since it was made."},
		Remedy:  simpul.Text{ID: "Tarik usulan ini, lalu ajukan lagi berdasarkan keadaan sekarang.", EN: "Withdraw it, and propose anew from the present state."},
	}
}

func notYours() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Hanya pengusulnya yang dapat menarik usulan ini.", EN: "Only who made this proposal can withdraw it."},
		Remedy:  simpul.Text{ID: "Bila Anda tidak setuju, tolak usulan ini.", EN: "If you disagree, reject it."},
	}
}
