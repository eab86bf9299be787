package dcat

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// full says everything that can be said, and bare as little as there can be.
func full() Service {
	return Service{
		URI: "https://hub.example.go.id/catalog/master/Kota#service", DatasetURI: "https://hub.example.go.id/catalog/master/Kota#dataset", Dataset: true,
		Identifier: "master/Kota", Title: "Kabupaten dan kota", Description: "Kode & nama <semua> \"kota\"", Keywords: []string{"wilayah", "kode", "kode"},
		Themes:    []Concept{{"http://publications.europa.eu/resource/authority/data-theme/REGI", "Wilayah dan permukiman"}},
		Publisher: Agent{"https://hub.example.go.id/catalog#agency-kemendagri.go.id", "Kementerian Dalam Negeri"},
		Contacts:  []Contact{{"Pusat Data", "data@kemendagri.go.id"}, {"Loket", ""}},
		Endpoint:  "https://api.example.go.id/master/Kota", EndpointDescription: "https://hub.example.go.id/openapi/master/Kota", Page: "https://hub.example.go.id/catalog/master/Kota",
		Access: Public, Licence: Concept{"http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"}, Rights: []string{"Dasar hukum: UU 23/2014"},
		Standards: []Concept{{"", "Kepmendagri"}, {"https://example.go.id/s", "SNI"}}, Version: "1.0", Issued: monday, Modified: monday,
		Frequency: Concept{"http://publications.europa.eu/resource/authority/frequency/ANNUAL", ""}, Regions: []Region{{"32", "Jawa Barat"}}, From: "2020-01-01",
		Deprecated: true, ReplacedBy: "https://hub.example.go.id/catalog/master/Wilayah#service",
	}
}

func bare() Service {
	return Service{
		URI: "https://hub.example.go.id/catalog/a/B#service", Identifier: "a/B", Title: "B", Publisher: Agent{"https://hub.example.go.id/catalog#agency-a.go.id", "a.go.id"},
		Endpoint: "https://api.example.go.id/a/B", EndpointDescription: "https://hub.example.go.id/openapi/a/B", Page: "https://hub.example.go.id/catalog/a/B", Access: NonPublic,
	}
}

func small(services ...Service) Catalogue {
	return Catalogue{
		URI: "https://hub.example.go.id/catalog#catalog", Title: "Katalog", Description: "Layanan data", Homepage: "https://hub.example.go.id/catalog",
		Publisher: Agent{"https://hub.example.go.id/#operator", "Hub"}, Modified: monday, Services: services,
		View: View{URI: "https://hub.example.go.id/catalog.jsonld", First: "https://hub.example.go.id/catalog.jsonld", Next: "https://hub.example.go.id/catalog.jsonld?page=2", Total: len(services)},
	}
}

func written(t *testing.T, c Catalogue) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWrittenCatalogueIsTheGoldenOne(t *testing.T) {
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, written(t, small(full(), bare())), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "catalogue.jsonld")
	if *update {
		if err := os.WriteFile(golden, pretty.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
		t.Error(diff)
	}
}

// An engine that is not ours finds that the catalogue meets the profile, and
// that one without what is mandatory does not.
func TestTheCatalogueMeetsDCATAP(t *testing.T) {
	engine := pyshacl(t)
	var one bytes.Buffer
	if err := WriteService(&one, full()); err != nil {
		t.Fatal(err)
	}
	theme := full()
	theme.Themes = []Concept{{"http://example.org/wilayah", "Wilayah"}}
	for name, c := range map[string]struct {
		document []byte
		conforms bool
	}{
		"full and bare":      {written(t, small(full(), bare())), true},
		"empty":              {written(t, small()), true},
		"one entry":          {one.Bytes(), true},
		"another theme list": {written(t, small(theme)), false},
		"no publisher":       {bytes.ReplaceAll(written(t, small(full())), []byte(`"dct:publisher":"`), []byte(`"dct:creator":"`)), false},
		"no endpoint":        {bytes.ReplaceAll(written(t, small(full())), []byte(`"dcat:endpointURL":"`), []byte(`"dcat:other":"`)), false},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "catalogue.jsonld")
			if err := os.WriteFile(path, c.document, 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), engine, "-s", "testdata/dcat-ap-3.ttl", "-e", "testdata/dcat-ap-3.ttl", "-sf", "turtle", "-df", "json-ld", path).CombinedOutput()
			if conforms := strings.Contains(string(out), "Conforms: True"); conforms != c.conforms || !conforms && !strings.Contains(string(out), "Conforms: False") {
				t.Errorf("conforms: %t, want %t (%v)\n%s", conforms, c.conforms, err, out)
			}
		})
	}
}

// pyshacl finds the SHACL engine that scripts/install-tools installs. In CI its
// absence is a failure.
func pyshacl(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("pyshacl"); err == nil {
		return path
	}
	path, err := filepath.Abs("../../../../bin/shacl/bin/pyshacl")
	if err == nil {
		_, err = os.Stat(path)
	}
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatal("pyshacl is not installed, so the catalogue would not be checked against DCAT-AP")
	}
	t.Skip("pyshacl is not installed; run scripts/install-tools test")
	return ""
}
