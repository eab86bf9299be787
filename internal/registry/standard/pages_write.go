package standard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// writePath is where a draft of a standard is written: with id, of the one that
// there is, or its next version.
const writePath = "/tulis-standar"

// writeView is the form of a draft.
type writeView struct {
	ID       string
	Spec     StandardSpec
	Exists   bool // the name is taken by this standard, and stays
	National bool // the reader says for which agency
	Fault    *simpul.Error
}

// fault is what is wrong with a part of the draft.
func (v writeView) fault(ctx context.Context, place string) string {
	if v.Fault == nil || v.Fault.Place != place {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

// elsewhere is a fault that belongs to no field of the form.
func (v writeView) elsewhere() bool {
	if v.Fault == nil {
		return false
	}
	switch v.Fault.Place {
	case "metadata.id", "spec.agency", "spec.authority", "spec.field", "spec.name", "spec.concept", "spec.definition", "spec.unit", "spec.list":
		return false
	}
	return true
}

func (p *Pages) write(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v, err := p.draftOf(r, visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, writePage(v))
}

// draftOf is what the form begins with: the open draft, the newest version with
// the next number, or nothing.
func (p *Pages) draftOf(r *http.Request, visitor simpul.Principal) (v writeView, err error) {
	if err := visitor.Need(simpul.WriteStandards); err != nil {
		return v, err
	}
	v = writeView{ID: clip(r.URL.Query().Get("id"), 63), Spec: StandardSpec{Agency: visitor.Agency, Version: 1}, National: visitor.Agency == ""}
	if v.ID == "" {
		return v, nil
	}
	all, err := p.standards.Versions(r.Context(), visitor, v.ID)
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	latest := all[0]
	if !visitor.Scope().Covers(latest.Spec.Agency) {
		return v, anotherAgency(latest.Spec.Agency)
	}
	v.Spec, v.Exists = latest.Spec, true
	if latest.Spec.State != Draft {
		v.Spec.Version++
	}
	return v, nil
}

func anotherAgency(owner simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: owner,
		Message: simpul.Text{ID: "Standar ini ditulis oleh " + string(owner) + ".", EN: "This standard is written by " + string(owner) + "."},
		Remedy:  simpul.Text{ID: "Sampaikan usul Anda kepada instansi itu, atau tulis standar dengan nama lain.", EN: "Tell that agency what you propose, or write a standard of another name."},
	}
}

func (p *Pages) save(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	if err := visitor.Need(simpul.WriteStandards); err != nil {
		web.Fail(w, r, err)
		return
	}
	v := posted(r, visitor)
	_, err := p.standards.Put(r.Context(), visitor, v.ID, v.Spec, false)
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code != simpul.CodeDenied {
		v.Fault = e
		web.Render(w, r, httpapi.Status(e.Code), writePage(v))
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, withQuery(standardHref(StandardID(v.ID)), url.Values{"version": {strconv.Itoa(v.Spec.Version)}, "saved": {"1"}}), http.StatusSeeOther)
}

// posted reads the form. Its texts are held to the lengths that the API has.
func posted(r *http.Request, visitor simpul.Principal) writeView {
	text := func(name string, most int) string {
		return clip(strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n")), most)
	}
	agency := visitor.Agency
	if agency == "" {
		agency = simpul.AgencyID(text("agency", 253))
	}
	version, _ := strconv.Atoi(text("version", 5))
	return writeView{
		ID: text("id", 63), Exists: r.PostFormValue("exists") != "", National: visitor.Agency == "",
		Spec: StandardSpec{
			Agency: agency, Authority: simpul.AgencyID(text("authority", 253)), Version: version,
			Field: text("field", 100), Name: text("name", 200), Concept: text("concept", 2000), Definition: text("definition", 5000),
			Classification: text("classification", 2000), List: ListID(text("list", 63)), Measure: text("measure", 200), Unit: text("unit", 100),
		},
	}
}
