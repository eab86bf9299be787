package onboarding

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/web"
)

// Addresses of the screens.
const (
	Path      = "/pendaftaran"
	InboxPath = Path + "/masuk"
	OwnPath   = Path + "/instansi"

	fillPath    = Path + "/isi"
	ownFillPath = OwnPath + "/isi"
)

// maxForm is the largest form without a file that these screens take, in bytes.
const maxForm = 256 << 10

// PagesConfig is what the screens need of others.
type PagesConfig struct {
	Service *Service
	// Facts returns what is known of an agency, to begin its form with.
	Facts func(ctx context.Context, agency simpul.AgencyID) Form
	Gate  web.Gate
	TLS   bool // people reach the hub over https
	Now   clock.Clock
}

// Pages are the screens.
type Pages struct{ PagesConfig }

// NewPages returns the screens.
func NewPages(c PagesConfig) *Pages { return &Pages{c} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Path, p.welcome)
	mux.HandleFunc("POST "+Path, p.begin)
	mux.HandleFunc("POST "+Path+"/lanjut", p.resume)
	p.wizard(mux, fillPath, p.withCode)

	mux.Handle("GET "+OwnPath, p.Gate.Admit(simpul.ReadAgencies, p.own))
	mux.Handle("POST "+OwnPath, p.Gate.Admit(simpul.WriteAgencies, p.beginOwn))
	p.wizard(mux, ownFillPath, p.withAccount)

	mux.Handle("GET "+InboxPath, p.Gate.Admit(simpul.ApproveAgencies, p.inbox))
	mux.Handle("GET "+InboxPath+"/{id}", p.Gate.Admit(simpul.ApproveAgencies, p.decision))
	mux.Handle("GET "+InboxPath+"/{id}/dokumen/{document}", p.Gate.Admit(simpul.ApproveAgencies, p.document))
	for step, act := range map[string]func(*http.Request, simpul.Principal) error{"terima": p.accept, "kembalikan": p.giveBack, "kunci": p.lock, "undang": p.invite} {
		mux.Handle("POST "+InboxPath+"/{id}/"+step, p.Gate.Admit(simpul.ApproveAgencies, p.deciding(act)))
	}
}

// wizard registers the pages of one form, whoever fills it.
func (p *Pages) wizard(mux *http.ServeMux, base string, as func(http.ResponseWriter, *http.Request) (Holder, bool)) {
	on := func(pattern string, show func(w http.ResponseWriter, r *http.Request, h Holder, base string)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+base+path, func(w http.ResponseWriter, r *http.Request) {
			if h, ok := as(w, r); ok {
				show(w, r, h, base)
			}
		})
	}
	on("GET ", p.status)
	on("GET /{section}", p.section)
	on("POST /{section}", p.save)
	on("POST /dokumen", p.attach)
	on("POST /dokumen/{document}/hapus", p.detach)
	on("POST /kirim", p.submit)
}

// withCode takes the code from the cookie; without one there is nothing to fill.
func (p *Pages) withCode(w http.ResponseWriter, r *http.Request) (Holder, bool) {
	found, err := r.Cookie(cookieName)
	if err != nil || found.Value == "" {
		http.Redirect(w, r, Path, http.StatusSeeOther)
		return Holder{}, false
	}
	return WithCode(simpul.Secret(found.Value)), true
}

// withAccount takes whoever is signed in for their own agency.
func (p *Pages) withAccount(w http.ResponseWriter, r *http.Request) (h Holder, ok bool) {
	p.Gate.Admit(simpul.WriteAgencies, func(_ http.ResponseWriter, _ *http.Request, who simpul.Principal) {
		h, ok = For(who, who.Agency), true
	}).ServeHTTP(w, r)
	return h, ok
}

// cookieName is the cookie with the code of the form that is being filled.
const cookieName = "pendaftaran"

func (p *Pages) keep(w http.ResponseWriter, r *http.Request, code simpul.Secret) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: code.Reveal(), Path: Path, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: p.TLS || r.TLS != nil})
}

func (p *Pages) welcome(w http.ResponseWriter, r *http.Request) {
	who, _ := p.Gate.Visitor(r.Context())
	web.Render(w, r, http.StatusOK, welcomePage(false, who.Can(simpul.ApproveAgencies)))
}

func (p *Pages) begin(w http.ResponseWriter, r *http.Request) {
	code, err := p.Service.Begin(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.keep(w, r, code)
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusCreated, codePage(grouped(code)))
}

// grouped writes a code in groups of four, as people copy it.
func grouped(code simpul.Secret) string {
	var groups []string
	for text := code.Reveal(); text != ""; {
		n := min(4, len(text))
		groups, text = append(groups, text[:n]), text[n:]
	}
	return strings.ToUpper(strings.Join(groups, "-"))
}

func (p *Pages) resume(w http.ResponseWriter, r *http.Request) {
	if err := readForm(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	h := WithCode(simpul.Secret(r.PostForm.Get("code")))
	if _, err := p.Service.Case(r.Context(), h); simpul.CodeOf(err) == simpul.CodeNotFound {
		web.Render(w, r, http.StatusNotFound, welcomePage(true, false))
		return
	} else if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.keep(w, r, h.code)
	http.Redirect(w, r, fillPath, http.StatusSeeOther)
}

func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err := r.ParseForm()
	for _, values := range r.PostForm {
		for _, value := range values {
			if strings.ContainsFunc(value, forbidden) {
				err = errors.New("control characters")
			}
		}
	}
	if err == nil {
		return nil
	}
	return simpul.Invalid("form",
		simpul.Text{ID: "Isian formulir terlalu panjang atau tidak terbaca.", EN: "The form is too long or cannot be read."},
		simpul.Text{ID: "Muat ulang halamannya, lalu coba lagi.", EN: "Reload the page and try again."})
}

func forbidden(r rune) bool {
	return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == '\uFFFD'
}

// sections are the parts of the form in their order.
func sections() []string { return []string{"instansi", "surat", "tim", "tujuan", "dokumen", "periksa"} }

// after is the section that follows.
func after(section string) string {
	all := sections()
	for i, s := range all[:len(all)-1] {
		if s == section {
			return all[i+1]
		}
	}
	return all[len(all)-1]
}

// formView is one section of a form.
type formView struct {
	base    string
	section string
	c       Case
	faults  Faults // of the whole form
	marked  bool   // faults are shown at their fields
	problem *simpul.Error
}

// at is what is to be mended at a field: why it was returned, or what is
// missing.
func (v formView) at(ctx context.Context, field string) string {
	if reason := v.c.Reasons[field]; reason != "" && v.c.State == Returned {
		return web.T(ctx, "Catatan operator: ", "Note of the operator: ") + reason
	}
	if v.marked {
		return v.faults[field].In(web.Language(ctx))
	}
	return ""
}

func (p *Pages) status(w http.ResponseWriter, r *http.Request, h Holder, base string) {
	c, err := p.Service.Case(r.Context(), h)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if c.State.writable() {
		http.Redirect(w, r, base+"/"+sections()[0], http.StatusSeeOther)
		return
	}
	web.Render(w, r, http.StatusOK, statusPage(c))
}

func (p *Pages) section(w http.ResponseWriter, r *http.Request, h Holder, base string) {
	p.show(w, r, h, base, http.StatusOK, nil)
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, h Holder, base string, status int, problem error) {
	c, err := p.Service.Case(r.Context(), h)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	section := r.PathValue("section")
	if problem != nil {
		section = "dokumen"
	}
	if !c.State.writable() || !known(section) {
		http.Redirect(w, r, base, http.StatusSeeOther)
		return
	}
	v := formView{base: base, section: section, c: c, faults: c.Form.Check(p.Now()), marked: r.URL.Query().Has("periksa")}
	v.problem, _ = errors.AsType[*simpul.Error](problem)
	web.Render(w, r, status, sectionPage(v))
}

func known(section string) bool {
	for _, s := range sections() {
		if s == section {
			return true
		}
	}
	return false
}

func (p *Pages) save(w http.ResponseWriter, r *http.Request, h Holder, base string) {
	section := r.PathValue("section")
	err := readForm(w, r)
	if err == nil {
		err = p.Service.Save(r.Context(), h, func(f *Form) { enter(f, section, r.PostForm) })
	}
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case r.PostForm.Has("more"): // another person, or just keep the draft
		http.Redirect(w, r, base+"/"+section, http.StatusSeeOther)
	default:
		http.Redirect(w, r, base+"/"+after(section), http.StatusSeeOther)
	}
}

// enter puts what somebody entered in a section into the form.
func enter(f *Form, section string, values url.Values) {
	get := func(name string) string { return strings.TrimSpace(values.Get(name)) }
	switch section {
	case "instansi":
		f.Agency, f.Name, f.Level, f.Region = strings.ToLower(get("agency")), get("name"), get("level"), get("region")
	case "surat":
		f.LetterNumber, f.LetterDate = get("letterNumber"), get("letterDate")
	case "tujuan":
		f.Purpose, f.Addresses = get("purpose"), nil
		for line := range strings.Lines(get("addresses")) {
			if line = strings.TrimSpace(line); line != "" {
				f.Addresses = append(f.Addresses, line)
			}
		}
	case "tim":
		f.Team = nil
		for i := range mostPeople {
			of := func(field string) string { return get("team." + strconv.Itoa(i+1) + "." + field) }
			if person := (Person{of("name"), of("position"), of("email"), of("phone"), of("tasks")}); person != (Person{}) {
				f.Team = append(f.Team, person)
			}
		}
	}
}

func (p *Pages) attach(w http.ResponseWriter, r *http.Request, h Holder, base string) {
	name, content, err := upload(w, r)
	if err == nil {
		err = p.Service.Attach(r.Context(), h, name, content)
	}
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Place == "documents" {
		p.show(w, r, h, base, http.StatusBadRequest, err)
		return
	}
	p.next(w, r, err, base+"/dokumen")
}

// upload reads the one file of a multipart form, one byte more than is allowed
// so that a longer one is told from it. The rest is never read.
func upload(w http.ResponseWriter, r *http.Request) (name string, content []byte, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxDocument+maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, noFile()
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, noFile()
		}
		if part.FormName() != "document" {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(part, MaxDocument+1))
		if err != nil || len(content) == 0 {
			return "", nil, noFile()
		}
		return part.FileName(), content, nil
	}
}

func noFile() error {
	return badDocument(simpul.CodeInvalid,
		simpul.Text{ID: "Tidak ada berkas yang sampai.", EN: "No file arrived."},
		simpul.Text{ID: "Pilih satu berkas PDF, paling besar 5 MB, lalu unggah lagi.", EN: "Choose one PDF file of at most 5 MB and upload it again."})
}

func (p *Pages) detach(w http.ResponseWriter, r *http.Request, h Holder, base string) {
	p.next(w, r, p.Service.Detach(r.Context(), h, r.PathValue("document")), base+"/dokumen")
}

func (p *Pages) submit(w http.ResponseWriter, r *http.Request, h Holder, base string) {
	faults, err := p.Service.Submit(r.Context(), h)
	if len(faults) > 0 {
		http.Redirect(w, r, base+"/periksa", http.StatusSeeOther)
		return
	}
	p.next(w, r, err, base)
}

func (p *Pages) next(w http.ResponseWriter, r *http.Request, err error, page string) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, page, http.StatusSeeOther)
}
