package catalog

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// graph is what these tests read of JSON-LD.
type graph struct {
	Graph []map[string]any `json:"@graph"`
}

func (g graph) ofType(kind string) (all []map[string]any) {
	for _, node := range g.Graph {
		if node["@type"] == kind {
			all = append(all, node)
		}
	}
	return all
}

func read(t *testing.T, h http.Handler, target string) graph {
	t.Helper()
	w := get(t, h, target)
	var g graph
	if err := json.Unmarshal(w.Body.Bytes(), &g); err != nil || w.Code != 200 || w.Header().Get("Content-Type") != "application/ld+json" {
		t.Fatalf("%s: %d %s %v", target, w.Code, w.Header().Get("Content-Type"), err)
	}
	return g
}

func TestOpenCatalogueSaysWhatThePagesSay(t *testing.T) {
	h := pagesOf(t, append(fewLIDs(), lidOf("master/Desa", "kemendagri.go.id", "Desa", simpul.Terbuka, fullyDescribed))...)
	g := read(t, h, OpenPath)
	if services, datasets := g.ofType("dcat:DataService"), g.ofType("dcat:Dataset"); len(services) != 6 || len(datasets) != 5 { // checking a NIK serves no data
		t.Errorf("%d services, %d datasets", len(services), len(datasets))
	}
	text := get(t, h, OpenPath).Body.String()
	for _, want := range []string{
		`"https://portal.example.go.id/catalog/master/Kota#service"`, `"dcat:endpointURL":"https://hub.example.go.id/master/Kota"`,
		`"dcat:endpointDescription":"https://portal.example.go.id/openapi/master/Kota"`, `data-theme/REGI"`, `access-right/PUBLIC"`, `access-right/RESTRICTED"`,
		`"mailto:data@kemendagri.go.id"`, `"foaf:name":"Kementerian Dalam Negeri"`, `frequency/ANNUAL_2"`, `licenses/by/4.0/"`, "Dasar hukum: UU 24/2013", `"dcat:startDate":"2020-01-31"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the catalogue lacks %s", want)
		}
	}
	if strings.Contains(text, "10.9.8.7") {
		t.Error("the catalogue shows the provider's own address")
	}
}

func TestOneEntryHasTheSameAddresses(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	whole, one := read(t, h, OpenPath), read(t, h, "/catalog/master/Kota.jsonld")
	service := one.ofType("dcat:DataService")
	if len(service) != 1 || !slices.ContainsFunc(whole.ofType("dcat:DataService"), func(n map[string]any) bool { return n["@id"] == service[0]["@id"] }) {
		t.Errorf("got %v", service)
	}
	if w := get(t, h, "/catalog/master/Tidak.jsonld"); w.Code != http.StatusNotFound {
		t.Errorf("an unknown LID: %d", w.Code)
	}
}

func TestReadersGetWhatTheyPrefer(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	for accept, data := range map[string]bool{
		"":                                     false,
		"*/*":                                  false,
		"text/html":                            false,
		"application/ld+json":                  true,
		"Application/LD+JSON;profile=\"x\"":    true,
		"text/html, application/ld+json;q=0.5": false,
		"text/html;q=0.4, application/ld+json;q=0.5":  true,
		"application/ld+json;q=0":                     false,
		"application/ld+json;q=viel, text/html;q=0.1": false,
		"application/ld+json;q=NaN":                   false,
		"application/xhtml+xml, application/ld+json":  true,
	} {
		for page, target := range map[string]string{"/catalog": OpenPath, "/catalog/master/Kota": "/catalog/master/Kota.jsonld"} {
			w := get(t, h, page, "Accept", accept)
			if got := w.Code == http.StatusSeeOther && w.Header().Get("Location") == target; got != data {
				t.Errorf("%q at %s: %d %s", accept, page, w.Code, w.Header().Get("Location"))
			}
			if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept") {
				t.Errorf("%s does not say that it varies", page)
			}
		}
	}
}

// Whoever follows the links meets each LID once.
func TestThePagesOfTheOpenCatalogueAreAChain(t *testing.T) {
	var many []httpapi.Stored[Spec]
	for i := range 2*perOpenPage + 1 {
		many = append(many, lidOf(fmt.Sprintf("uji/L%04d", i), "kemendagri.go.id", "Uji", simpul.Terbuka, nil))
	}
	h := pagesOf(t, many...)
	seen := map[any]bool{}
	target := OpenPath
	for steps := 0; target != "" && steps < 5; steps++ {
		g := read(t, h, target)
		for _, s := range g.ofType("dcat:DataService") {
			if seen[s["@id"]] {
				t.Errorf("%v comes twice", s["@id"])
			}
			seen[s["@id"]] = true
		}
		next, _ := g.ofType("hydra:PartialCollectionView")[0]["hydra:next"].(string)
		target = strings.TrimPrefix(next, "https://portal.example.go.id")
	}
	if len(seen) != len(many) {
		t.Errorf("%d of %d", len(seen), len(many))
	}
	for _, wrong := range []string{"?page=0", "?page=4", "?page=x", "?page=-1", "?page=99999999999999999999"} {
		if w := get(t, h, OpenPath+wrong); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", wrong, w.Code)
		}
	}
	if g := read(t, pagesOf(t), OpenPath); len(g.ofType("dcat:Catalog")) != 1 {
		t.Error("an empty catalogue is no catalogue")
	}
}

func TestSitemapAndRobots(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	var site struct {
		URL []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(get(t, h, "/sitemap.xml").Body.Bytes(), &site); err != nil || len(site.URL) != 6 || site.URL[4].Loc != "https://portal.example.go.id/catalog/master/Kota" {
		t.Errorf("%v %+v", err, site)
	}
	if text := get(t, h, "/robots.txt").Body.String(); !strings.Contains(text, "Sitemap: https://portal.example.go.id/sitemap.xml") || !strings.Contains(text, "Disallow: /api/") {
		t.Errorf("robots: %s", text)
	}
}
