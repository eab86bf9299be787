package incident

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// Path is the list of incidents, NewPath where one is noted.
const (
	Path    = "/insiden"
	NewPath = Path + "/catat"
)

// PagePath returns the address of a case.
func PagePath(id string) string { return Path + "/" + url.PathEscape(id) }

const (
	perPage     = 50
	largestFile = 64 << 20 // of a list of NIKs that somebody sends, bytes
	formTime    = "2006-01-02T15:04"
)

// Pages are the screens.
type Pages struct {
	service *Service
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(s *Service, gate web.Gate) *Pages { return &Pages{s, gate.At(Path)} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	const may, one = simpul.HandleIncidents, Path + "/{id}"
	mux.Handle("GET "+Path, p.gate.Admit(may, p.list))
	mux.Handle("GET "+NewPath, p.gate.Admit(may, p.form))
	mux.Handle("POST "+NewPath, p.gate.Form(may, p.note))
	mux.Handle("GET "+one, p.gate.Admit(may, p.one))
	mux.Handle("POST "+one+"/hitung", p.gate.Form(may, p.count))
	mux.Handle("POST "+one+"/catatan", p.gate.Form(may, p.remark))
	mux.Handle("POST "+one+"/tutup", p.gate.Form(may, p.close))
	mux.Handle("POST "+one+"/cocokkan", p.gate.Admit(may, p.match))
	mux.Handle("POST "+one+"/lapor", p.gate.Form(may, p.report))
	mux.Handle("POST "+one+"/diketahui", p.gate.Form(may, p.redate))
	mux.Handle("POST "+one+"/tahan", p.gate.Form(may, p.hold))
	mux.Handle("POST "+one+"/lepas", p.gate.Form(may, p.release))
	mux.Handle("GET "+one+"/surat.pdf", p.gate.Admit(may, p.download(PDF)))
	mux.Handle("GET "+one+"/surat-lembaga.pdf", p.gate.Admit(may, p.download(PDFAuthority)))
	mux.Handle("GET "+one+"/terdampak.csv", p.gate.Admit(may, p.download(CSV)))
	mux.Handle("GET "+one+"/terdampak.json", p.gate.Admit(may, p.download(JSON)))
}

// listView is what the list shows.
type listView struct {
	Cases []Case
	Next  string
	Older bool
	Now   time.Time
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	cursor := r.URL.Query().Get("cursor")
	all, next, err := p.service.List(r.Context(), who, perPage, cursor)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, listPage(listView{all, next, cursor != "", p.service.now()}))
}

// formView is the form of a case that is to be noted.
type formView struct {
	Wish  Wish
	Fault *simpul.Error
}

func (v formView) fault(ctx context.Context, input string) string {
	if v.Fault == nil || v.Fault.Place != input {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

func (p *Pages) form(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	q := r.URL.Query()
	zone := p.service.Office(r.Context(), agencyOf(who))
	now := p.service.now().In(zone.Location())
	web.Render(w, r, http.StatusOK, formPage(formView{Wish: Wish{
		Application: q.Get("application"), LID: q.Get("lid"), Zone: string(zone), Noted: now.Format(formTime),
		From: now.AddDate(0, 0, -1).Format("2006-01-02") + "T00:00", Until: now.Add(time.Minute).Format(formTime),
	}}))
}

func (p *Pages) note(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	httpapi.Wait(w, httpapi.Slow)
	f := r.PostForm
	wish := Wish{Application: f.Get("application"), LID: f.Get("lid"), From: f.Get("from"), Until: f.Get("until"), Zone: f.Get("zone"), Noted: f.Get("noted")}
	c, err := p.service.Note(r.Context(), who, wish)
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, PagePath(c.ID), http.StatusSeeOther)
	case !coded || fault.Place == "":
		web.Fail(w, r, err)
	default:
		web.Render(w, r, httpapi.Status(fault.Code), formPage(formView{wish, fault}))
	}
}

// caseView is what the page of a case shows.
type caseView struct {
	Case
	Now     time.Time
	Fault   *simpul.Error // of what was just tried
	Entered string        // what was written then
	Noted   string        // when the incident became known, as it was written then
	Report  *reportForm   // what was written then of a notice; nil: nothing
	Match   *Match        // of a list that was just sent
}

func (v caseView) faultAt(ctx context.Context, place string) string {
	if v.Fault == nil || v.Fault.Place != place {
		return ""
	}
	return v.Fault.Message.In(web.Language(ctx)) + " " + v.Fault.Remedy.In(web.Language(ctx))
}

// reportEntered is what the form of a notice shows: what was written, or that it
// went to whoever has not got it, now.
func (v caseView) reportEntered() reportForm {
	if v.Report != nil {
		return *v.Report
	}
	f := reportForm{At: v.Now.In(v.Question.Zone.Location()).Format(formTime)}
	if v.PersonsAt.IsZero() {
		f.To = append(f.To, string(ToldPersons))
	}
	if v.AuthorityAt.IsZero() {
		f.To = append(f.To, string(ToldAuthority))
	}
	return f
}

// notedEntered is what the form of the beginning of the term shows.
func (v caseView) notedEntered() string {
	return cmp.Or(v.Noted, v.NotedAt.In(v.Question.Zone.Location()).Format(formTime))
}

// enteredAt is what was written in the form where something is to be mended.
func (v caseView) enteredAt(ctx context.Context, places ...string) string {
	for _, place := range places {
		if v.faultAt(ctx, place) != "" {
			return v.Entered
		}
	}
	return ""
}

func (p *Pages) one(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.show(w, r, who, http.StatusOK, caseView{})
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, v caseView) {
	c, err := p.service.Look(r.Context(), who, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Case, v.Now = c, p.service.now()
	web.Render(w, r, status, casePage(v))
}

func (p *Pages) count(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	httpapi.Wait(w, httpapi.Slow)
	_, err := p.service.Count(r.Context(), who, r.PathValue("id"))
	p.then(w, r, who, "", err)
}

func (p *Pages) remark(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	text := r.PostForm.Get("text")
	p.then(w, r, who, text, p.service.Remark(r.Context(), who, r.PathValue("id"), text))
}

func (p *Pages) close(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	text := r.PostForm.Get("closing")
	p.then(w, r, who, text, simpul.At("closing", p.service.Close(r.Context(), who, r.PathValue("id"), text)))
}

// report notes that a notice was sent. The form calls its words by the form's name,
// since the page has other forms with words.
func (p *Pages) report(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f := r.PostForm
	entered := reportForm{f["to"], f.Get("at"), f.Get("report")}
	err := p.service.Report(r.Context(), who, r.PathValue("id"), Report{entered.deed(), entered.At, entered.Text})
	if fault, coded := errors.AsType[*simpul.Error](err); coded && fault.Place == "text" {
		err = simpul.At("report", err)
	}
	p.back(w, r, who, caseView{Report: &entered}, err)
}

// reportForm is what was written about a notice that was sent.
type reportForm struct {
	To       []string
	At, Text string
}

func (f reportForm) deed() Deed {
	switch len(f.To) {
	case 1:
		return Deed(f.To[0])
	case 2:
		return ToldBoth
	}
	return ""
}

func (p *Pages) redate(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	noted, why := r.PostForm.Get("noted"), r.PostForm.Get("why")
	err := p.service.Redate(r.Context(), who, r.PathValue("id"), noted, why)
	p.back(w, r, who, caseView{Noted: noted, Entered: why}, err)
}

func (p *Pages) hold(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	why := r.PostForm.Get("hold")
	p.then(w, r, who, why, p.service.Hold(r.Context(), who, r.PathValue("id"), why))
}

func (p *Pages) release(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	why := r.PostForm.Get("hold")
	p.then(w, r, who, why, p.service.Release(r.Context(), who, r.PathValue("id"), why))
}

// then goes back to the case, or shows there what was refused.
func (p *Pages) then(w http.ResponseWriter, r *http.Request, who simpul.Principal, entered string, err error) {
	p.back(w, r, who, caseView{Entered: entered}, err)
}

// back goes back to the case, or shows there what was refused, as it was entered.
func (p *Pages) back(w http.ResponseWriter, r *http.Request, who simpul.Principal, v caseView, err error) {
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, PagePath(r.PathValue("id")), http.StatusSeeOther)
	case !coded || fault.Code == simpul.CodeNotFound || fault.Code == simpul.CodeDenied:
		web.Fail(w, r, err)
	default:
		v.Fault = fault
		p.show(w, r, who, httpapi.Status(fault.Code), v)
	}
}

// match reads a list from the request as it comes, into memory alone.
func (p *Pages) match(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	httpapi.Wait(w, httpapi.Slow)
	list, err := sent(w, r)
	if err != nil {
		p.then(w, r, who, "", err)
		return
	}
	m, err := p.service.Match(r.Context(), who, r.PathValue("id"), list)
	switch {
	case err != nil:
		p.then(w, r, who, "", err)
	case r.URL.Query().Get("unduh") != "" && len(m.Found) > 0:
		w.Header().Set("Content-Type", File{Format: CSV}.MediaType())
		w.Header().Set("Content-Disposition", `attachment; filename="cocok-`+url.PathEscape(r.PathValue("id"))+`.csv"`)
		m.WriteCSV(w)
	default:
		p.show(w, r, who, http.StatusOK, caseView{Match: &m})
	}
}

// sent is the file of a form, which is not kept on the way.
func sent(w http.ResponseWriter, r *http.Request) (io.Reader, error) {
	r.Body = http.MaxBytesReader(w, r.Body, largestFile)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, noList(err)
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, noList(err)
		}
		if part.FormName() == "list" && part.FileName() != "" {
			return part, nil
		}
	}
}

func noList(err error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: "list", Err: err,
		Message: simpul.Text{ID: "Belum ada berkas yang dipilih.", EN: "No file is chosen."},
		Remedy:  simpul.Text{ID: "Pilih berkas teks atau CSV dengan satu NIK di awal tiap baris.", EN: "Choose a text or CSV file with one NIK at the beginning of each line."},
	}
}

// download writes a file while it is made. A letter is in the language that the
// address asks for, Indonesian where it does not.
func (p *Pages) download(format Format) web.Screen {
	return func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		f, err := ParseFile(string(format), r.URL.Query().Get("bahasa"))
		if err == nil {
			err = httpapi.Download(w, func(begin httpapi.Begin) error {
				return p.service.Export(r.Context(), who, r.PathValue("id"), f, func(c Case) io.Writer { return begin(f.MediaType(), f.Disposition(c.ID)) })
			})
		}
		if err != nil {
			web.Fail(w, r, err)
		}
	}
}
