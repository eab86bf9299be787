package grant

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// whyView is a question about a call, and what the gateway would decide.
type whyView struct {
	Entered url.Values
	Steps   []Step // none before somebody asks
	Fault   *simpul.Error
}

func (v whyView) at(ctx context.Context, place string) string { return faultAt(ctx, v.Fault, place) }

// refused reports whether a step failed.
func (v whyView) refused() bool {
	for _, s := range v.Steps {
		if s.Outcome == Failed {
			return true
		}
	}
	return false
}

// why answers in the address, so that an answer can be passed on.
func (p *Pages) why(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	form := r.URL.Query()
	v := whyView{Entered: form}
	if !form.Has("application") {
		web.Render(w, r, http.StatusOK, whyPage(v))
		return
	}
	steps, err := p.Access.Explain(r.Context(), who, p.Gate, Question{
		Application: simpul.ApplicationID(form.Get("application")), LID: simpul.Address(form.Get("lid")),
		Method: form.Get("method"), Path: form.Get("path"), Address: form.Get("address"),
	})
	fault, coded := errors.AsType[*simpul.Error](err)
	if err != nil && !coded {
		web.Fail(w, r, err)
		return
	}
	v.Steps, v.Fault = steps, fault
	status := http.StatusOK
	if fault != nil {
		status = httpapi.Status(fault.Code)
	}
	web.Render(w, r, status, whyPage(v))
}
