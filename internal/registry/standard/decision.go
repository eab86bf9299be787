package standard

import (
	"context"
	"slices"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Step is one step in the life of a version.
type Step string

const (
	Propose  Step = "propose"  // its agency asks the authority
	Approve  Step = "approve"  // the authority puts it in force
	Return   Step = "return"   // the authority wants it changed
	Withdraw Step = "withdraw" // the authority ends it
)

// Steps lists the steps.
func Steps() []Step { return []Step{Propose, Approve, Return, Withdraw} }

// Need is the permission that the step takes.
func (s Step) Need() simpul.Permission {
	if s == Propose {
		return simpul.WriteStandards
	}
	return simpul.ApproveStandards
}

// from and to are the states that the step connects.
func (s Step) from() State {
	switch s {
	case Propose:
		return Draft
	case Withdraw:
		return Approved
	}
	return Proposed
}

func (s Step) to() State {
	return map[Step]State{Propose: Proposed, Approve: Approved, Return: Draft, Withdraw: Withdrawn}[s]
}

// Take takes a version one step on. Whoever wrote or proposed a version does
// not decide on it, and an authority decides in its own field only.
func (s *Standards) Take(ctx context.Context, p simpul.Principal, id string, version int, step Step, note string) (v Version, err error) {
	if !slices.Contains(Steps(), step) {
		return v, unknownStep(string(step))
	}
	if err := p.Need(step.Need()); err != nil {
		return v, err
	}
	if err := plainText("note", note); err != nil {
		return v, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getVersion(ctx, tx, StandardID(id), version)
		if err != nil {
			return err
		}
		if err := tx.Own(before.Spec.Agency); err != nil {
			return err
		}
		if err := step.allowed(p, before); err != nil {
			return err
		}
		if err := moveVersion(ctx, tx, StandardID(id), version, step, actorOf(p), note, s.now()); err != nil {
			return err
		}
		if err := recordStandard(ctx, tx, p, before.Spec.Agency, StandardID(id), version, "standard."+string(step), note); err != nil {
			return err
		}
		if err := s.notify.Notify(ctx, tx, step.notice(before, note)); err != nil {
			return err
		}
		v, err = getVersion(ctx, tx, StandardID(id), version)
		return err
	})
	return v, sqldb.Coded(err, kindStandard, id)
}

func unknownStep(step string) error {
	return simpul.Invalid("step",
		simpul.Text{ID: "Langkah \"" + clip(step, 40) + "\" tidak dikenal.", EN: "Step \"" + clip(step, 40) + "\" is unknown."},
		simpul.Text{ID: "Pakai tombol pada halamannya.", EN: "Use the buttons on its page."})
}

func (s Step) allowed(p simpul.Principal, v Version) error {
	switch {
	case v.Spec.State != s.from():
		return outOfTurn(v)
	case s == Propose:
		return nil
	case p.Agency != "" && p.Agency != v.Spec.Authority:
		return anotherField(v)
	case v.author.is(p) || v.proposer.is(p):
		return ownWork()
	}
	return nil
}

func outOfTurn(v Version) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Langkah ini tidak mungkin: versinya berstatus " + string(v.Spec.State) + ".", EN: "This step is not possible: the version is " + string(v.Spec.State) + "."},
		Remedy:  simpul.Text{ID: "Draft diajukan; yang diajukan disetujui atau dikembalikan; yang disetujui dapat dicabut. Muat ulang untuk melihat statusnya kini.", EN: "A draft is proposed; a proposal is approved or returned; what is approved may be withdrawn. Load again to see how it stands now."},
	}
}

func anotherField(v Version) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: v.Spec.Authority,
		Message: simpul.Text{ID: "Standar ini berada di bawah pembinaan " + string(v.Spec.Authority) + ".", EN: "This standard is in the field of " + string(v.Spec.Authority) + "."},
		Remedy:  simpul.Text{ID: "Minta Pembina Data bidang itu memutuskannya.", EN: "Ask the authority of that field to decide."},
	}
}

func ownWork() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Anda menulis atau mengajukan versi ini, jadi orang lain yang memutuskannya.", EN: "You wrote or proposed this version, so somebody else decides on it."},
		Remedy:  simpul.Text{ID: "Minta Pembina Data lain memeriksanya.", EN: "Ask another holder of the authority's role to look at it."},
	}
}

// notice tells whoever acts next.
func (s Step) notice(v Version, note string) simpul.Notice {
	name := v.Spec.Name
	n := simpul.Notice{Topic: "standard." + string(s), Link: StandardsPath + "/" + string(v.ID), Agency: v.Spec.Agency, Holding: simpul.WriteStandards}
	if note != "" {
		n.Body = simpul.Text{ID: "Catatan Pembina Data: " + note, EN: "Note of the data authority: " + note}
	}
	switch s {
	case Propose:
		n.Agency, n.Holding = "", simpul.ApproveStandards
		n.Title = simpul.Text{ID: "Standar data diajukan: " + name, EN: "Data standard proposed: " + name}
		n.Body = simpul.Text{ID: "Periksa konsep, definisi, dan satuannya, lalu setujui atau kembalikan.", EN: "Look at its concept, definition and unit, then approve or return it."}
	case Approve:
		n.Title = simpul.Text{ID: "Standar data disetujui: " + name, EN: "Data standard approved: " + name}
	case Return:
		n.Title = simpul.Text{ID: "Standar data dikembalikan: " + name, EN: "Data standard returned: " + name}
	case Withdraw:
		n.Title = simpul.Text{ID: "Standar data dicabut: " + name, EN: "Data standard withdrawn: " + name}
	}
	return n
}
