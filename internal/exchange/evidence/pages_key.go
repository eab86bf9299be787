package evidence

import (
	"context"
	"errors"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// KeysPath is where the keys are shown, below the page of retention.
const KeysPath = "/retensi/kunci-bukti"

const maxKeyForm = 16 << 10 // bytes

// KeyPages are the screens of keys and of what was removed.
type KeyPages struct {
	keys     *Keys
	with     Proposer
	gate     web.Gate
	days     func(context.Context) (map[simpul.LIDClass]int, error) // for which each class is kept
	proposal func(id string) string                                 // address of a proposal's page
}

// NewKeyPages returns the screens.
func NewKeyPages(k *Keys, with Proposer, gate web.Gate, days func(context.Context) (map[simpul.LIDClass]int, error), proposal func(string) string) *KeyPages {
	return &KeyPages{k, with, gate.At(KeysPath), days, proposal}
}

// Register puts the screens on the mux.
func (p *KeyPages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+KeysPath, p.gate.Admit(simpul.ReadRetention, p.list))
	mux.Handle("GET "+KeysPath+"/{class}/{month}", p.gate.Admit(simpul.WriteRetention, p.form))
	mux.Handle("POST "+KeysPath+"/{class}/{month}", p.gate.Admit(simpul.WriteRetention, p.propose))
}

// keysView is what the list shows.
type keysView struct {
	live, ended []KeyLine
	removals    []Removal
	days        map[simpul.LIDClass]int
	now         time.Time
	national    bool // an agency does not see them
	may         bool // propose a destruction
}

// fewKeys is how many keys are shown at once: of four months, of which two seal.
const fewKeys = 4 * len(classes)

func (v keysView) recent() []KeyLine { return v.live[:min(fewKeys, len(v.live))] }

func (v keysView) older() []KeyLine { return v.live[min(fewKeys, len(v.live)):] }

// due is when the nightly sweep may destroy the key.
func (v keysView) due(line KeyLine) time.Time { return line.Due(v.days) }

// over reports whether nothing is sealed with the key any more.
func (v keysView) over(line KeyLine) bool { return !line.Until.After(v.now) }

func (p *KeyPages) list(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := keysView{now: p.keys.now(), national: visitor.Scope() == simpul.NationScope(), may: visitor.Can(simpul.WriteRetention)}
	lines, err := p.keys.List(r.Context(), visitor)
	if err == nil {
		v.removals, err = p.keys.removals(r.Context(), visitor)
	}
	if err == nil {
		v.days, err = p.days(r.Context())
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, line := range lines {
		if line.End == nil {
			v.live = append(v.live, line)
		} else {
			v.ended = append(v.ended, line)
		}
	}
	web.Render(w, r, http.StatusOK, keysPage(v))
}

// keyForm is the state of the form.
type keyForm struct {
	KeyLine
	due    time.Time
	early  bool   // before that
	Reason string // as entered
	Fault  *simpul.Error
}

func (p *KeyPages) form(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	f, err := p.formOf(r, visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, keyFormPage(f))
}

// formOf finds the key of the address; one that cannot be destroyed has no form.
func (p *KeyPages) formOf(r *http.Request, visitor simpul.Principal) (f keyForm, err error) {
	id := r.PathValue("class") + "/" + r.PathValue("month")
	lines, err := p.keys.List(r.Context(), visitor)
	if err != nil {
		return f, err
	}
	days, err := p.days(r.Context())
	if err != nil {
		return f, err
	}
	for _, line := range lines {
		switch {
		case line.ID != id:
			continue
		case line.End != nil:
			return f, destroyedAlready(id)
		case line.Until.After(p.keys.now()):
			return f, notOverYet(id)
		}
		due := keysView{days: days}.due(line)
		return keyForm{KeyLine: line, due: due, early: due.After(p.keys.now())}, nil
	}
	return f, simpul.NotFound(kindKey, id)
}

func (p *KeyPages) propose(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	f, err := p.formOf(r, visitor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxKeyForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, simpul.Invalid("form",
			simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
			simpul.Text{ID: "Muat ulang halaman ini, lalu coba lagi.", EN: "Reload this page and try again."}))
		return
	}
	f.Reason = r.PostForm.Get("reason")
	id, err := p.keys.ProposeDestruction(r.Context(), visitor, p.with, f.ID, f.Reason)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, p.proposal(id), http.StatusSeeOther)
	case !coded:
		web.Fail(w, r, err)
	default:
		f.Fault = fault
		web.Render(w, r, httpapi.Status(fault.Code), keyFormPage(f))
	}
}
