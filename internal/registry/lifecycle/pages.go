package lifecycle

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// ModelPath is the page of the steps of a LID's life.
const ModelPath = "/daur-hidup"

// maxFile is the largest file that a screen takes, and the largest form that
// carries one back, in bytes.
const maxFile = 1 << 20

type component = templ.Component

// Files reads and writes resource files, so that screens take what apply takes.
type Files interface {
	// Read gives the one resource of a file: its kind, its identifier, and its
	// spec as JSON.
	Read(name string, r io.Reader) (kind, id string, spec []byte, err error)
	// Write gives a resource as people write it.
	Write(kind, id string, spec any) ([]byte, error)
}

// PagesConfig is what the screens need of others.
type PagesConfig struct {
	Gate   web.Gate
	Files  Files
	Agency func(context.Context, simpul.AgencyID) string                // name of an agency
	LID    func(context.Context, simpul.Address, State) (string, error) // address of a LID's page; empty for none
}

// Pages are the screens.
type Pages struct {
	*Service
	PagesConfig
}

// NewPages returns the screens.
func NewPages(s *Service, c PagesConfig) *Pages {
	c.Gate = c.Gate.At(ModelPath)
	return &Pages{s, c}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+ModelPath, p.model)
	mux.HandleFunc("GET "+ModelPath+"/model.yaml", p.modelFile)
	mux.Handle("GET "+ModelPath+"/ubah", p.Gate.Admit(simpul.WriteLifecycle, p.stepForm))
	mux.Handle("POST "+ModelPath+"/ubah", p.Gate.Form(simpul.WriteLifecycle, p.changeStep))
	mux.Handle("POST "+ModelPath+"/berkas", p.Gate.Admit(simpul.WriteLifecycle, p.upload))
	mux.Handle("POST "+ModelPath+"/simpan", p.Gate.Admit(simpul.WriteLifecycle, p.store))
	mux.Handle("POST "+ModelPath+"/tarik", p.Gate.Form(simpul.WriteLifecycle, p.withdraw))
	mux.HandleFunc("GET "+CalendarPath, p.calendar)
	mux.HandleFunc("GET "+CalendarPath+"/berkas.csv", p.calendarFile)
	mux.Handle("POST "+CalendarPath+"/berkas", p.Gate.Admit(simpul.WriteLifecycle, p.uploadYear))
	mux.Handle("POST "+CalendarPath+"/hapus", p.Gate.Form(simpul.WriteLifecycle, p.deleteYear))
	mux.Handle("GET "+DuePath, p.Gate.Admit(simpul.ReadLIDs, p.due))
}

// modelView is the page of the model.
type modelView struct {
	Version
	Service  *Service
	Today    Day
	Now      Day // version in force today
	Versions []Version
	Writes   bool
	Fault    *simpul.Error // of a file that was sent
	Stored   bool
}

func (p *Pages) model(w http.ResponseWriter, r *http.Request) {
	p.showModel(w, r, http.StatusOK, nil)
}

func (p *Pages) showModel(w http.ResponseWriter, r *http.Request, status int, fault *simpul.Error) {
	visitor, _ := p.Gate.Visitor(r.Context())
	view, today := p.view.Load(), p.today()
	v := modelView{Service: p.Service, Today: today, Now: view.on(today).From, Versions: slices.Clone(view.versions), Fault: fault,
		Writes: visitor.Can(simpul.WriteLifecycle) && visitor.National, Stored: r.URL.Query().Get("tersimpan") != ""}
	slices.Reverse(v.Versions)
	v.Version = p.asked(r)
	web.Render(w, r, status, modelPage(v))
}

// asked is the version that the address names, or the one in force.
func (p *Pages) asked(r *http.Request) Version {
	view := p.view.Load()
	for _, version := range view.versions {
		if string(version.From) == r.URL.Query().Get("versi") {
			return version
		}
	}
	return view.on(p.today())
}

func (p *Pages) modelFile(w http.ResponseWriter, r *http.Request) {
	v := p.asked(r)
	if v.From == "" {
		web.Fail(w, r, noModel())
		return
	}
	file, err := p.Files.Write(revisionModel, string(v.From), v.Model)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="daur-hidup-`+string(v.From)+`.yaml"`)
	w.Write(file)
}

// stepView is the form of one step.
type stepView struct {
	Step
	From  string // day from which the change counts
	Note  string
	Fault *simpul.Error
}

// fault is what is wrong with a part of the form: the model names the step by
// its number, which the reader need not know.
func (v stepView) fault(ctx context.Context, part string) string {
	if v.Fault == nil || !strings.HasSuffix(v.Fault.Place, part) {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

func (p *Pages) stepForm(w http.ResponseWriter, r *http.Request, _ simpul.Principal) {
	step, ok := p.asked(r).Model.Step(r.URL.Query().Get("tahap"))
	if !ok {
		web.Fail(w, r, simpul.NotFound(simpul.Text{ID: "Tahap", EN: "Step"}, clip(r.URL.Query().Get("tahap"), 40)))
		return
	}
	web.Render(w, r, http.StatusOK, stepPage(stepView{Step: step, From: string(p.today().add(1))}))
}

// changeStep stores a model that differs in one step from the one that would be
// in force on the day: several changes for one day add up.
func (p *Pages) changeStep(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	form := r.PostForm
	v := stepView{From: form.Get("from"), Note: strings.TrimSpace(form.Get("note"))}
	base := p.view.Load().on(Day(v.From)).Model
	i := base.index(form.Get("code"))
	if i < 0 {
		web.Fail(w, r, simpul.NotFound(simpul.Text{ID: "Tahap", EN: "Step"}, clip(form.Get("code"), 40)))
		return
	}
	v.Step = posted(base.Steps[i], form)
	next := base
	next.Steps = slices.Clone(base.Steps)
	next.Steps[i], next.Note = v.Step, cmp.Or(v.Note, base.Note)
	_, err := p.Models().Put(r.Context(), visitor, v.From, next, false)
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Code != simpul.CodeDenied {
		v.Fault = e
		web.Render(w, r, httpapi.Status(e.Code), stepPage(v))
		return
	}
	p.stored(w, r, v.From, err)
}

func (p *Pages) stored(w http.ResponseWriter, r *http.Request, from string, err error) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, ModelPath+"?"+url.Values{"versi": {from}, "tersimpan": {"1"}}.Encode(), http.StatusSeeOther)
}

// posted is the step as the form has it. What the form does not ask for stays.
func posted(s Step, form url.Values) Step {
	text := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
	}
	s.Title = Names{text("title_id"), text("title_en")}
	s.Owner, s.Timer, s.Escalate, s.Guidance = Owner(text("owner")), nil, nil, nil
	if unit := text("unit"); unit != "" {
		length, _ := strconv.Atoi(text("length"))
		s.Timer = &Timer{length, Unit(unit)}
	}
	if level := text("level"); level != "" {
		s.Escalate = &Escalation{simpul.Permission(text("permission")), Level(level)}
	}
	if text("guidance_id") != "" {
		s.Guidance = &Names{text("guidance_id"), text("guidance_en")}
	}
	return s
}

// previewView is what a file would change, before it is stored.
type previewView struct {
	From    string
	Base    Day
	Changes []Change
	Spec    string // JSON, to be sent back
	Fault   *simpul.Error
}

// upload reads a file and shows what it would change.
func (p *Pages) upload(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	var id string
	var next Model
	err := takeFile(w, r, func(name string, file io.Reader) (err error) {
		id, next, err = p.readModel(name, file)
		return err
	})
	if err == nil {
		id = cmp.Or(strings.TrimSpace(r.PostFormValue("from")), id)
		_, err = p.Models().Put(r.Context(), visitor, id, next, true)
	}
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		p.showModel(w, r, httpapi.Status(e.Code), e)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	spec, err := json.Marshal(next)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	base := p.view.Load().on(Day(id))
	web.Render(w, r, http.StatusOK, previewPage(previewView{From: id, Base: base.From, Changes: Changes(base.Model, next), Spec: string(spec)}))
}

func (p *Pages) readModel(name string, file io.Reader) (id string, m Model, err error) {
	kind, id, spec, err := p.Files.Read(name, file)
	if err != nil {
		return "", m, err
	}
	if kind != revisionModel {
		return "", m, simpul.Invalid("kind", simpul.Text{ID: "Berkas ini memuat " + clip(kind, 40) + ", bukan LifeCycle.", EN: "This file holds " + clip(kind, 40) + ", and no LifeCycle."},
			simpul.Text{ID: "Unduh model yang berlaku, ubah, lalu unggah.", EN: "Download the model in force, change it, then upload it."})
	}
	return id, m, strictly(spec, &m)
}

// strictly reads JSON without members that nobody would look at.
func strictly(spec []byte, into any) error {
	decoder := json.NewDecoder(strings.NewReader(string(spec)))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		return nil
	}
	e := simpul.Invalid("spec", simpul.Text{ID: "Isi berkas tidak berbentuk model daur hidup.", EN: "The file's content does not have the shape of a life-cycle model."},
		simpul.Text{ID: "Periksa nama dan jenis isian: " + clip(err.Error(), 120), EN: "Check names and types of members: " + clip(err.Error(), 120)})
	e.Err = err
	return e
}

// store stores what a preview showed.
func (p *Pages) store(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	r.Body = http.MaxBytesReader(w, r.Body, 4*maxFile) // forms write most of JSON in three characters for one
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, brokenUpload(err))
		return
	}
	var next Model
	if err := strictly([]byte(r.PostForm.Get("spec")), &next); err != nil {
		web.Fail(w, r, err)
		return
	}
	from := r.PostForm.Get("from")
	_, err := p.Models().Put(r.Context(), visitor, from, next, false)
	p.stored(w, r, from, err)
}

// withdraw deletes a version that is not yet in force.
func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	if err := p.Models().Delete(r.Context(), visitor, r.PostForm.Get("from")); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, ModelPath, http.StatusSeeOther)
}

// takeFile gives the file of a form.
func takeFile(w http.ResponseWriter, r *http.Request, use func(name string, file io.Reader) error) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxFile)
	if err := r.ParseMultipartForm(maxFile); err != nil {
		return brokenUpload(err)
	}
	defer r.MultipartForm.RemoveAll()
	file, header, err := r.FormFile("file")
	if err != nil {
		return brokenUpload(err)
	}
	defer file.Close()
	return use(clip(header.Filename, 100), file)
}

func brokenUpload(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &simpul.Error{
			Code:    simpul.CodeTooLarge,
			Message: simpul.Text{ID: "Berkasnya lebih besar dari 1 MB.", EN: "The file is larger than 1 MB."},
			Remedy:  simpul.Text{ID: "Periksa apakah berkas yang dipilih sudah benar.", EN: "Check that you chose the right file."},
		}
	}
	e := simpul.Invalid("file", simpul.Text{ID: "Berkas belum terpilih, atau kirimannya terputus.", EN: "No file was chosen, or the upload broke off."},
		simpul.Text{ID: "Pilih berkasnya, lalu kirim lagi.", EN: "Choose the file, then send it again."})
	e.Err = err
	return e
}
