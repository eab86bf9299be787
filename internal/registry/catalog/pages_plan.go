package catalog

import (
	"context"
	"errors"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// PlanPages are the screens on which a planned change is read and answered.
type PlanPages struct {
	plans    *Plans
	agencies Agencies
	gate     web.Gate
}

// NewPlanPages returns the screens behind the gate.
func NewPlanPages(plans *Plans, agencies Agencies, gate web.Gate) *PlanPages {
	return &PlanPages{plans, agencies, gate.At(ListPath)}
}

// Register puts the screens on the mux.
func (p *PlanPages) Register(mux *http.ServeMux) {
	const path = ListPath + "/{group}/{name}/rencana/{digest}"
	mux.Handle("GET "+path, p.gate.Admit(simpul.ReadLIDs, func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		p.show(w, r, who, http.StatusOK, nil)
	}))
	mux.Handle("POST "+path, p.gate.Form(simpul.WriteApplications, p.answer))
}

// planView is a planned change as one of its parties sees it.
type planView struct {
	compareView
	Plan      Plan
	Own       Consent // what the reader's agency said
	MayAnswer bool
	Mine      bool // the reader provides
	Fault     *simpul.Error
	Reason    string // that was entered
	names     func(simpul.AgencyID) string
}

func (p *PlanPages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, fault *simpul.Error) {
	plan, c, err := p.plans.Get(r.Context(), who, addressOf(r), r.PathValue("digest"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := planView{
		compareView: compareView{c, p.agencies.Agency(r.Context(), plan.Agency)}, Plan: plan, Mine: who.Scope().Covers(plan.Agency),
		Fault: fault, Reason: r.PostForm.Get("reason"),
		names: func(id simpul.AgencyID) string { return p.agencies.Agency(r.Context(), id).Name },
	}
	for _, a := range plan.Answers {
		if a.Agency == who.Agency {
			v.Own, v.MayAnswer = a, who.Can(simpul.WriteApplications)
		}
	}
	web.Render(w, r, status, planPage(v))
}

func (p *PlanPages) answer(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	verdict := Objects
	if r.PostForm.Get("verdict") == string(Consents) {
		verdict = Consents
	}
	err := p.plans.Answer(r.Context(), who, addressOf(r), r.PathValue("digest"), verdict, r.PostForm.Get("reason"))
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	case coded && fault.Place == "reason":
		p.show(w, r, who, httpapi.Status(fault.Code), fault)
	default:
		web.Fail(w, r, err)
	}
}

// at is what is wrong with an input.
func (v planView) at(ctx context.Context, place string) string {
	if v.Fault == nil || v.Fault.Place != place {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

func (v Verdict) badge(ctx context.Context) web.Sign {
	switch v {
	case Consents:
		return web.Sign{Label: web.T(ctx, "Setuju", "Consents"), Tone: web.Good}
	case Objects:
		return web.Sign{Label: web.T(ctx, "Berkeberatan", "Objects"), Tone: web.Bad}
	}
	return web.Sign{Label: web.T(ctx, "Belum menjawab", "No answer yet"), Tone: web.Caution}
}
