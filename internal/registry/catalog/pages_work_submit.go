package catalog

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/web"
)

// What can be done with a LID, beside its sections.
const (
	actDiscard  = "buang"
	actRegister = "daftarkan"
	actReturn   = "kembalikan"
)

// mostImprovements is how many improvements are named before a submission.
const mostImprovements = 3

// mostSteps bounds how far one press of a button takes a LID.
const mostSteps = 5

const mostReason = 1000

// submission is what somebody looks at before a LID is submitted or registered.
type submission struct {
	Gaps     []gap
	Tested   bool // the hub tests LIDs
	Fitness  Fitness
	Quality  Report
	Timeline templ.Component // nil for none
}

// gap is what a section lacks.
type gap struct {
	Section section
	Missing []simpul.Text
}

func (v work) gaps() (all []gap) {
	for _, s := range sections() {
		if missing := s.missing(v.Spec, v.Read); len(missing) > 0 {
			all = append(all, gap{s, missing})
		}
	}
	return all
}

func (p *Workplace) submission(ctx context.Context, v work) (s submission, err error) {
	s = submission{Gaps: v.gaps(), Quality: v.quality()}
	if p.Trials != nil {
		s.Tested = true
		if s.Fitness, err = p.Trials.Fitness(ctx, v.Who, v.address()); err != nil {
			return s, err
		}
	}
	s.Timeline, err = p.Road.Timeline(ctx, v.Who, v.address())
	return s, err
}

// submit takes the LID as far as its provider may, unless something is missing.
func (p *Workplace) submit(w http.ResponseWriter, r *http.Request, v work, f *form) {
	for _, g := range v.gaps() {
		f.say("", simpul.Text{ID: g.Section.Title.ID + " belum lengkap: " + joinedIn(g.Missing, simpul.Indonesian) + ".", EN: g.Section.Title.EN + " lacks " + joinedIn(g.Missing, simpul.English) + "."}, simpul.Text{})
	}
	if v.Stand.next().Need != simpul.WriteLIDs && len(f.wrong) == 0 {
		f.say("", simpul.Text{ID: "LID ini tidak sedang menunggu Anda.", EN: "This LID does not wait for you."}, simpul.Text{ID: "Lihat di halamannya siapa yang bertindak berikutnya.", EN: "Its page shows who acts next."})
	}
	var err error
	if len(f.wrong) == 0 {
		err = f.refused(p.advance(r.Context(), v))
	}
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case len(f.wrong) > 0:
		p.again(w, r, v, sectionSubmit, f)
	default:
		http.Redirect(w, r, workPath(v.ID)+"?diajukan=1", http.StatusSeeOther)
	}
}

// joinedIn lists texts in a language.
func joinedIn(all []simpul.Text, l simpul.Language) string {
	words := make([]string, len(all))
	for i, t := range all {
		words[i] = t.In(l)
	}
	return strings.Join(words, ", ")
}

// advance goes on while the next step is the provider's to take.
func (p *Workplace) advance(ctx context.Context, v work) error {
	stand := v.Stand
	for range mostSteps {
		next := stand.next()
		if next.Need != simpul.WriteLIDs {
			return nil
		}
		moved, err := p.LIDs.Advance(ctx, v.Who, v.ID, next.Step, "", false)
		if err != nil || moved.Waits {
			return err
		}
		if stand, err = p.Road.Stand(ctx, v.Who, v.address(), moved.Spec); err != nil {
			return err
		}
	}
	return nil
}

// register enters a LID into the national catalogue.
func (p *Workplace) register(w http.ResponseWriter, r *http.Request, v work, f *form) {
	if err := v.Who.Need(simpul.RegisterLIDs); err != nil {
		web.Fail(w, r, err)
		return
	}
	if gaps := v.gaps(); len(gaps) > 0 {
		p.homeAgain(w, r, v, f, &simpul.Error{Code: simpul.CodeConflict,
			Message: simpul.Text{ID: "Metadatanya belum lengkap.", EN: "Its metadata is not complete."},
			Remedy:  simpul.Text{ID: "Kembalikan kepada penyedia dengan alasannya.", EN: "Return it to the provider with the reason."}})
		return
	}
	spec := v.Spec
	spec.State, spec.Step = Published, ""
	stored, err := p.LIDs.Put(r.Context(), v.Who, v.ID, spec, false)
	switch {
	case err != nil:
		p.homeAgain(w, r, v, f, err)
	case stored.Waits:
		http.Redirect(w, r, workPath(v.ID)+"?menunggu="+stored.Proposal, http.StatusSeeOther)
	default:
		http.Redirect(w, r, workPath(v.ID)+"?terbit=1", http.StatusSeeOther)
	}
}

// giveBack returns a LID to its provider, who is told why.
func (p *Workplace) giveBack(w http.ResponseWriter, r *http.Request, v work, f *form) {
	if err := v.Who.Need(simpul.RegisterLIDs); err != nil {
		web.Fail(w, r, err)
		return
	}
	reason := f.needed("reason", leastReason, mostReason)
	if len(f.wrong) > 0 {
		p.showHome(w, r, http.StatusUnprocessableEntity, v, f)
		return
	}
	if _, err := p.LIDs.Advance(r.Context(), v.Who, v.ID, stepDeveloping, reason, false); err != nil {
		p.homeAgain(w, r, v, f, err)
		return
	}
	http.Redirect(w, r, WorkPath+"?langkah="+stepRegistering, http.StatusSeeOther)
}

// homeAgain shows the LID's page with what was refused.
func (p *Workplace) homeAgain(w http.ResponseWriter, r *http.Request, v work, f *form, err error) {
	if err := f.fault("", err); err != nil {
		web.Fail(w, r, err)
		return
	}
	p.showHome(w, r, http.StatusUnprocessableEntity, v, f)
}

// discard forgets a draft that was never published.
func (p *Workplace) discard(w http.ResponseWriter, r *http.Request, v work) {
	var err error
	switch {
	case v.begun():
		err = p.LIDs.Discard(r.Context(), v.Who, v.ID)
	case v.Spec.State != Draft:
		err = &simpul.Error{Code: simpul.CodeConflict,
			Message: simpul.Text{ID: "LID ini sudah terbit.", EN: "This LID is published."},
			Remedy:  simpul.Text{ID: "Akhiri dengan pemberitahuan kepada pemanfaat, jangan dibuang.", EN: "End it with notice to its consumers instead."}}
	default:
		err = p.LIDs.Delete(r.Context(), v.Who, v.ID)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, WorkPath, http.StatusSeeOther)
}
