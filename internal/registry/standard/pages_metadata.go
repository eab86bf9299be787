package standard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

func metadataHref(id string) string { return MetadataPath + "/" + url.PathEscape(id) }

func partHref(id string, part int) string { return metadataHref(id) + "/" + strconv.Itoa(part) }

// signedIn asks whoever is not signed in to do so, and then brings them back.
func (p *Pages) signedIn(show web.Screen) http.HandlerFunc { return p.gate.Known(show).ServeHTTP }

// formsView is the page of all filled-in forms.
type formsView struct {
	All      []httpapi.Stored[MetadataSpec]
	Form     FormID
	Next     string
	Keeper   func(simpul.AgencyID) string
	MayWrite bool
	Agency   simpul.AgencyID // of the reader; empty for the nation
	Fault    *simpul.Error   // why a new form was not begun
	Values   url.Values      // what was tried
}

func (p *Pages) allForms(w http.ResponseWriter, r *http.Request) {
	p.showForms(w, r, http.StatusOK, nil)
}

func (p *Pages) showForms(w http.ResponseWriter, r *http.Request, status int, fault *simpul.Error) {
	ctx, reader, query := r.Context(), p.reader(r.Context()), r.URL.Query()
	form, _ := ParseFormID(query.Get("form"))
	page := httpapi.Page{Limit: perPage + 1, After: clip(query.Get("after"), 63)}
	all, err := p.metadata.Search(ctx, reader, form, page)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := formsView{All: all, Form: form, MayWrite: reader.Can(simpul.WriteStandards), Agency: reader.Agency, Fault: fault, Values: r.PostForm, Keeper: func(id simpul.AgencyID) string { return p.agency(ctx, id) }}
	if len(all) > perPage {
		v.All = all[:perPage]
		at := url.Values{"after": {v.All[perPage-1].ID}}
		if form != "" {
			at.Set("form", string(form))
		}
		v.Next = withQuery(MetadataPath, at)
	}
	web.Render(w, r, status, formsPage(v))
}

// begin stores a new draft and leads to its first section.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	form := FormID(r.PostFormValue("form"))
	agency := visitor.Agency
	if agency == "" {
		agency = simpul.AgencyID(strings.TrimSpace(r.PostFormValue("agency")))
	}
	id := strings.TrimSpace(r.PostFormValue("id"))
	err := visitor.Need(simpul.WriteStandards)
	if err == nil {
		err = p.metadata.Begin(r.Context(), visitor, id, MetadataSpec{Form: form, Agency: agency, Values: map[string]string{FormOf(form).title(): r.PostFormValue("title")}})
	}
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code != simpul.CodeDenied {
		p.showForms(w, r, httpapi.Status(e.Code), e)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, partHref(id, 1), http.StatusSeeOther)
}

// filledView is one filled-in form.
type filledView struct {
	Filled
	Form     Form
	Keeper   string
	Moves    []Move
	MayWrite bool
	Missing  []Question
}

func (p *Pages) filled(w http.ResponseWriter, r *http.Request) {
	reader := p.reader(r.Context())
	f, err := p.metadata.Filled(r.Context(), reader, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := filledView{Filled: f, Form: FormOf(f.Spec.Form), Keeper: p.agency(r.Context(), f.Spec.Agency)}
	v.Missing = v.Form.Missing(f.Spec.Values)
	if reader.Can(simpul.WriteStandards) && reader.Scope().Covers(f.Spec.Agency) {
		v.MayWrite = f.Spec.State != MetadataSubmitted
		for _, move := range Moves() {
			if reader.Can(move.Need()) && move.allowed(reader, f) == nil {
				v.Moves = append(v.Moves, move)
			}
		}
	}
	web.Render(w, r, http.StatusOK, filledPage(v))
}

func (p *Pages) move(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	move := Move(r.PostFormValue("move"))
	if _, err := p.metadata.Take(r.Context(), visitor, r.PathValue("id"), move, strings.TrimSpace(r.PostFormValue("note"))); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, metadataHref(r.PathValue("id")), http.StatusSeeOther)
}

// partView is one step of the wizard.
type partView struct {
	ID     string
	Form   Form
	Number int // from 1
	Values map[string]string
	Fault  *simpul.Error
}

func (v partView) part() Part { return v.Form.Parts[v.Number-1] }

// fault is what is wrong with the answer to a question.
func (v partView) fault(ctx context.Context, key string) string {
	if v.Fault == nil || v.Fault.Place != "spec.values."+key {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

func (p *Pages) part(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v, _, err := p.openPart(r, visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, partPage(v))
}

// openPart finds the section that the address names, for somebody who may write.
func (p *Pages) openPart(r *http.Request, visitor simpul.Principal) (v partView, f Filled, err error) {
	if err := visitor.Need(simpul.WriteStandards); err != nil {
		return v, f, err
	}
	if f, err = p.metadata.Filled(r.Context(), visitor, r.PathValue("id")); err != nil {
		return v, f, err
	}
	if !visitor.Scope().Covers(f.Spec.Agency) {
		return v, f, simpul.NotFound(kindMetadata, f.ID)
	}
	v = partView{ID: f.ID, Form: FormOf(f.Spec.Form), Values: f.Spec.Values}
	v.Number, _ = strconv.Atoi(r.PathValue("part"))
	if v.Number < 1 || v.Number > len(v.Form.Parts) {
		return v, f, simpul.NotFound(simpul.Text{ID: "Bagian", EN: "Section"}, r.PathValue("part"))
	}
	return v, f, nil
}

// savePart stores the answers of one section, leaves the others as they are,
// and leads to the next.
func (p *Pages) savePart(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v, f, err := p.openPart(r, visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, q := range v.part().Questions {
		v.Values[q.Key] = r.PostFormValue(q.Key)
	}
	f.Spec.Values = v.Values
	_, err = p.metadata.Put(r.Context(), visitor, f.ID, f.Spec, false)
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code == simpul.CodeInvalid {
		v.Fault = e
		web.Render(w, r, http.StatusBadRequest, partPage(v))
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	next := metadataHref(v.ID)
	if v.Number < len(v.Form.Parts) {
		next = partHref(v.ID, v.Number+1)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func metadataState(ctx context.Context, s MetadataState) web.Badge {
	switch s {
	case MetadataSubmitted:
		return web.Badge{Label: web.T(ctx, "Menunggu Walidata", "Waits for the steward"), Tone: web.Caution}
	case MetadataApproved:
		return web.Badge{Label: web.T(ctx, "Disetujui", "Approved"), Tone: web.Good}
	}
	return web.Badge{Label: web.T(ctx, "Rancangan", "Draft")}
}

func moveWords(ctx context.Context, m Move) (label string, weight web.Weight) {
	switch m {
	case Submit:
		return web.T(ctx, "Kirim ke Walidata", "Submit to the steward"), web.Primary
	case Accept:
		return web.T(ctx, "Setujui dan terbitkan", "Approve and publish"), web.Primary
	}
	return web.T(ctx, "Kembalikan", "Return"), web.Secondary
}

func (v formsView) rows(ctx context.Context) (rows [][]templ.Component) {
	for _, f := range v.All {
		title := f.Spec.Title()
		if title == "" {
			title = f.ID
		}
		rows = append(rows, []templ.Component{
			web.Link{Label: title, Href: metadataHref(f.ID)}, web.Text(FormOf(f.Spec.Form).Title.In(web.Language(ctx))),
			web.Text(v.Keeper(f.Spec.Agency)), metadataState(ctx, f.Spec.State), web.Time{At: f.Times.UpdatedAt},
		})
	}
	return rows
}

// input is the field in which a question is answered.
func (v partView) input(ctx context.Context, q Question) templ.Component {
	label, value, fault := q.Label.In(web.Language(ctx)), v.Values[q.Key], v.fault(ctx, q.Key)
	if q.Required {
		label += web.T(ctx, " (wajib)", " (required)")
	}
	switch q.Type {
	case Long:
		return web.TextArea{Label: label, Name: q.Key, Value: value, Error: fault}
	case Choice:
		return web.Select{Label: label, Name: q.Key, Error: fault, Options: choices(ctx, value, q.Choices...)}
	case YesNo:
		return web.Select{Label: label, Name: q.Key, Error: fault, Options: choices(ctx, value, "ya", "tidak")}
	case Number:
		return web.Field{Label: label, Name: q.Key, Type: "number", Value: value, Error: fault}
	case Date:
		return web.Field{Label: label, Name: q.Key, Type: "date", Value: value, Error: fault}
	}
	return web.Field{Label: label, Name: q.Key, Value: value, Error: fault}
}

func choices(ctx context.Context, selected string, all ...string) []web.Option {
	options := []web.Option{{Label: web.T(ctx, "– pilih –", "– choose –"), Selected: selected == ""}}
	for _, c := range all {
		options = append(options, web.Option{Value: c, Label: c, Selected: c == selected})
	}
	return options
}

func (v filledView) facts(ctx context.Context, part Part) []web.Fact {
	facts := make([]web.Fact, len(part.Questions))
	for i, q := range part.Questions {
		facts[i] = web.Fact{Term: q.Label.In(web.Language(ctx)), Value: web.Text(v.Spec.Values[q.Key])}
	}
	return facts
}

func (v filledView) editLink(ctx context.Context, part int) web.Link {
	if !v.MayWrite {
		return web.Link{}
	}
	return web.Link{Label: web.T(ctx, "Ubah bagian ini", "Change this section"), Href: partHref(v.ID, part)}
}
