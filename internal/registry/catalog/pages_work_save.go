package catalog

import (
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/platform/web"
)

// sectionView is one page of the wizard.
type sectionView struct {
	work
	Section section
	Form    *form
	Saved   bool
	Waits   string // proposal that a second person must approve; "" for none

	Similar []Similar // LIDs that exist and resemble this one
	Groups  []string
	Fields  fieldsView
	Submit  submission
}

func (p *Workplace) section(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	v, err := p.open(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	one, ok := sectionOf(r.PathValue("section"))
	switch {
	case !ok:
		web.Fail(w, r, noSection(r.PathValue("section")))
	case v.begun() && one.Key != sectionContract && one.Key != sectionWords:
		http.Redirect(w, r, workPath(v.ID, sectionWords), http.StatusSeeOther)
	default:
		f := &form{values: url.Values{}}
		if one.fill != nil {
			f.values = one.fill(v.Spec)
		}
		p.propose(r, v, f)
		p.show(w, r, http.StatusOK, v, one, f)
	}
}

func noSection(key string) error {
	return simpul.NotFound(simpul.Text{ID: "Bagian", EN: "Section"}, key)
}

// propose fills what the hub can guess for a LID without an address.
func (p *Workplace) propose(r *http.Request, v work, f *form) {
	f.values.Set("version", v.Spec.Version)
	if v.begun() {
		f.values.Set("group", p.proposedGroup(r.Context(), v.Who, v.Spec.Agency))
		f.values.Set("name", proposedName(v.Spec.Title))
		address := simpul.Address(f.value("group") + "/" + f.value("name"))
		if address, err := simpul.ParseAddress(string(address)); err == nil {
			f.fault("name", p.LIDs.Try(r.Context(), v.Who, address, v.Spec.Agency))
		}
	}
}

// again shows a page with everything that was entered and what is wrong with it.
func (p *Workplace) again(w http.ResponseWriter, r *http.Request, v work, key string, f *form) {
	one, _ := sectionOf(key)
	p.show(w, r, http.StatusUnprocessableEntity, v, one, f)
}

func (p *Workplace) show(w http.ResponseWriter, r *http.Request, status int, v work, one section, f *form) {
	view := sectionView{work: v, Section: one, Form: f, Saved: r.URL.Query().Get("tersimpan") != "" && status == http.StatusOK, Waits: proposalOf(r)}
	var err error
	switch one.Key {
	case sectionContract:
		web.Render(w, r, status, contractPage(view))
		return
	case sectionWords:
		view.Similar, view.Groups = p.Finder.Similar(v.address(), v.Spec), p.groups()
	case sectionFields:
		view.Fields, err = p.fieldsView(r.Context(), v)
	case sectionSubmit:
		view.Submit, err = p.submission(r.Context(), v)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, status, sectionPage(view))
}

// save takes what was entered on a page.
func (p *Workplace) save(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v, err := p.open(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	switch key := r.PathValue("section"); {
	case key == sectionContract:
		p.recontract(w, r, v, f)
	case v.begun() && key == actDiscard:
		p.discard(w, r, v)
	case v.begun():
		p.settle(w, r, v, f)
	case key == sectionSubmit:
		p.submit(w, r, v, f)
	default:
		p.act(w, r, v, f, key)
	}
}

// act saves a section of the spec, or carries out what the LID's own page offers.
func (p *Workplace) act(w http.ResponseWriter, r *http.Request, v work, f *form, key string) {
	switch key {
	case actDiscard:
		p.discard(w, r, v)
		return
	case actRegister:
		p.register(w, r, v, f)
		return
	case actReturn:
		p.giveBack(w, r, v, f)
		return
	}
	one, ok := sectionOf(key)
	if !ok {
		web.Fail(w, r, noSection(key))
		return
	}
	spec := v.Spec
	one.read(f, &spec, v.Read)
	if one.Key == sectionFields && len(f.wrong) == 0 {
		if err := p.bind(r.Context(), v, f); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	p.store(w, r, v, key, f, spec)
}

// store keeps a changed spec and leads on, or shows the page again.
func (p *Workplace) store(w http.ResponseWriter, r *http.Request, v work, key string, f *form, spec Spec) {
	var err error
	waits := ""
	if len(f.wrong) == 0 {
		waits, err = p.put(r, v, spec)
		err = f.refused(err)
	}
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case len(f.wrong) > 0:
		p.again(w, r, v, key, f)
	case waits != "":
		http.Redirect(w, r, workPath(v.ID)+"?menunggu="+url.QueryEscape(waits), http.StatusSeeOther)
	default:
		http.Redirect(w, r, v.next(f, key), http.StatusSeeOther)
	}
}

func (p *Workplace) put(r *http.Request, v work, spec Spec) (waits string, err error) {
	if v.begun() {
		return "", p.LIDs.Recast(r.Context(), v.Who, v.ID, spec)
	}
	stored, err := p.LIDs.Put(r.Context(), v.Who, v.ID, spec, false)
	return stored.Proposal, err
}

// next is the page after one that was saved: the same where more rows were asked
// for, the following while the LID is being made, else the LID's own.
func (v work) next(f *form, key string) string {
	switch {
	case f.value("more") != "":
		return workPath(v.ID, key) + "?tersimpan=1"
	case v.begun() || v.Spec.State == Draft:
		return workPath(v.ID, after(key)) + "?tersimpan=1"
	}
	return workPath(v.ID) + "?tersimpan=1"
}

// proposalOf is the proposal that an address names, when it looks like one.
func proposalOf(r *http.Request) string {
	id := r.URL.Query().Get("menunggu")
	if len(id) > 40 || !plainPath.MatchString("/"+id) {
		return ""
	}
	return id
}
