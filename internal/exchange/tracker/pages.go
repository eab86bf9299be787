package tracker

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// Paths of the screens.
const (
	Path          = "/jejak"
	citizenPath   = Path + "/warga/"
	counterPath   = Path + "/loket"
	askPath       = Path + "/tanya"
	QuestionsPath = Path + "/pertanyaan"
	DelaysPath    = Path + "/tunda"
)

// QuestionPath is where an agency answers a question.
func QuestionPath(number string) string { return QuestionsPath + "/" + number }

// Citizen is a person who exists for a demonstration only, and whose tracker
// everybody may open.
type Citizen struct {
	Key  string // in the address of their page
	Name string
	NIK  simpul.NIK
}

// PagesConfig is what the screens need of others.
type PagesConfig struct {
	Names    Names
	Gate     web.Gate
	Citizens []Citizen                      // of a demonstration; none in a real hub
	Proposal func(id string) string         // where a proposal is decided
	Exchange func(simpul.ExchangeID) string // where its parties see an exchange
	Check    string                         // where anybody checks a proof
}

// Pages are the screens.
type Pages struct {
	service *Service
	config  PagesConfig
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(service *Service, config PagesConfig) *Pages {
	return &Pages{service, config, config.Gate.At(Path)}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Path, p.home)
	mux.HandleFunc("GET "+citizenPath+"{citizen}", p.asCitizen(p.list))
	mux.HandleFunc("GET "+citizenPath+"{citizen}/{exchange}", p.asCitizen(p.one))
	mux.HandleFunc("POST "+citizenPath+"{citizen}/{exchange}", p.asCitizen(p.ask))
	mux.HandleFunc("GET "+citizenPath+"{citizen}/{exchange}"+proofPath, p.asCitizen(p.proof))
	mux.Handle("POST "+counterPath, p.gate.Form(simpul.TracePeople, p.trace))
	mux.Handle("GET "+counterPath+"/{look}", p.atCounter(p.list))
	mux.Handle("GET "+counterPath+"/{look}/{exchange}", p.atCounter(p.one))
	mux.Handle("POST "+counterPath+"/{look}/{exchange}", p.atCounter(p.ask))
	mux.Handle("GET "+counterPath+"/{look}/{exchange}"+proofPath, p.atCounter(p.proof))
	mux.HandleFunc("POST "+askPath, p.findQuestion)
	mux.HandleFunc("GET "+askPath+"/{number}", p.question)
	p.registerDesk(mux)
}

// subject is the person whose tracker is open.
type subject struct {
	nik  simpul.NIK
	name string
	base string // address of the first page
	demo bool
}

// personal answers about one person.
type personal func(http.ResponseWriter, *http.Request, subject)

func (p *Pages) asCitizen(show personal) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := r.PathValue("citizen")
		for _, c := range p.config.Citizens {
			if c.Key == key {
				show(w, r, subject{c.NIK, c.Name, citizenPath + c.Key, true})
				return
			}
		}
		web.Fail(w, r, simpul.NotFound(simpul.Text{ID: "Warga peragaan", EN: "Demonstration citizen"}, key))
	}
}

func (p *Pages) atCounter(show personal) http.Handler {
	return p.gate.Admit(simpul.TracePeople, func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		id := r.PathValue("look")
		nik, err := p.service.Traced(r.Context(), who, id)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		show(w, r, subject{nik, nik.String(), counterPath + "/" + url.PathEscape(id), false})
	})
}

// homeView is what the first screen shows.
type homeView struct {
	Citizens []Citizen
	Withheld []Withheld
	Names    Names
	Policy   Policy
	Counter  bool // the visitor may open trackers for people at the counter
	Desk     bool // the visitor answers people
	Delays   bool // the visitor may propose delays
	Wrong    map[string]*simpul.Error
	Entered  url.Values // but never a NIK
}

func (p *Pages) home(w http.ResponseWriter, r *http.Request) { p.showHome(w, r, nil) }

func (p *Pages) showHome(w http.ResponseWriter, r *http.Request, fault *simpul.Error) {
	v := homeView{Citizens: p.config.Citizens, Names: p.config.Names, Wrong: map[string]*simpul.Error{}}
	status := http.StatusOK
	if fault != nil {
		v.Wrong[fault.Place], status = fault, httpapi.Status(fault.Code)
		v.Entered = url.Values{"reason": r.PostForm["reason"], "number": r.PostForm["number"]}
	}
	if who, ok := p.config.Gate.Visitor(r.Context()); ok {
		v.Counter, v.Desk, v.Delays = who.Can(simpul.TracePeople), who.Can(simpul.AnswerPeople), who.Can(simpul.DelayDisclosure)
	}
	var errs [2]error
	v.Withheld, errs[0] = p.service.Withheld(r.Context())
	v.Policy, errs[1] = p.service.Policy(r.Context())
	if err := errors.Join(errs[:]...); err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, status, homePage(v))
}

// trace opens a tracker at the counter. The NIK comes in the body and goes no
// further than to the service.
func (p *Pages) trace(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	nik, err := simpul.ParseNIK(strings.TrimSpace(r.PostForm.Get("nik")))
	if err != nil {
		p.showFault(w, r, err)
		return
	}
	id, err := p.service.Trace(r.Context(), who, nik, r.PostForm.Get("reason"))
	if err != nil {
		p.showFault(w, r, err)
		return
	}
	http.Redirect(w, r, counterPath+"/"+id, http.StatusSeeOther)
}

// showFault shows the first screen with what to mend, or fails.
func (p *Pages) showFault(w http.ResponseWriter, r *http.Request, err error) {
	if fault, ok := errors.AsType[*simpul.Error](err); ok && fault.Place != "" {
		p.showHome(w, r, fault)
		return
	}
	web.Fail(w, r, err)
}

// entry is one access as a list shows it.
type entry struct {
	Access
	Who      string // agency that looked
	Sentence string
	Late     string // that it is shown late; empty for one that is not
	Href     string
}

func (p *Pages) entry(ctx context.Context, a Access, base string) entry {
	moment := web.Moment(ctx, a.At)
	e := entry{Access: a, Who: p.config.Names.Agency(ctx, a.Consumer()), Href: base + "/" + string(a.Exchange)}
	e.Sentence = Sentence(ctx, p.config.Names, a, simpul.Text{ID: moment, EN: moment}).In(web.Language(ctx))
	day := web.Date(ctx, a.ShownFrom)
	e.Late = Delayed(a, simpul.Text{ID: day, EN: day}).In(web.Language(ctx))
	return e
}

// listView is what a person's tracker shows.
type listView struct {
	subject
	Page
	Entries  []entry
	Filter   Filter
	Cursor   string
	Agencies []web.Option
	Months   []web.Option
	Names    Names
}

// Narrowed reports whether the list shows a part only.
func (v listView) Narrowed() bool { return v.Filter != Filter{} || v.Cursor != "" }

func (p *Pages) list(w http.ResponseWriter, r *http.Request, s subject) {
	query := r.URL.Query()
	v := listView{subject: s, Names: p.config.Names, Cursor: query.Get("cursor"), Filter: Filter{Agency: simpul.AgencyID(query.Get("instansi"))}}
	if month, err := ParseMonth(query.Get("bulan")); err == nil { // what is none is all of them
		v.Filter.Month = month
	}
	page, err := p.service.Of(r.Context(), s.nik, v.Filter, v.Cursor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Page = page
	for _, a := range page.Accesses {
		v.Entries = append(v.Entries, p.entry(r.Context(), a, s.base))
	}
	v.Agencies, v.Months = agencyOptions(r.Context(), p.config.Names, page.Agencies, v.Filter), monthOptions(r.Context(), page.Months, v.Filter)
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusOK, listPage(v))
}

// oneView is what the screen of one access shows.
type oneView struct {
	subject
	entry
	Names    Names
	Proof    proofView
	Policy   Policy
	Question *Question // that the person has asked; nil for none
	Entered  string
	Fault    *simpul.Error
}

func (p *Pages) one(w http.ResponseWriter, r *http.Request, s subject) { p.showOne(w, r, s, "", nil) }

func (p *Pages) showOne(w http.ResponseWriter, r *http.Request, s subject, entered string, fault *simpul.Error) {
	a, err := p.service.Find(r.Context(), s.nik, simpul.ExchangeID(r.PathValue("exchange")))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := oneView{subject: s, entry: p.entry(r.Context(), a, s.base), Names: p.config.Names, Entered: entered, Fault: fault}
	q, asked, err := p.service.AskedOf(r.Context(), a)
	if err == nil {
		v.Proof, err = p.proofOf(r.Context(), s, a.Exchange, v.Href)
	}
	if err == nil {
		v.Policy, err = p.service.Policy(r.Context())
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if asked {
		v.Question = &q
	}
	status := http.StatusOK
	if fault != nil {
		status = httpapi.Status(fault.Code)
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, status, onePage(v))
}

const mostForm = 16 << 10 // bytes

func (p *Pages) ask(w http.ResponseWriter, r *http.Request, s subject) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, unreadable())
		return
	}
	text := r.PostForm.Get("question")
	q, err := p.service.Ask(r.Context(), s.nik, simpul.ExchangeID(r.PathValue("exchange")), text)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, askPath+"/"+q.Number, http.StatusSeeOther)
	case !coded || fault.Code == simpul.CodeNotFound:
		web.Fail(w, r, err)
	default:
		p.showOne(w, r, s, text, fault)
	}
}

func unreadable() error {
	return simpul.Invalid("form",
		simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
		simpul.Text{ID: "Muat ulang halaman ini, lalu coba lagi dengan isian yang lebih pendek.", EN: "Reload this page and try again with shorter texts."})
}

// findQuestion leads from a number to its question.
func (p *Pages) findQuestion(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, unreadable())
		return
	}
	q, err := p.service.Answered(r.Context(), r.PostForm.Get("number"))
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		err = simpul.Invalid("number",
			simpul.Text{ID: "Tidak ada pertanyaan dengan nomor ini.", EN: "There is no question with this number."},
			simpul.Text{ID: "Salin nomornya persis seperti saat Anda bertanya, misalnya t-k3m9…", EN: "Copy the number exactly as you got it, such as t-k3m9…"})
	}
	if err != nil {
		p.showFault(w, r, err)
		return
	}
	http.Redirect(w, r, askPath+"/"+q.Number, http.StatusSeeOther)
}

// questionView is what whoever has the number sees.
type questionView struct {
	Question
	Agency string
	Late   bool
}

func (p *Pages) question(w http.ResponseWriter, r *http.Request) {
	q, err := p.service.Answered(r.Context(), r.PathValue("number"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusOK, questionPage(questionView{q, p.config.Names.Agency(r.Context(), q.Agency), q.Late(p.service.Now())}))
}
