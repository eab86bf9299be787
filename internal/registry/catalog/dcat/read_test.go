package dcat

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

const head = `"@context":{"dcat":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/","foaf":"http://xmlns.com/foaf/0.1/"}`

// What we write we can read.
func TestOurOwnCatalogueCanBeRead(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, small(full(), bare())); err != nil {
		t.Fatal(err)
	}
	got, err := Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	s := full()
	common := Entry{Title: s.Title, Description: s.Description, Publisher: s.Publisher.Name, Page: s.Page, Modified: monday, Keywords: []string{"kode", "wilayah"}}
	dataset, service := common, common
	dataset.URI, service.URI, service.Service = s.DatasetURI, s.URI, true
	other := Entry{URI: bare().URI, Title: "B", Description: "B", Publisher: "a.go.id", Page: bare().Page, Service: true}
	if diff := cmp.Diff([]Entry{other, dataset, service}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWaysToSayTheSame(t *testing.T) {
	want := []Entry{{URI: "https://data.example.go.id/1", Title: "Sekolah", Publisher: "Dinas", Page: "https://data.example.go.id/1", Modified: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)}}
	for name, document := range map[string]string{
		"nested": `{` + head + `,"@type":"dcat:Catalog","dcat:dataset":{"@id":"https://data.example.go.id/1","@type":"dcat:Dataset","dct:title":"Sekolah",
			"dct:publisher":{"@type":"foaf:Organization","foaf:name":"Dinas"},"dct:modified":"2026-01-31"}}`,
		"graph": `{` + head + `,"@graph":[{"@id":"https://data.example.go.id/d","foaf:name":"Dinas"},{"@id":"https://data.example.go.id/1","@type":["dcat:Dataset","dcat:Resource"],
			"dct:title":[{"@value":"School","@language":"en"},{"@value":"Sekolah","@language":"id-ID"}],"dct:publisher":{"@id":"https://data.example.go.id/d"},
			"dct:modified":{"@value":"2026-01-31T07:00:00+07:00","@type":"xsd:dateTime"}}]}`,
		"apart": `{` + head + `,"@graph":[{"@id":"https://data.example.go.id/1","dct:modified":"2026-01-31T00:00:00"},{"@id":"https://data.example.go.id/1","@type":"dcat:Dataset","dct:title":"Sekolah",
			"dct:publisher":{"foaf:name":"Dinas"}}]}`,
		"full addresses": `[{"@id":"https://data.example.go.id/1","@type":["http://www.w3.org/ns/dcat#Dataset"],"http://purl.org/dc/terms/title":[{"@value":"Sekolah"}],
			"http://purl.org/dc/terms/publisher":[{"http://xmlns.com/foaf/0.1/name":[{"@value":"Dinas"}]}],"http://purl.org/dc/terms/modified":[{"@value":"2026-01-31Z"}]}]`,
		"terms of its own": `{"@context":{"judul":"d:title","d":"http://purl.org/dc/terms/","Set":{"@id":"c:Dataset"},"c":"http://www.w3.org/ns/dcat#","alamat":"@id","oleh":"d:publisher","nama":"http://xmlns.com/foaf/0.1/name","kapan":"d:modified"},
			"alamat":"https://data.example.go.id/1","@type":"Set","judul":"Sekolah","oleh":{"nama":"Dinas"},"kapan":"2026-01-31"}`,
		"vocab": `{"@context":{"@vocab":"http://www.w3.org/ns/dcat#","dct":"http://purl.org/dc/terms/","foaf":"http://xmlns.com/foaf/0.1/"},"@id":"https://data.example.go.id/1","@type":"Dataset","dct:title":{"id":"Sekolah","en":"School"},
			"dct:publisher":{"foaf:name":"Dinas"},"dct:modified":"2026-01-31"}`,
		"a context known by heart": `{"@context":"https://semiceu.github.io/DCAT-AP/releases/3.0.0/context/dcat-ap.jsonld","@graph":[{"id":"https://data.example.go.id/1","type":"Dataset","title":"Sekolah",
			"publisher":{"type":"Agent","name":"Dinas"},"modified":"2026-01-31"}]}`,
		"characters that show nothing": `{` + head + `,"@id":"https://data.example.go.id/1","@type":"dcat:Dataset","dct:title":" Sek\u202eol\u0007ah\n","dct:publisher":{"foaf:name":"Dinas"},"dct:modified":"2026-01-31"}`,
	} {
		got, err := Read([]byte(document))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAPersonIsNotNamed(t *testing.T) {
	got, err := Read([]byte(`{` + head + `,"@id":"https://a.go.id/1","@type":"dcat:Dataset","dct:title":"T","dct:publisher":{"@type":["foaf:Agent","foaf:Person"],"foaf:name":"Siti"}}`))
	if err != nil || got[0].Publisher != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhatIsNoCatalogueIsRefusedWithItsPlace(t *testing.T) {
	entry := func(members string) string {
		return `{` + head + `,"@graph":[{"@id":"https://a.go.id/0","@type":"dcat:Catalog"},{` + members + `}]}`
	}
	for document, at := range map[string]string{
		``:                 "document",
		`{`:                "document",
		`{} {}`:            "document",
		`{"a":1,"a":2}`:    "document",
		`7`:                "document",
		`{}`:               "document",
		`[1]`:              "document[0]",
		`{"@graph":["x"]}`: "document.@graph[0]",
		`{"@context":7}`:   "document.@context",
		`{"@context":"https://jahat.example/c.jsonld"}`:                                                    "document.@context",
		`{"@context":[{},"https://jahat.example/c.jsonld"]}`:                                               "document.@context[1]",
		`{"@context":{"@import":"https://jahat.example/"}}`:                                                "document.@context.@import",
		entry(`"@type":"dcat:Dataset","dct:title":"T"`):                                                    "document.@graph[1].@id",
		entry(`"@id":"_:b","@type":"dcat:Dataset","dct:title":"T"`):                                        "document.@graph[1].@id",
		entry(`"@id":"javascript:alert(1)","@type":"dcat:Dataset","dct:title":"T"`):                        "document.@graph[1].@id",
		entry(`"@id":"https://a:b@a.go.id/1","@type":"dcat:Dataset","dct:title":"T"`):                      "document.@graph[1].@id",
		entry(`"@id":"https://a.go.id/1","@type":"dcat:Dataset"`):                                          "document.@graph[1].dct:title",
		entry(`"@id":"https://a.go.id/1","@type":"dcat:Dataset","dct:title":"\u0007"`):                     "document.@graph[1].dct:title",
		entry(`"@id":"https://a.go.id/1","@type":"dcat:Dataset","dct:title":"T","dct:modified":"kemarin"`): "document.@graph[1].dct:modified",
		entry(`"@context":{},"@id":"https://a.go.id/1","@type":"dcat:Dataset","dct:title":"T"`):            "document.@graph[1].@context",
		entry(`"@reverse":{}`):                            "document.@graph[1].@reverse",
		strings.Repeat(`[`, 50) + strings.Repeat(`]`, 50): "document",
		`[` + strings.Repeat(`0,`, maxValues) + `0]`:      "document",
		`"` + strings.Repeat("a", MaxDocument) + `"`:      "document",
	} {
		_, err := Read([]byte(document))
		e, ok := errors.AsType[*simpul.Error](err)
		if shown := document[:min(len(document), 200)]; !ok || e.Code != simpul.CodeInvalid || e.Place != at || e.Remedy.EN == "" || e.Remedy.ID == "" {
			t.Errorf("%s: got %v, want a refusal at %s", shown, err, at)
		}
	}
}

// Whatever comes, reading ends, and what it gives is safe to show and to link.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, small(full(), bare())); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"@context":{"a":{"@id":"a:b"},"b":"a"},"@graph":[{"a":{"b":[]}}]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		entries, err := Read(document)
		if err != nil {
			if _, ok := errors.AsType[*simpul.Error](err); !ok {
				t.Errorf("an error without a code: %v", err)
			}
			return
		}
		for _, e := range entries {
			if !isAddress(e.URI) || !isAddress(e.Page) || e.Title == "" || clean(e.Title, maxTitle) != e.Title {
				t.Errorf("got %+v", e)
			}
		}
		again, err := Read(document)
		if err != nil || !cmp.Equal(entries, again) {
			t.Errorf("a second reading differs: %v", err)
		}
		if _, err := json.Marshal(entries); err != nil {
			t.Error(err)
		}
	})
}
