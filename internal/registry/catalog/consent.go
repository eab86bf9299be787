package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Verdict is what an agency says to a planned change.
type Verdict string

const (
	Asked    Verdict = "asked" // not answered yet
	Consents Verdict = "consents"
	Objects  Verdict = "objects"
)

// Plan is a change of a LID's contract that breaks consumers, put before them.
// Once all that may call have consented, their agency's provider may store it
// under the same major version.
type Plan struct {
	Address  simpul.Address
	Contract string // digest of the contract that is planned, in hex
	Agency   simpul.AgencyID
	Author   string // told to the owner only
	At       time.Time
	Version  string
	Spec     Spec
	Answers  []Consent // to the owner all, to others their own
}

// Consent is what one agency says.
type Consent struct {
	Agency  simpul.AgencyID
	Verdict Verdict
	Reason  string
	At      time.Time // zero: not yet
}

// Notifier tells people of a plan, and of answers to it.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Plans is the use cases on planned changes.
type Plans struct {
	lids    *Service
	notices Notifier
}

// NewPlans returns the use cases.
func NewPlans(s *Service, notices Notifier) *Plans { return &Plans{s, notices} }

// Announce puts a change before everybody whom it would break. To announce it
// again asks those who were given access since.
func (s *Plans) Announce(ctx context.Context, p simpul.Principal, id string, spec Spec) (plan Plan, err error) {
	if _, err := spec.read(); err != nil {
		return plan, err
	}
	err = s.lids.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := ownLID(ctx, tx, id)
		if err == nil && before.spec == nil {
			err = sqldb.ErrNoRows
		}
		if err != nil {
			return err
		}
		if plan, err = s.planned(ctx, tx, p, simpul.Address(id), *before.spec, spec); err != nil {
			return err
		}
		return s.ask(ctx, tx, p, plan)
	})
	return plan, sqldb.Coded(err, kindLID, id)
}

// planned checks that there is something to ask, and of whom.
func (s *Plans) planned(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, address simpul.Address, now, next Spec) (Plan, error) {
	r, err := revisionOf(address, next)
	if err != nil {
		return Plan{}, err
	}
	if !now.State.Live() || next.Agency != now.Agency || !compareContracts(now, next).Breaks() {
		return Plan{}, nothingToAsk()
	}
	return Plan{Address: address, Contract: r.Contract, Agency: now.Agency, Author: p.ID, At: s.lids.now(), Version: next.Version, Spec: next}, nil
}

func nothingToAsk() error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.contract",
		Message: simpul.Text{ID: "Perubahan ini tidak memutus siapa pun, jadi tidak memerlukan persetujuan pemakai.", EN: "This change breaks nobody, so it needs no consumer's consent."},
		Remedy:  simpul.Text{ID: "Simpan langsung.", EN: "Store it right away."},
	}
}

// ask stores the plan and tells every agency that may call.
func (s *Plans) ask(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, plan Plan) error {
	holders, err := s.lids.holders.Agencies(ctx, tx, plan.Address)
	if err != nil {
		return err
	}
	if len(holders) == 0 {
		return nothingToAsk()
	}
	if err := addPlan(ctx, tx, plan); err != nil {
		return err
	}
	for _, holder := range holders {
		if err := askConsent(ctx, tx, plan, holder); err != nil {
			return err
		}
	}
	event := trail.By(p, plan.Agency, "lid.plan", string(plan.Address))
	event.Detail = plan.Version + " " + plan.Contract[:16]
	if err := trail.Append(ctx, tx, event); err != nil {
		return err
	}
	for _, holder := range holders {
		if err := s.notices.Notify(ctx, tx, asking(plan, holder)); err != nil {
			return err
		}
	}
	return nil
}

// Get returns a plan to its provider and to those who were asked.
func (s *Plans) Get(ctx context.Context, p simpul.Principal, id, digest string) (plan Plan, c Changes, err error) {
	var now Revision
	err = s.lids.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if plan, err = getPlan(ctx, tx, id, digest); err != nil {
			return err
		}
		if plan.Answers, err = listConsents(ctx, tx, id, digest); err != nil {
			return err
		}
		now, err = virtual(ctx, tx, id)
		return err
	})
	if err != nil {
		return Plan{}, Changes{}, sqldb.Coded(err, kindPlan, digest)
	}
	next, err := revisionOf(plan.Address, plan.Spec)
	if err != nil {
		return Plan{}, Changes{}, err
	}
	c = Changes{Address: plan.Address, From: now.discreet(p.Scope()), To: next.discreet(p.Scope())}.compared()
	plan.Spec = c.To.Spec
	if !p.Scope().Covers(plan.Agency) {
		plan.Author = ""
	}
	return plan, c, nil
}

var kindPlan = simpul.Text{ID: "Rencana perubahan", EN: "Planned change"}

// leastReason is how long the reason of an objection is at least, in bytes.
const leastReason = 10

// Answer says what the principal's agency thinks of a plan. Until the change is
// stored the last word counts.
func (s *Plans) Answer(ctx context.Context, p simpul.Principal, id, digest string, verdict Verdict, reason string) error {
	reason = strings.TrimSpace(reason)
	if verdict == Objects && len(reason) < leastReason {
		return simpul.Invalid("reason",
			simpul.Text{ID: "Keberatan memerlukan alasan.", EN: "An objection needs a reason."},
			simpul.Text{ID: "Tulis apa yang akan terputus dan berapa lama Anda perlu menyesuaikan.", EN: "Write what would break and how long you need to adapt."})
	}
	err := s.lids.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		plan, err := getPlan(ctx, tx, id, digest)
		if err != nil {
			return err
		}
		given := Consent{Agency: p.Agency, Verdict: verdict, Reason: reason, At: s.lids.now()}
		if err := answerPlan(ctx, tx, plan, given, p.ID); err != nil {
			return err
		}
		event := trail.By(p, p.Agency, "lid."+map[Verdict]string{Consents: "consent", Objects: "object"}[verdict], id)
		event.Detail = plan.Contract[:16]
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
		return s.notices.Notify(ctx, tx, answered(plan, given))
	})
	return sqldb.Coded(err, kindPlan, digest)
}

// consented reports whether everybody who may call has consented to the contract.
func (s *Service) consented(ctx context.Context, tx *sqldb.Tx, address simpul.Address, next Spec) (bool, error) {
	digest, err := digestOf(next.Contract)
	if err != nil {
		return false, err
	}
	answers, err := listConsents(ctx, tx, string(address), digest)
	if err != nil || len(answers) == 0 {
		return false, err
	}
	holders, err := s.holders.Agencies(ctx, tx, address)
	if err != nil {
		return false, err
	}
	agreed := map[simpul.AgencyID]bool{}
	for _, a := range answers {
		agreed[a.Agency] = a.Verdict == Consents
	}
	for _, holder := range holders {
		if !agreed[holder] {
			return false, nil
		}
	}
	return true, nil
}

// PlanPath is where those who are asked read a plan and answer.
func PlanPath(a simpul.Address, digest string) string { return PagePath(a) + "/rencana/" + digest }

func asking(plan Plan, holder simpul.AgencyID) simpul.Notice {
	lid := string(plan.Address)
	return simpul.Notice{
		Topic: "lid.planned", Key: "lid.planned/" + lid + "/" + plan.Contract, Agency: holder, Holding: simpul.WriteApplications,
		Title: simpul.Text{ID: "Rencana perubahan " + lid + " memutus aplikasi Anda", EN: "A planned change of " + lid + " breaks your applications"},
		Body: simpul.Text{
			ID: "Penyedia hendak mengubah kontrak tanpa menaikkan versi utama. Periksa apa yang berubah, lalu setujui atau ajukan keberatan dengan alasan. Tanpa persetujuan semua pemakai, perubahan itu tidak dapat terbit.",
			EN: "The provider wants to change the contract without raising the major version. Look at what changes, then consent or object with a reason. Without the consent of every consumer it cannot be published."},
		Link: PlanPath(plan.Address, plan.Contract),
	}
}

func answered(plan Plan, given Consent) simpul.Notice {
	lid, who := string(plan.Address), string(given.Agency)
	n := simpul.Notice{
		Topic: "lid.answered", Key: fmt.Sprintf("lid.answered/%s/%s/%s/%d", lid, plan.Contract, who, given.At.UnixMilli()),
		Agency: plan.Agency, Holding: simpul.WriteLIDs, Link: PlanPath(plan.Address, plan.Contract),
		Title: simpul.Text{ID: who + " menyetujui rencana perubahan " + lid, EN: who + " consents to the planned change of " + lid},
		Body:  simpul.Text{ID: "Begitu semua pemakai setuju, simpan perubahan itu seperti yang direncanakan.", EN: "Once every consumer consents, store the change as it was planned."},
	}
	if given.Verdict == Objects {
		n.Title = simpul.Text{ID: who + " berkeberatan atas rencana perubahan " + lid, EN: who + " objects to the planned change of " + lid}
		n.Body = simpul.Text{ID: given.Reason, EN: given.Reason}
	}
	return n
}
