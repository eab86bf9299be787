package conform

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"simpul"
)

// contractOf compiles a document of one operation at / and /{kode}.
func contractOf(t testing.TB, version, operation, components string) *Contract {
	t.Helper()
	c, err := compileAll([]byte(fmt.Sprintf(`{"openapi":%q,"info":{"title":"T","version":"1"},
		"paths":{"/{kode}/x":{"parameters":[{"name":"kode","in":"path","required":true,"schema":{"type":"string","pattern":"^[0-9]{2}$"}}],"post":%s}},"components":{"schemas":%s}}`, version, operation, components)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var posted = simpul.Operation{Method: "POST", Path: "/{kode}/x"}

// found is what a check says, in short: "place keyword".
func short(found []Fault) string {
	all := make([]string, len(found))
	for i, f := range found {
		all[i] = f.Place + " " + f.Keyword
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestParameters(t *testing.T) {
	c := contractOf(t, "3.1.0", `{"parameters":[
		{"name":"limit","in":"query","required":true,"schema":{"type":"integer","minimum":1,"maximum":100}},
		{"name":"aktif","in":"query","schema":{"type":"boolean"}},
		{"name":"id","in":"query","schema":{"type":["integer","string"],"maxLength":3}},
		{"name":"kode2","in":"query","schema":{"type":"string","pattern":"^0"}},
		{"name":"nilai","in":"query","schema":{"type":"number","exclusiveMinimum":0.1}},
		{"name":"sebar","in":"query","schema":{"type":"array","items":{"type":"integer"},"maxItems":2}},
		{"name":"koma","in":"query","explode":false,"schema":{"type":"array","items":{"enum":["a","b"]}}},
		{"name":"pipa","in":"query","style":"pipeDelimited","schema":{"type":"array","items":{"type":"string","maxLength":1}}},
		{"name":"saring","in":"query","style":"deepObject","schema":{"type":"object","required":["x"]}},
		{"name":"json","in":"query","content":{"application/json":{"schema":{"type":"object","required":["a"]}}}},
		{"name":"apa","in":"query","schema":{}},
		{"name":"X-Jejak","in":"header","required":true,"schema":{"type":"string","format":"uuid"}},
		{"name":"X-Daftar","in":"header","schema":{"type":"array","items":{"type":"integer"}}},
		{"name":"Authorization","in":"header","required":true,"schema":{"type":"string"}},
		{"name":"X-Api-Key","in":"header","required":true,"schema":{"type":"string"}},
		{"name":"kue","in":"cookie","required":true,"schema":{"type":"string"}}],
		"responses":{"200":{"description":"ok"}}}`, `{}`)
	const good = "limit=10"
	const trace = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	tests := []struct {
		path, query, headers, want string
	}{
		{"/32/x", good, "", ""},
		{"/3/x", good, "", "path.kode pattern"},
		{"/32/x", "", "", "query.limit required"},
		{"/32/x", "limit=0", "", "query.limit minimum"},
		{"/32/x", "limit=101&aktif=ya", "", "query.aktif type, query.limit maximum"},
		{"/32/x", "limit=abc", "", "query.limit type"},
		{"/32/x", "limit=1.0", "", ""},
		{"/32/x", "limit=1.5", "", "query.limit type"},
		{"/32/x", "limit=", "", "query.limit type"},
		{"/32/x", "limit=1&limit=2", "", "query.limit duplicate"},
		{"/32/x", "l%69mit=10", "", ""},
		{"/32/x", good + "&aktif=true&lain=1", "", ""},
		{"/32/x", good + "&id=12345", "", ""},
		{"/32/x", good + "&id=abcd", "", "query.id maxLength"},
		{"/32/x", good + "&kode2=01", "", ""},
		{"/32/x", good + "&kode2=1", "", "query.kode2 pattern"},
		{"/32/x", good + "&nilai=0.1", "", "query.nilai exclusiveMinimum"},
		{"/32/x", good + "&nilai=0.10000000000000000000001", "", ""},
		{"/32/x", good + "&sebar=1&sebar=2", "", ""},
		{"/32/x", good + "&sebar=1&sebar=x&sebar=3", "", "query.sebar maxItems, query.sebar/1 type"},
		{"/32/x", good + "&koma=a,b", "", ""},
		{"/32/x", good + "&koma=a,c", "", "query.koma/1 enum"},
		{"/32/x", good + "&pipa=a%7Cbb", "", "query.pipa/1 maxLength"},
		{"/32/x", good + "&saring%5Bx%5D=1", "", ""},
		{"/32/x", good + "&json=%7B%22a%22:1%7D", "", ""},
		{"/32/x", good + "&json=%7B%22b%22:1%7D", "", "query.json required"},
		{"/32/x", good + "&json=%7B", "", "query.json json"},
		{"/32/x", good + "&apa=12", "", ""},
		{"/32/x", good, "none", "header.X-Jejak required"},
		{"/32/x", good, "bukan-uuid", "header.X-Jejak format"},
		{"/32/x", good, "list", "header.X-Daftar/1 type"},
	}
	for _, test := range tests {
		t.Run(test.path+"?"+test.query+" "+test.headers, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "http://x"+test.path+"?"+test.query, nil)
			switch test.headers {
			case "none":
			case "list":
				r.Header.Set("X-Daftar", "1,x")
				fallthrough
			case "":
				r.Header.Set("X-Jejak", trace)
			default:
				r.Header.Set("X-Jejak", test.headers)
			}
			var pool Checkers
			k := pool.Get()
			defer pool.Put(k)
			if got := short(k.Parameters(c.Operation(posted), r)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

const person = `{"type":"object","additionalProperties":false,"required":["nama","id"],"properties":{
	"nama":{"type":"string","minLength":1},"id":{"type":"integer","readOnly":true},"sandi":{"type":"string","writeOnly":true},
	"anak":{"type":"array","items":{"$ref":"#/components/schemas/Orang"}},
	"catatan":{"type":"object","additionalProperties":{"type":"integer"}}}}`

func TestBody(t *testing.T) {
	c := contractOf(t, "3.1.0", `{"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Orang"}},"text/plain":{}}},
		"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Orang"}}}},"204":{"description":"kosong"},"2XX":{"description":"lain","content":{"text/csv":{}}}}}`,
		`{"Orang":`+person+`}`)
	o := c.Operation(posted)
	tests := []struct{ name, media, body, request, answer string }{
		{"right", "application/json", `{"nama":"A","id":1}`, "", ""},
		{"charset", "application/json; charset=utf-8", `{"nama":"A","id":1}`, "", ""},
		{"readOnly is not required of a request", "application/json", `{"nama":"A"}`, "", "body required"},
		{"recursion", "application/json", `{"nama":"A","id":1,"anak":[{"nama":"B","id":2,"anak":[{"nama":"","id":3}]}]}`, "body/anak/0/anak/0/nama minLength", "body/anak/0/anak/0/nama minLength"},
		{"unknown member", "application/json", `{"nama":"A","id":1,"3273010101010001":1}`, "body additionalProperties", "body additionalProperties"},
		{"a name that may be personal", "application/json", `{"nama":"A","id":1,"catatan":{"3273010101010001":"x"}}`, "body/catatan/* type", "body/catatan/* type"},
		{"several at once", "application/json", `{"nama":1,"id":"x","anak":0}`, "body/anak type, body/id type, body/nama type", "body/anak type, body/id type, body/nama type"},
		{"no JSON", "application/json", `{`, "body json", "body json"},
		{"duplicates", "application/json", `{"nama":"A","id":1,"id":2}`, "body duplicate", "body duplicate"},
		{"deep", "application/json", strings.Repeat("[", 70), "body depth", "body depth"},
		{"another media type", "application/xml", `<a/>`, "header.Content-Type mediaType", "header.Content-Type mediaType"},
		{"a media type that is not looked into", "text/plain", `apa`, "", "header.Content-Type mediaType"},
		{"no media type", "", `{}`, "header.Content-Type mediaType", "header.Content-Type mediaType"},
	}
	var pool Checkers
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := http.Header{}
			if test.media != "" {
				h.Set("Content-Type", test.media)
			}
			k := pool.Get()
			defer pool.Put(k)
			read, found := o.NeedsBody(h, true)
			if read {
				found = k.Body(o, h, []byte(test.body))
			}
			if got := short(found); got != test.request {
				t.Errorf("request: got %q, want %q", got, test.request)
			}
			if read, found = o.NeedsAnswer(200, h); read {
				found = k.Answer(o, 200, h, []byte(test.body))
			}
			if got := short(found); got != test.answer {
				t.Errorf("answer: got %q, want %q", got, test.answer)
			}
		})
	}
	for status, want := range map[int]string{202: "", 204: ""} {
		if _, found := o.NeedsAnswer(status, http.Header{"Content-Type": {"text/csv"}}); short(found) != want {
			t.Errorf("status %d: %q", status, short(found))
		}
	}
	if _, found := o.NeedsBody(http.Header{}, false); short(found) != "body required" {
		t.Errorf("without a body: %q", short(found))
	}
	if _, found := o.NeedsBody(http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}}, true); short(found) != "header.Content-Encoding encoding" {
		t.Errorf("compressed: %q", short(found))
	}
}

// A status and a body that the contract does not mention are faults too.
func TestWhatIsNotDeclared(t *testing.T) {
	o := contractOf(t, "3.1.0", `{"responses":{"200":{"description":"ok"}}}`, `{}`).Operation(posted)
	if _, found := o.NeedsAnswer(201, http.Header{}); short(found) != "status status" {
		t.Errorf("status: %q", short(found))
	}
	if read, found := o.NeedsAnswer(200, http.Header{"Content-Type": {"application/json"}}); read || found != nil {
		t.Errorf("an answer of which the contract says nothing: %v %q", read, short(found))
	}
	if _, found := o.NeedsBody(http.Header{}, true); short(found) != "body undeclared" {
		t.Errorf("body: %q", short(found))
	}
}

// The dialect of OpenAPI 3.0 means what it says there.
func TestOlderDialect(t *testing.T) {
	schema := `{"A":{"type":"object","properties":{
		"n":{"type":"string","nullable":true,"enum":["x"]},"m":{"type":"integer","minimum":1,"exclusiveMinimum":true},
		"r":{"$ref":"#/components/schemas/B","nullable":true},"b":{"type":"integer","maximum":5,"exclusiveMaximum":false}}},
		"B":{"type":"string","example":{"$ref":"#/nowhere"}}}`
	operation := `{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}},"responses":{"200":{"description":"ok"}}}`
	h := http.Header{"Content-Type": {"application/json"}}
	o := contractOf(t, "3.0.3", operation, schema).Operation(posted)
	for body, want := range map[string]string{
		`{"n":null}`: "", `{"n":"x"}`: "", `{"n":"y"}`: "body/n enum", `{"m":1}`: "body/m exclusiveMinimum", `{"m":2}`: "",
		`{"r":null}`: "body/r type", `{"r":"a"}`: "", `{"b":5}`: "", `{"b":6}`: "body/b maximum",
	} {
		var pool Checkers
		if got := short(pool.Get().Body(o, h, []byte(body))); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

// Numbers are compared as they are written, whatever their length.
func TestNumbersAreExact(t *testing.T) {
	o := contractOf(t, "3.1.0", `{"requestBody":{"content":{"application/json":{"schema":{"type":"array","items":{"type":"number","maximum":12345678901234567,"multipleOf":0.01}}}}},
		"responses":{"200":{"description":"ok"}}}`, `{}`).Operation(posted)
	h := http.Header{"Content-Type": {"application/json"}}
	for body, want := range map[string]string{
		`[12345678901234567]`: "", `[12345678901234568]`: "body/0 maximum", `[12345678901234567.01]`: "body/0 maximum", `[12345678901234566.99]`: "",
		`[0.07]`: "", `[0.071]`: "body/0 multipleOf", `[1e400]`: "body/0 maximum", `[-1e400]`: "",
	} {
		var pool Checkers
		if got := short(pool.Get().Body(o, h, []byte(body))); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

// No fault repeats what a message says.
func TestFaultsHoldNoValues(t *testing.T) {
	const secret = "3273010101010001"
	o := contractOf(t, "3.1.0", `{"requestBody":{"content":{"application/json":{"schema":{"type":"object","additionalProperties":{"type":"object","propertyNames":{"maxLength":3},
		"additionalProperties":{"anyOf":[{"type":"integer"},{"enum":["a"]},{"type":"string","maxLength":2,"pattern":"^a"}]}}}}}},
		"responses":{"200":{"description":"ok"}}}`, `{}`).Operation(posted)
	var pool Checkers
	found := pool.Get().Body(o, http.Header{"Content-Type": {"application/json"}}, []byte(`{"`+secret+`":{"`+secret+`":"`+secret+`"},"b":"`+secret+`"}`))
	if len(found) < 3 {
		t.Fatalf("only %q", short(found))
	}
	if said := fmt.Sprintf("%+v", found); strings.Contains(said, secret) {
		t.Errorf("a fault holds what was sent: %s", said)
	}
}

func TestTenFaultsAtMost(t *testing.T) {
	o := contractOf(t, "3.1.0", `{"requestBody":{"content":{"application/json":{"schema":{"type":"array","items":{"type":"integer"}}}}},"responses":{"200":{"description":"ok"}}}`, `{}`).Operation(posted)
	var pool Checkers
	found := pool.Get().Body(o, http.Header{"Content-Type": {"application/json"}}, []byte(`[`+strings.Repeat(`"x",`, 50)+`1]`))
	if len(found) != mostFaults {
		t.Errorf("%d faults", len(found))
	}
	if found[3].Place != "body/3" || found[3].Spot != "body/*" {
		t.Errorf("%+v", found[3])
	}
}

// What a hostile contract and a hostile message can cost together is bounded.
func TestCostIsBounded(t *testing.T) {
	tree := `{"T":{"type":"array","items":{"oneOf":[{"$ref":"#/components/schemas/T"},{"allOf":[{"$ref":"#/components/schemas/T"},{"$ref":"#/components/schemas/T"}]}]}}}`
	tests := []struct{ name, schema, components, body string }{
		{"branches that double at each level", `{"$ref":"#/components/schemas/T"}`, tree, strings.Repeat("[", 60) + strings.Repeat("]", 60)},
		{"elements that are compared each with each", `{"uniqueItems":true}`, `{}`, apart(3_000)},
		{"a pattern that is long, and a long text", `{"pattern":"^(a?){900}$"}`, `{}`, `"` + strings.Repeat("a", 500_000) + `"`},
		{"numbers of many digits", `{"items":{"multipleOf":0.000000000000000001}}`, `{}`, "[" + strings.Repeat("1e400,", 50_000) + "1]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := contractOf(t, "3.1.0", `{"requestBody":{"content":{"application/json":{"schema":`+test.schema+`}}},"responses":{"200":{"description":"ok"}}}`, test.components).Operation(posted)
			var pool Checkers
			k := pool.Get()
			if got := short(k.Body(o, http.Header{"Content-Type": {"application/json"}}, []byte(test.body))); got != "body cost" {
				t.Errorf("got %.200q", got)
			}
		})
	}
}

// apart is an array of elements of which no two are equal.
func apart(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[%d],", i)
	}
	return "[" + b.String() + "0]"
}

func TestHostileContracts(t *testing.T) {
	document := func(schema, components string) string {
		return `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"post":{"requestBody":{"content":{"application/json":{"schema":` + schema + `}}},"responses":{}}}},"components":{"schemas":` + components + `}}`
	}
	chain := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"C%d":{"allOf":[{"$ref":"#/components/schemas/C%d"}]},`, i, i+1)
		}
		return "{" + b.String() + fmt.Sprintf(`"C%d":{}}`, n)
	}
	patterns := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `{"pattern":"^%d(a?){900}$"},`, i)
		}
		return `{"anyOf":[` + b.String() + `{}]}`
	}
	tests := []struct {
		name, document string
		refused        bool
	}{
		{"not JSON", `{`, true},
		{"something follows", document(`{}`, `{}`) + "1", true},
		{"a list", `[]`, true},
		{"a schema that is not one", document(`{"type":"orang"}`, `{}`), true},
		{"a reference to the network", document(`{"$ref":"http://169.254.169.254/latest"}`, `{}`), false},
		{"a reference to the disk", document(`{"$ref":"file:///etc/passwd"}`, `{}`), false},
		{"an identifier of elsewhere", document(`{"$id":"http://jahat.example/","$ref":"#/components/schemas/A"}`, `{"A":{}}`), false},
		{"a reference to nowhere", document(`{"$ref":"#/components/schemas/Tiada"}`, `{}`), true},
		{"itself", document(`{"$ref":"#/components/schemas/A"}`, `{"A":{"$ref":"#/components/schemas/A"}}`), false},
		{"itself by way of another", document(`{"$ref":"#/components/schemas/A"}`, `{"A":{"anyOf":[{"$ref":"#/components/schemas/B"}]},"B":{"not":{"$ref":"#/components/schemas/A"}}}`), false},
		{"a short chain", document(`{"$ref":"#/components/schemas/C0"}`, chain(20)), false},
		{"a chain", document(`{"$ref":"#/components/schemas/C0"}`, chain(2_000)), true},
		{"a pattern that RE2 does not know", document(`{"pattern":"^(?=a)b"}`, `{}`), false},
		{"a pattern that is too long", document(`{"pattern":"^(a?){900}(b?){900}(c?){900}(d?){900}(e?){900}$"}`, `{}`), true},
		{"a few patterns that are long", document(patterns(20), `{}`), false},
		{"too many patterns that are long", document(patterns(300), `{}`), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := compileAll([]byte(test.document))
			if (err != nil) != test.refused {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			var pool Checkers
			pool.Get().Body(c.Operation(simpul.Operation{Method: "POST", Path: "/"}), http.Header{"Content-Type": {"application/json"}}, []byte(`{"a":[1]}`))
		})
	}
}

func TestContractsAreCompiledOnce(t *testing.T) {
	var all Contracts
	a, err := all.Of([]byte(cities))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := all.Of([]byte(cities))
	c, _ := all.Of([]byte(cities + " "))
	if a != b || a == c {
		t.Error("one document is compiled twice, or two are taken for one")
	}
	if _, err := all.Of([]byte("{")); err == nil {
		t.Error("what cannot be compiled is no contract")
	}
}

func FuzzCompile(f *testing.F) {
	f.Add([]byte(cities), []byte(`{"items":[{}]}`))
	f.Add([]byte(`{"openapi":"3.0.1","paths":{"/":{"post":{"requestBody":{"content":{"*/*":{"schema":{"nullable":true,"type":"object","properties":{"a":{"$ref":"#"}}}}}},"responses":{"200":{}}}}}}`), []byte(`{"a":1}`))
	known, err := newFormats()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, document, body []byte) {
		c, err := compile(document, known)
		if err != nil {
			return
		}
		h := http.Header{"Content-Type": {"application/json"}}
		var pool Checkers
		for _, o := range c.operations {
			k := pool.Get()
			k.Parameters(o, httptest.NewRequest(http.MethodGet, "http://x/a/b?c=d", nil))
			if read, _ := o.NeedsBody(h, true); read {
				k.Body(o, h, body)
			}
			if read, _ := o.NeedsAnswer(200, h); read {
				k.Answer(o, 200, h, body)
			}
			pool.Put(k)
		}
	})
}
