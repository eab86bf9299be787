package standard

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// MetadataPath is where the forms of statistical metadata are.
const MetadataPath = "/metadata"

// CodesPath is where the lists of reference codes are.
const CodesPath = "/kode"

// perPage is how many codes a page of a list shows.
const perPage = 50

// mostLists is how many lists the screens show; the API pages through more.
const mostLists = 500

// mostUses is how many bound fields a page names.
const mostUses = 100

// Pages are the screens of the room. Everybody sees what is published, and who
// is signed in also what is theirs.
type Pages struct {
	lists     *Lists
	standards *Standards
	bindings  *Bindings
	metadata  *Metadatas
	catalogue Publisher
	agency    func(context.Context, simpul.AgencyID) string // the name of an agency
	gate      web.Gate
}

// NewPages returns the screens.
func NewPages(lists *Lists, standards *Standards, bindings *Bindings, metadata *Metadatas, catalogue Publisher, agency func(context.Context, simpul.AgencyID) string, gate web.Gate) *Pages {
	return &Pages{lists, standards, bindings, metadata, catalogue, agency, gate.At(CodesPath)}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET " + StandardsPath:                     p.allStandards,
		"GET " + StandardsPath + "/{id}":           p.standard,
		"POST " + StandardsPath + "/{id}":          p.step,
		"GET " + writePath:                         p.signedIn(p.write),
		"POST " + writePath:                        p.signedIn(p.save),
		"GET " + CodesPath:                         p.allLists,
		"GET " + CodesPath + "/{list}":             p.list,
		"POST " + CodesPath + "/{list}":            p.offer,
		"GET " + CodesPath + "/{list}/{code}":      p.code,
		"GET " + CodesPath + "/{list}/berkas.csv":  p.file(CSV),
		"GET " + CodesPath + "/{list}/berkas.json": p.file(SDMX),
		"GET " + MetadataPath:                      p.allForms,
		"POST " + MetadataPath:                     p.signedIn(p.begin),
		"POST " + CodesPath + "/{list}/berkas":     p.signedIn(p.importCodes),
		"GET " + formsFilePath:                     p.exportForms,
		"POST " + formsFilePath:                    p.signedIn(p.importForms),
		"GET " + MetadataPath + "/{id}":            p.filled,
		"POST " + MetadataPath + "/{id}":           p.signedIn(p.move),
		"GET " + MetadataPath + "/{id}/{part}":     p.signedIn(p.part),
		"POST " + MetadataPath + "/{id}/{part}":    p.signedIn(p.savePart),
	} {
		mux.HandleFunc(pattern, readable(handler))
	}
}

// readable refuses an address in which no name of ours could be: databases
// differ in what they make of control characters and of what is not UTF-8.
func readable(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		query, err := url.QueryUnescape(r.URL.RawQuery)
		if err != nil || !utf8.ValidString(r.URL.Path+query) || strings.ContainsFunc(r.URL.Path+query, unicode.IsControl) {
			web.Fail(w, r, simpul.Invalid("address",
				simpul.Text{ID: "Alamat ini memuat karakter kendali, atau bukan UTF-8.", EN: "This address holds control characters, or is not UTF-8."},
				simpul.Text{ID: "Mulai dari daftarnya dan cari namanya.", EN: "Begin at the list and look for the name."}))
			return
		}
		next(w, r)
	}
}

// reader is on whose behalf a page is read: who is signed in, or the public.
func (p *Pages) reader(ctx context.Context) simpul.Principal {
	visitor, _ := p.gate.Visitor(ctx)
	return visitor
}

// listsView is the page of all lists, with the answer to a question without one.
type listsView struct {
	Lists  []httpapi.Stored[ListSpec]
	Agency func(simpul.AgencyID) string
	Text   string // code that was asked for
	On     Day
	Found  *Found
	Fault  *simpul.Error // why there is no answer
	Either []Found       // what the code may mean
}

func (p *Pages) allLists(w http.ResponseWriter, r *http.Request) {
	ctx, reader := r.Context(), p.reader(r.Context())
	all, err := p.lists.List(ctx, reader, httpapi.Page{Limit: mostLists})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	query := r.URL.Query()
	v := listsView{Lists: all, Agency: func(id simpul.AgencyID) string { return p.agency(ctx, id) }, Text: clip(strings.TrimSpace(query.Get("q")), 64), On: dayIn(query)}
	if v.Text != "" {
		found, err := p.lists.Find(ctx, reader, v.Text, v.On)
		v.Found, v.Fault = &found, faultOf(err)
		if simpul.CodeOf(err) == simpul.CodeConflict {
			v.Either, err = p.lists.Candidates(ctx, reader, v.Text, v.On)
		}
		if err != nil && faultOf(err) == nil {
			web.Fail(w, r, err)
			return
		}
	}
	web.Render(w, r, http.StatusOK, listsPage(v))
}

// faultOf is the error that a person may read on the page; nil for another.
func faultOf(err error) *simpul.Error {
	e, _ := err.(*simpul.Error)
	return e
}

// dayIn reads the date of an address; what is no date asks for today.
func dayIn(query url.Values) Day {
	day, err := ParseDay(query.Get("date"))
	if err != nil {
		return ""
	}
	return day
}

// listView is one list, or the part of it below a code or that was searched.
type listView struct {
	httpapi.Stored[ListSpec]
	Keeper string
	Query  CodeQuery
	Today  Day
	Way    []Code // from the top to the parent
	Codes  []Listed
	Next   string // address of the next page
	Valid  int    // codes of the day
	Offers bool   // the reader may publish the list as a LID
	Uses   []Use
	Writes bool          // the reader may replace the codes
	Fault  *simpul.Error // why a file was not taken
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) {
	v, err := p.viewList(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, listPage(v))
}

func (p *Pages) viewList(r *http.Request) (v listView, err error) {
	ctx, reader, id, query := r.Context(), p.reader(r.Context()), r.PathValue("list"), r.URL.Query()
	if v.Stored, err = p.lists.Get(ctx, reader, id); err != nil {
		return v, err
	}
	v.Writes = reader.Can(simpul.WriteStandards) && reader.Scope().Covers(v.Spec.Agency)
	v.Offers = reader.Can(simpul.WriteLIDs) && reader.Scope().Covers(v.Spec.Agency) && v.Spec.State == ListPublished
	v.Keeper, v.Today = p.agency(ctx, v.Spec.Agency), p.lists.Today()
	v.Query = CodeQuery{On: dayIn(query), Parent: clip(query.Get("parent"), 64), Text: clip(strings.TrimSpace(query.Get("q")), 100), After: clip(query.Get("after"), 64), Limit: perPage + 1}
	if v.Query.On == "" {
		v.Query.On = v.Today
	}
	if v.Codes, err = p.lists.Codes(ctx, reader, id, v.Query); err != nil {
		return v, err
	}
	if len(v.Codes) > perPage {
		v.Codes = v.Codes[:perPage]
		next := v.Query
		next.After = v.Codes[perPage-1].Code.Code
		v.Next = v.href(next)
	}
	if v.Valid, err = p.lists.Count(ctx, reader, id, v.Query.On); err != nil {
		return v, err
	}
	if v.Uses, err = p.bindings.Uses(ctx, reader, "", ListID(id), mostUses); err != nil {
		return v, err
	}
	v.Way, err = p.way(ctx, reader, id, v.Query)
	return v, err
}

// way is the path from the top of a list down to the parent that is asked for.
func (p *Pages) way(ctx context.Context, reader simpul.Principal, id string, q CodeQuery) (way []Code, err error) {
	for code := q.Parent; code != "" && code != "*" && len(way) < deepest; {
		found, err := p.lists.Lookup(ctx, reader, id, code, q.On)
		if err != nil {
			return nil, err
		}
		way = append([]Code{found.Code}, way...)
		code = found.Parent
	}
	return way, nil
}

// href is the address of a part of the list.
func (v listView) href(q CodeQuery) string {
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.On != v.Today {
		set("date", string(q.On))
	}
	set("parent", q.Parent)
	set("q", q.Text)
	set("after", q.After)
	return withQuery(listHref(ListID(v.ID)), values)
}

// below is the address of the codes below one.
func (v listView) below(code string) string { return v.href(CodeQuery{On: v.Query.On, Parent: code}) }

func listHref(id ListID) string { return CodesPath + "/" + url.PathEscape(string(id)) }

func codeHref(id ListID, code string, on Day) string {
	values := url.Values{}
	if on != "" {
		values.Set("date", string(on))
	}
	return withQuery(listHref(id)+"/"+url.PathEscape(code), values)
}

func withQuery(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// codeView is one code with its history.
type codeView struct {
	History
	Below  int   // whether codes stand below it: 1, or 0
	Title  Names // of the list
	Today  Day
	On     Day
	Now    Code // its meaning on that day
	Valid  bool // whether it has one
	Others map[string]Names
}

func (p *Pages) code(w http.ResponseWriter, r *http.Request) {
	ctx, reader, id := r.Context(), p.reader(r.Context()), r.PathValue("list")
	list, err := p.lists.Get(ctx, reader, id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h, err := p.lists.History(ctx, reader, id, r.PathValue("code"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := codeView{History: h, Title: list.Spec.Title, Today: p.lists.Today(), On: dayIn(r.URL.Query()), Others: map[string]Names{}}
	if v.On == "" {
		v.On = v.Today
	}
	if v.Now, v.Valid = h.On(v.On); !v.Valid {
		v.Now = h.Periods[len(h.Periods)-1]
	}
	below, err := p.lists.Codes(ctx, reader, id, CodeQuery{On: v.On, Parent: v.Code, Limit: 1})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Below = len(below)
	p.nameOthers(ctx, reader, &v)
	web.Render(w, r, http.StatusOK, codePage(v))
}

// mostNames bounds the look-ups for one page.
const mostNames = 200

// nameOthers finds the names of the codes that the page mentions, up to
// mostNames of them. One that has none on the day stays a bare code.
func (p *Pages) nameOthers(ctx context.Context, reader simpul.Principal, v *codeView) {
	name := func(list ListID, code string) {
		key := string(list) + "/" + code
		if _, known := v.Others[key]; known || len(v.Others) == mostNames {
			return
		}
		if other, err := p.lists.History(ctx, reader, string(list), code); err == nil {
			c, ok := other.On(v.On)
			if !ok {
				c = other.Periods[len(other.Periods)-1]
			}
			v.Others[key] = c.Name
		}
	}
	if v.Now.Parent != "" {
		name(v.List, v.Now.Parent)
	}
	for _, e := range v.Successions {
		for _, code := range append(append([]string{}, e.From...), e.To...) {
			name(v.List, code)
		}
	}
	for _, m := range v.Mappings {
		name(m.List, m.Target)
	}
}

// called is a code with its name, as far as that is known.
func (v codeView) called(ctx context.Context, list ListID, code string) string {
	if name, ok := v.Others[string(list)+"/"+code]; ok {
		return code + " " + name.Text().In(web.Language(ctx))
	}
	return code
}

func queryOf(name, value string) url.Values { return url.Values{name: {value}} }

// file serves a whole list as a file. It streams, so that a list of any length
// takes little memory; a list that the reader may not see fails before a byte.
func (p *Pages) file(format Format) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		reader, id := p.reader(r.Context()), r.PathValue("list")
		if _, err := p.lists.Get(r.Context(), reader, id); err != nil {
			web.Fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", format.contentType())
		w.Header().Set("Content-Disposition", `attachment; filename="`+id+format.suffix()+`"`)
		if err := p.lists.Export(r.Context(), reader, id, format, w); err != nil {
			panic(http.ErrAbortHandler) // the file must not look whole
		}
	}
}

func (f Format) suffix() string {
	switch f {
	case SDMX:
		return ".sdmx.json"
	case JSONFile:
		return ".json"
	}
	return ".csv"
}

// offer publishes a list as a LID, as a button on its page asks for.
func (p *Pages) offer(w http.ResponseWriter, r *http.Request) {
	visitor, ok := p.gate.Visitor(r.Context())
	if !ok {
		p.gate.At(listHref(ListID(r.PathValue("list")))).Lead(w, r)
		return
	}
	err := visitor.Need(simpul.WriteLIDs)
	if err == nil {
		_, err = p.lists.Offer(r.Context(), visitor, p.catalogue, r.PathValue("list"))
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, listHref(ListID(r.PathValue("list"))), http.StatusSeeOther)
}
