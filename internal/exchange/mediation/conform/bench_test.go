package conform

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"simpul"
)

const cities = `{"openapi":"3.1.0","info":{"title":"Kota","version":"1"},"paths":{
	"/":{"get":{"parameters":[
			{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":100}},
			{"name":"provinsi","in":"query","schema":{"type":"string","pattern":"^[0-9]{2}$"}}],
		"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Daftar"}}}}}},
	"post":{"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Kota"}}}},
		"responses":{"201":{"description":"ok"}}}}},
	"components":{"schemas":{
		"Kota":{"type":"object","required":["kode","nama"],"additionalProperties":false,"properties":{
			"kode":{"type":"string","pattern":"^[0-9]{2}[.][0-9]{2}$"},"nama":{"type":"string","minLength":1,"maxLength":100},
			"jenis":{"enum":["kota","kabupaten"]},"penduduk":{"type":"integer","minimum":0},"luas":{"type":"number","minimum":0},
			"berdiri":{"type":"string","format":"date"},"catatan":{"type":["string","null"]}}},
		"Daftar":{"type":"object","required":["items"],"properties":{"items":{"type":"array","maxItems":100,"items":{"$ref":"#/components/schemas/Kota"}},"total":{"type":"integer"}}}}}}`

// kilobyte is an answer of about 1 KiB.
func kilobyte() []byte {
	var items []string
	for i := range 8 {
		items = append(items, fmt.Sprintf(`{"kode":"32.%02d","nama":"Kota Contoh %d","jenis":"kota","penduduk":%d,"luas":167.31,"berdiri":"1906-04-01","catatan":null}`, 70+i, i, 2_400_000+i))
	}
	return []byte(`{"items":[` + strings.Join(items, ",") + `],"total":8}`)
}

func BenchmarkAnswer(b *testing.B) {
	contract, err := compileAll([]byte(cities))
	if err != nil {
		b.Fatal(err)
	}
	o := contract.Operation(simpul.Operation{Method: "GET", Path: "/"})
	h := http.Header{"Content-Type": {"application/json"}}
	answer := kilobyte()
	var pool Checkers
	b.SetBytes(int64(len(answer)))
	b.ReportAllocs()
	for b.Loop() {
		c := pool.Get()
		if _, found := o.NeedsAnswer(200, h); found != nil {
			b.Fatal(found)
		}
		if found := c.Answer(o, 200, h, answer); found != nil {
			b.Fatal(found)
		}
		pool.Put(c)
	}
}

// BenchmarkAnswerByLibrary is the same through the library.
func BenchmarkAnswerByLibrary(b *testing.B) {
	root, err := jsonschema.UnmarshalJSON(strings.NewReader(cities))
	if err != nil {
		b.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("contract:///", root); err != nil {
		b.Fatal(err)
	}
	compiled, err := compiler.Compile("contract:///#/components/schemas/Daftar")
	if err != nil {
		b.Fatal(err)
	}
	answer := kilobyte()
	b.SetBytes(int64(len(answer)))
	b.ReportAllocs()
	for b.Loop() {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(answer)))
		if err != nil || compiled.Validate(value) != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	contract, err := compileAll([]byte(cities))
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(`{"kode":"32.73","nama":"Kota Bandung","jenis":"kota","penduduk":2500000,"luas":167.31}`)
	var pool Checkers
	b.Run("parameters", func(b *testing.B) {
		o := contract.Operation(simpul.Operation{Method: "GET", Path: "/"})
		r := &http.Request{URL: &url.URL{Path: "/", RawQuery: "limit=10&provinsi=32"}, Header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			c := pool.Get()
			if found := c.Parameters(o, r); found != nil {
				b.Fatal(found)
			}
			pool.Put(c)
		}
	})
	b.Run("body", func(b *testing.B) {
		o := contract.Operation(simpul.Operation{Method: "POST", Path: "/"})
		h := http.Header{"Content-Type": {"application/json"}}
		b.ReportAllocs()
		for b.Loop() {
			c := pool.Get()
			if _, found := o.NeedsBody(h, true); found != nil {
				b.Fatal(found)
			}
			if found := c.Body(o, h, body); found != nil {
				b.Fatal(found)
			}
			pool.Put(c)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	known, err := newFormats()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := compile([]byte(cities), known); err != nil {
			b.Fatal(err)
		}
	}
}

func compileAll(document []byte) (*Contract, error) {
	known, err := newFormats()
	if err != nil {
		return nil, err
	}
	return compile(document, known)
}
