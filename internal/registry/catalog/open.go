package catalog

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/dcat"
)

// OpenPath is the catalogue for other catalogues: DCAT-AP 3 as JSON-LD.
const OpenPath = "/catalog.jsonld"

// perOpenPage is how many LIDs a page of it has; 10,000 LIDs are 40 pages of
// about half a megabyte.
const perOpenPage = 250

// document serves a page of the open catalogue.
func (p *Pages) document(w http.ResponseWriter, r *http.Request) {
	lids := p.directory.All()
	last := max(1, (len(lids)+perOpenPage-1)/perOpenPage)
	number, err := openPage(r.URL.Query(), last)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	some := lids[(number-1)*perOpenPage : min(number*perOpenPage, len(lids))]
	c := dcat.Catalogue{
		URI: p.portal + ListPath + "#catalog", Homepage: p.portal + ListPath,
		Title:       "Katalog layanan data",
		Description: "Semua layanan data pemerintah yang dapat dipanggil lewat hub ini.",
		Publisher:   dcat.Agent{URI: p.portal + ListPath + "#hub", Name: "Sistem Penghubung Layanan Pemerintah"},
		Modified:    newest(lids),
		View:        p.view(number, last, len(lids)),
	}
	for _, l := range some {
		c.Services = append(c.Services, p.service(r.Context(), l))
	}
	if c.View.Next != "" {
		w.Header().Add("Link", "<"+c.View.Next+`>; rel="next"`)
	}
	var b bytes.Buffer
	if err := dcat.Write(&b, c); err != nil {
		web.Fail(w, r, err)
		return
	}
	p.serve(w, r, dcat.MediaType, c.Modified, b.Bytes())
}

// openPage reads which page is wanted. A program that follows links never meets
// the refusal.
func openPage(v url.Values, last int) (int, error) {
	n, err := strconv.Atoi(cmp.Or(v.Get("page"), "1"))
	if err == nil && n >= 1 && n <= last {
		return n, nil
	}
	return 0, &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Katalog tidak punya halaman itu.", EN: "The catalogue has no such page."},
		Remedy:  simpul.Text{ID: "Mulai dari " + OpenPath + " dan ikuti hydra:next.", EN: "Start from " + OpenPath + " and follow hydra:next."},
	}
}

func newest(lids []*LID) (at time.Time) {
	for _, l := range lids {
		if l.Updated.After(at) {
			at = l.Updated
		}
	}
	return at
}

func (p *Pages) view(number, last, total int) dcat.View {
	page := func(n int) string {
		switch {
		case n < 1 || n > last:
			return ""
		case n == 1:
			return p.portal + OpenPath
		}
		return p.portal + OpenPath + "?page=" + strconv.Itoa(n)
	}
	return dcat.View{URI: page(number), First: page(1), Previous: page(number - 1), Next: page(number + 1), Last: page(last), Total: total}
}

// entryDocument serves one LID as JSON-LD.
func (p *Pages) entryDocument(w http.ResponseWriter, r *http.Request, l *LID) {
	var b bytes.Buffer
	if err := dcat.WriteService(&b, p.service(r.Context(), l)); err != nil {
		web.Fail(w, r, err)
		return
	}
	p.serve(w, r, dcat.MediaType, l.Updated, b.Bytes())
}

// serve sends a public document that other sites may read.
func (p *Pages) serve(w http.ResponseWriter, r *http.Request, kind string, modified time.Time, document []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, no-cache") // kept, but asked about each time
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(w, r, "", modified, bytes.NewReader(document))
}

// service says a LID in the words of DCAT. Its addresses never change: they are
// made of the LID's own, which belongs to one agency for ever.
func (p *Pages) service(ctx context.Context, l *LID) dcat.Service {
	owner := p.agencies.Agency(ctx, l.Spec.Agency)
	page := p.portal + PagePath(l.Address)
	m := l.Spec.Metadata
	s := dcat.Service{
		URI: page + "#service", DatasetURI: page + "#dataset", Page: page, Dataset: servesData(l),
		Identifier: string(l.Address), Title: l.Spec.Title, Description: l.Spec.Description, Keywords: l.Spec.Keywords, Version: l.Spec.Version,
		Publisher: dcat.Agent{URI: p.portal + ListPath + "#agency-" + string(l.Spec.Agency), Name: owner.Name},
		Endpoint:  callAddress(p.gateway, l.Address), EndpointDescription: p.portal + "/openapi/" + string(l.Address),
		Access: accessOf(l.Spec.Class), Issued: l.Created, Modified: l.Updated,
	}
	if s.Deprecated = l.Spec.State == Deprecated; l.Successor != "" {
		s.ReplacedBy = p.portal + PagePath(l.Successor) + "#service"
	}
	for _, code := range m.Themes {
		if t, ok := lookUp(themes(), code); ok {
			s.Themes = append(s.Themes, dcat.Concept{URI: t.URI, Label: t.Name.ID})
		}
	}
	for _, c := range m.Contacts {
		s.Contacts = append(s.Contacts, dcat.Contact{Name: c.Unit, Email: c.Email})
	}
	for _, standard := range m.Standards {
		s.Standards = append(s.Standards, dcat.Concept{URI: standard.URL, Label: standard.Name})
	}
	if f, ok := lookUp(frequencies(), m.Frequency); ok {
		s.Frequency = dcat.Concept{URI: f.URI}
	}
	s.Licence, s.Rights = rights(l.Spec)
	if c := m.Coverage; c != nil {
		s.From, s.Until = c.From, c.Until
		for _, code := range c.Regions {
			s.Regions = append(s.Regions, dcat.Region{Code: code, Name: cmp.Or(p.agencies.Region(ctx, code), code)})
		}
	}
	return s
}

// servesData reports whether a LID gives data out: some GET answers with fields.
// What only takes or checks something is a service without a dataset.
func servesData(l *LID) bool {
	for _, op := range l.Contract.Operations {
		if op.Method == http.MethodGet && len(op.ResponseFields) > 0 {
			return true
		}
	}
	return false
}

func accessOf(c simpul.LIDClass) dcat.Access {
	switch c {
	case simpul.Terbuka:
		return dcat.Public
	case simpul.Terbatas:
		return dcat.Restricted
	}
	return dcat.NonPublic
}

// rights are the licence, and in words what else rules the use.
func rights(s Spec) (licence dcat.Concept, words []string) {
	if t, ok := lookUp(licences(), s.Licence); ok && t.URI != "" {
		licence = dcat.Concept{URI: t.URI, Label: t.Name.ID}
	} else if ok {
		words = append(words, t.Name.ID)
	}
	if s.LegalBasis != "" {
		words = append(words, "Dasar hukum: "+s.LegalBasis)
	}
	if s.Attribution != "" {
		words = append(words, s.Attribution)
	}
	return licence, words
}

// prefersData reports whether the reader asks for JSON-LD by name, and not for a
// page more than for it (RFC 9110 section 12.5.1).
func prefersData(r *http.Request) bool {
	accept := r.Header.Values("Accept")
	data := quality(accept, dcat.MediaType)
	return data > 0 && data >= quality(accept, "text/html")
}

// quality is the weight that Accept fields give to a media type by its name; 0
// where they do not name it.
func quality(accept []string, kind string) float64 {
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), kind) {
			continue
		}
		for parameter := range strings.SplitSeq(parameters, ";") {
			if text, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameter)), "q="); ok {
				return weight(text)
			}
		}
		return 1
	}
	return 0
}

func weight(text string) float64 {
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}

// mostSiteAddresses is what the sitemap protocol admits in one file.
const mostSiteAddresses = 50_000

// sitemap lists the pages of the catalogue for search engines (sitemaps.org).
func (p *Pages) sitemap(w http.ResponseWriter, r *http.Request) {
	lids := p.directory.All()
	lids = lids[:min(len(lids), mostSiteAddresses-1)]
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	b.WriteString("<url><loc>" + p.portal + ListPath + "</loc></url>\n")
	for _, l := range lids { // addresses hold no character that XML would read otherwise
		b.WriteString("<url><loc>" + p.portal + PagePath(l.Address) + "</loc><lastmod>" + l.Updated.UTC().Format(time.RFC3339) + "</lastmod></url>\n")
	}
	b.WriteString("</urlset>\n")
	p.serve(w, r, "application/xml; charset=utf-8", newest(lids), b.Bytes())
}

// robots tells crawlers what is for them. What is not is also closed to them.
func (p *Pages) robots(w http.ResponseWriter, r *http.Request) {
	lines := []string{"User-agent: *", "Disallow: /api/", "Disallow: /masuk", "Disallow: " + ListPath + "?", "Allow: /", "", "Sitemap: " + p.portal + "/sitemap.xml", ""}
	p.serve(w, r, "text/plain; charset=utf-8", time.Time{}, []byte(strings.Join(lines, "\n")))
}

// openAddress is where a LID is described as data.
func openAddress(a simpul.Address) string { return PagePath(a) + ".jsonld" }

// negotiated sends a reader who prefers data to where it is, and reports whether
// it did.
func negotiated(w http.ResponseWriter, r *http.Request, target string) bool {
	w.Header().Add("Vary", "Accept")
	if !prefersData(r) {
		return false
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return true
}
