package catalog

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

// ListPath is where the public catalogue is.
const ListPath = "/catalog"

// PagePath returns the address of a LID's page.
func PagePath(a simpul.Address) string { return ListPath + "/" + string(a) }

// Agency is what the catalogue shows of the agency that provides a LID.
type Agency struct {
	Name   string
	Region string // code of the province or regency that it governs; "" for a national agency
	Level  string // nasional, provinsi, kabupaten or kota; "" if it is not known
}

// Agencies tells the catalogue who provides.
type Agencies interface {
	// Agency returns an agency; of one that is not known, its ID as the name.
	Agency(ctx context.Context, id simpul.AgencyID) Agency
	// Region names a region by its code, "32.73"; "" if it is not known.
	Region(ctx context.Context, code string) string
}

// Pages are the public screens of the catalogue. They show published LIDs only.
type Pages struct {
	directory *Directory
	agencies  Agencies
	finder    *Finder
	gateway   string // URL where applications call
	portal    string // URL of these pages
	now       clock.Clock
	note      func(context.Context, *LID) (Note, bool)

	visitor func(context.Context) (simpul.Principal, bool) // nil: nobody is ever signed in

	course func(context.Context, simpul.Address) templ.Component // nil: not shown
}

// ShowCourse lets the page of a LID show where it stands in its life; nothing
// where the component is nil.
func (p *Pages) ShowCourse(course func(context.Context, simpul.Address) templ.Component) {
	p.course = course
}

// NewPages returns the screens over what the finder finds in. The gateway is
// where applications call, the portal where these pages are; both are URLs as
// the outside sees them.
func NewPages(f *Finder, gateway, portal string) *Pages {
	return &Pages{directory: f.directory, agencies: f.agencies, finder: f, gateway: gateway, portal: strings.TrimSuffix(portal, "/"), now: clock.System}
}

// keeps reports whether the reader keeps a LID.
func (p *Pages) keeps(ctx context.Context, l *LID) bool {
	if p.visitor == nil {
		return false
	}
	who, ok := p.visitor(ctx)
	return ok && who.Can(simpul.WriteLIDs) && who.Scope().Covers(l.Spec.Agency)
}

// reads reports whether the reader may see what of their own did not meet the
// contract of a LID that is held to it.
func (p *Pages) reads(ctx context.Context, l *LID) bool {
	if p.visitor == nil || l.Spec.Delivery.Checks == nil {
		return false
	}
	who, ok := p.visitor(ctx)
	return ok && who.Can(simpul.ReadExchanges)
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+ListPath, p.list)
	mux.HandleFunc("GET "+ListPath+"/{group}/{name}", p.lid)
	mux.HandleFunc("GET /catalog.csv", p.csv)
	mux.HandleFunc("GET /openapi/{group}/{name}", p.openAPI)
	mux.HandleFunc("GET "+OpenPath, p.document)
	mux.HandleFunc("GET "+QualityPath, p.quality)
	mux.HandleFunc("GET "+qualityTablePath, p.qualityCSV)
	mux.HandleFunc("GET "+QualityPath+"/{agency}", p.agencyQuality)
	mux.HandleFunc("GET /sitemap.xml", p.sitemap)
	mux.HandleFunc("GET /robots.txt", p.robots)
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) {
	if negotiated(w, r, OpenPath) {
		return
	}
	q := parseQuery(r.URL.Query())
	found, err := p.find(r.Context(), q)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Replace-Url", q.href())
	}
	web.Render(w, r, http.StatusOK, listPage(q, found))
}

func (p *Pages) lid(w http.ResponseWriter, r *http.Request) {
	name, asData := strings.CutSuffix(r.PathValue("name"), ".jsonld")
	r.SetPathValue("name", name)
	l, err := p.published(r)
	if err == nil && asData {
		p.entryDocument(w, r, l)
		return
	}
	if err == nil && negotiated(w, r, openAddress(l.Address)) {
		return
	}
	if g, next, gone := p.directory.ended(simpul.Address(r.PathValue("group") + "/" + name)); gone && !asData {
		web.Render(w, r, http.StatusGone, endedPage(ended{Address: g.address, Owner: p.agencies.Agency(r.Context(), g.agency), Successor: next}))
		return
	}
	if err != nil {
		web.Render(w, r, http.StatusNotFound, unknownPage(r.PathValue("group")+"/"+r.PathValue("name"), r.PathValue("name")))
		return
	}
	v := lidView{
		LID:     l,
		Owner:   p.agencies.Agency(r.Context(), l.Spec.Agency),
		Gateway: p.gateway,
		Regions: p.regionWords(r.Context(), l.Spec.Coverage),
		Now:     p.now(),
		Notes:   p.notes(r.Context(), l),
		Keeps:   p.keeps(r.Context(), l),
		Reads:   p.reads(r.Context(), l),
		Score:   p.finder.gauge.report(l).Score,
	}
	if p.course != nil {
		v.Course = p.course(r.Context(), l.Address)
	}
	web.Render(w, r, http.StatusOK, lidPage(v))
}

// openAPI serves the contract as the hub publishes it: to be called at the hub.
func (p *Pages) openAPI(w http.ResponseWriter, r *http.Request) {
	l, err := p.published(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	document, err := contract.Document(l.Spec.Contract, callAddress(p.gateway, l.Address))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "public, no-cache") // kept, but asked about each time
	h.Set("Access-Control-Allow-Origin", "*")  // the document is public; viewers on other sites may read it
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", l.Updated, bytes.NewReader(document))
}

func (p *Pages) published(r *http.Request) (*LID, error) {
	id := r.PathValue("group") + "/" + r.PathValue("name")
	l, err := p.directory.LID(simpul.Address(id))
	if err == nil || simpul.CodeOf(err) == simpul.CodeGone {
		return l, err
	}
	return nil, &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Tidak ada LID terbit dengan alamat " + id + ".", EN: "There is no published LID with the address " + id + "."},
		Remedy:  simpul.Text{ID: "Cari namanya di katalog. Huruf besar dan kecil pada alamat dibedakan: master/Kota, bukan master/kota.", EN: "Look for its name in the catalogue. Capital letters matter in an address: master/Kota, not master/kota."},
	}
}
