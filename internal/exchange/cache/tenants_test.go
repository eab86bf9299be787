package cache

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simpul"
)

// ways are spellings by which one caller might try to reach what another got.
var ways = []struct {
	name, target string
	header       []string
}{
	{"as it is", "/?a=1&b=2", nil},
	{"the other order", "/?b=2&a=1", nil},
	{"another case", "/?A=1&b=2", nil},
	{"encoded", "/?a=%31&b=2", nil},
	{"an empty query", "/?", nil},
	{"no query", "/", nil},
	{"a longer path", "/1?a=1&b=2", nil},
	{"another's grant in a header", "/?a=1&b=2", []string{"Simpul-Grant", "g-1"}},
	{"another's application in a header", "/?a=1&b=2", []string{"Simpul-Application", "layanan@bandungkota.go.id"}},
	{"a header in lower case", "/?a=1&b=2", []string{"accept-language", "id"}},
	{"a header in capitals", "/?a=1&b=2", []string{"ACCEPT-LANGUAGE", "id"}},
	{"asked for what is kept only", "/?a=1&b=2", []string{"Cache-Control", "only-if-cached"}},
	{"asked for what is stale", "/?a=1&b=2", []string{"Cache-Control", "max-stale=999999"}},
	{"any entity tag", "/?a=1&b=2", []string{"If-None-Match", "*"}},
	{"separators in the query", "/?a=1%00g%00g-1%00layanan@bandungkota.go.id", nil},
}

// Two tenants, two grants with other fields, whatever they ask and however the
// provider varies: nobody ever gets what another was given.
func TestNoAnswerCrossesTenants(t *testing.T) {
	callers := []caller{
		{grant: "g-1", application: "layanan@bandungkota.go.id", o: fields(t, "a")},
		{grant: "g-1b", application: "layanan@bandungkota.go.id", o: fields(t, "a", "b")},
		{grant: "g-2", application: "layanan@surabayakota.go.id", o: fields(t, "a")},
		{grant: "g-2b", application: "lain@surabayakota.go.id"},
		{grant: "g-1", application: "lain@bandungkota.go.id", o: fields(t, "a")},
		{grant: "g-1", application: "layanan@bandungkota.go.id", subject: "orang-1", o: fields(t, "a")},
		{grant: "g-1", application: "layanan@bandungkota.go.id", subject: "orang-2", o: fields(t, "a")},
	}
	for _, vary := range []string{"", "Accept-Language", "accept-LANGUAGE, X-Lain", "Simpul-Grant", "*"} {
		for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Terbatas, simpul.Tertutup} {
			for _, way := range ways {
				b := newBench(t, simpul.Freshness{Seconds: 60, Stale: 60, Shared: class != simpul.Terbuka})
				b.route.Class = class
				for _, c := range callers {
					b.does(func(*http.Request) (*http.Response, error) {
						return reply(200, "milik "+name(c), "Vary", vary, "ETag", `"sama"`), nil
					})
					for _, other := range ways { // whoever is first fills what can be filled
						b.as(c, "GET", other.target, other.header...)
					}
				}
				for _, c := range callers {
					b.does(func(*http.Request) (*http.Response, error) { return reply(200, "milik "+name(c), "Vary", vary), nil })
					g := b.as(c, "GET", way.target, way.header...)
					if g.err == nil && g.status == 200 && g.body != "milik "+name(c) {
						t.Errorf("%s, %s, vary %q: %s got %q", class, way.name, vary, name(c), g.body)
					}
				}
			}
		}
	}
}

func name(c caller) string { return fmt.Sprint(c.grant, c.application, c.subject) }

// A shared answer serves those that deliver the same fields and rows, and nobody
// else.
func TestWhoSharesAnAnswer(t *testing.T) {
	rows := func(p string, values ...string) simpul.Obligations {
		return simpul.Obligations{Rows: []simpul.RowLimit{{Parameter: p, Values: values}}}
	}
	tests := []struct {
		name   string
		class  simpul.LIDClass
		shared bool
		a, b   simpul.Obligations
		same   bool
	}{
		{"everything", simpul.Terbuka, true, simpul.Obligations{}, simpul.Obligations{}, true},
		{"not declared", simpul.Terbuka, false, simpul.Obligations{}, simpul.Obligations{}, false},
		{"restricted", simpul.Terbatas, true, simpul.Obligations{}, simpul.Obligations{}, false},
		{"the same fields in another order", simpul.Terbuka, true, fields(t, "a", "b.c"), fields(t, "b.c", "a"), true},
		{"a field below", simpul.Terbuka, true, fields(t, "a.b"), fields(t, "a"), false},
		{"a field beside", simpul.Terbuka, true, fields(t, "a.b"), fields(t, "a", "b"), false},
		{"every field and none", simpul.Terbuka, true, simpul.Obligations{}, simpul.Obligations{Fields: simpul.FieldSet{}}, false},
		{"a field with a separator", simpul.Terbuka, true, fields(t, "a;b"), fields(t, "a", "b"), false},
		{"the same rows", simpul.Terbuka, true, rows("kode", "1", "2"), rows("kode", "2", "1"), true},
		{"other rows", simpul.Terbuka, true, rows("kode", "1"), rows("kode", "2"), false},
		{"a row more", simpul.Terbuka, true, rows("kode", "1"), rows("kode", "1", "2"), false},
		{"rows and none", simpul.Terbuka, true, rows("kode", "1"), simpul.Obligations{}, false},
		{"a row with a separator", simpul.Terbuka, true, rows("kode", "1;2"), rows("kode", "1", "2"), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, simpul.Freshness{Seconds: 60, Shared: test.shared})
			b.route.Class = test.class
			first, second := bandung, surabaya
			first.o, second.o = test.a, test.b
			b.as(first, "GET", "/")
			b.as(second, "GET", "/")
			if same := b.called() == 1; same != test.same {
				t.Errorf("shared: %v", same)
			}
		})
	}
}

func TestVary(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.does(func(r *http.Request) (*http.Response, error) {
		return reply(200, "bahasa "+r.Header.Get("Accept-Language"), "Vary", "accept-language , X"), nil
	})
	b.wants(b.get("/", "Accept-Language", "id"), 200, "bahasa id", 1)
	if g := b.get("/", "Accept-Language", "en"); g.header.Get("Cache-Status") != "Simpul; fwd=vary-miss; fwd-status=200; stored" {
		t.Errorf("got %v", g.header)
	}
	b.wants(b.get("/", "Accept-Language", "en"), 200, "bahasa en", 2)
	b.wants(b.get("/", "Accept-Language", " id "), 200, "bahasa id", 2)
	b.wants(b.get("/"), 200, "bahasa ", 3)
	b.wants(b.get("/", "Accept-Language", ""), 200, "bahasa ", 4) // absent is not empty
	b.get("/", "Accept-Language", "a,b")
	b.wants(b.get("/", "Accept-Language", "a", "Accept-Language", "b"), 200, "bahasa a,b", 5)
	b.wants(b.get("/", "Accept-Language", "id", "X", "1"), 200, "bahasa id", 6)
	for i := range 2 * maxVariants {
		b.get("/", "Accept-Language", fmt.Sprint(i))
	}
	if n := len(b.cache.memory.of("bandungkota.go.id").slots[b.keyOf("/")]); n != maxVariants {
		t.Errorf("%d answers under one key", n)
	}
}

// Whatever callers ask at the same time, each gets an answer that was made for it.
func TestManyCallersAtOnce(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	provider := says(func(r *http.Request) *http.Response {
		return reply(200, r.Header.Get("Simpul-Grant")+" "+r.URL.RawQuery, "Vary", "Accept-Language")
	})
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			c := caller{grant: simpul.GrantID(fmt.Sprintf("g-%d", n)), application: simpul.ApplicationID(fmt.Sprintf("a@i%d.go.id", n%3))}
			for i := range 200 {
				r := httptest.NewRequest("GET", fmt.Sprintf("/?n=%d", i%7), http.NoBody)
				r.Header.Set("Simpul-Grant", string(c.grant))
				x := &simpul.Exchange{Grant: c.grant, Consumer: simpul.Consumer{Application: c.application}}
				res, err := b.cache.Call(x, b.route, c.o, r, provider)
				if err != nil {
					t.Error(err)
					return
				}
				if body, _ := io.ReadAll(res.Body); string(body) != fmt.Sprintf("%s n=%d", c.grant, i%7) {
					t.Errorf("%s got %q", c.grant, body)
				}
				if i%50 == n {
					b.cache.Forget("master/Kota")
				}
			}
		})
	}
	all.Wait()
}

type says func(*http.Request) *http.Response

func (s says) Call(_ *simpul.Route, r *http.Request) (*http.Response, error) { return s(r), nil }

// Two sets of fields look the same in a key only if they are the same.
func TestFieldNamesTellSetsApart(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) simpul.FieldSet { return drawnFields(t, 3) })
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw.Draw(t, "a"), draw.Draw(t, "b")
		if same := cmp.Equal(a, b); (fieldNames(a) == fieldNames(b)) != same {
			t.Fatalf("%v and %v: %q and %q", a, b, fieldNames(a), fieldNames(b))
		}
	})
}

func drawnFields(t *rapid.T, depth int) simpul.FieldSet {
	set := simpul.FieldSet{}
	for range rapid.IntRange(0, 2).Draw(t, "n") {
		n := rapid.SampledFrom([]string{"a", "b", "a;", `\`, "{", "}", "a{b"}).Draw(t, "name")
		set[n] = nil
		if depth > 0 && rapid.Bool().Draw(t, "below") {
			set[n] = drawnFields(t, depth-1)
		}
	}
	return set
}

func FuzzDirectives(f *testing.F) {
	for _, s := range []string{"max-age=60, no-store", `x="a, max-age=1`, `a="\`, ",,=", "max-age=99999999999999999999999", "no-cache=\"a,b\", private"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		d := readDirectives(http.Header{"Cache-Control": {line}})
		for _, s := range []seconds{d.maxAge, d.sMaxAge, d.minFresh, d.staleIfError} {
			if s < absent || s > endless {
				t.Fatalf("%q gives %d", line, s)
			}
		}
		if lower := strings.ToLower(line); !strings.Contains(line, `"`) && strings.Contains(","+strings.ReplaceAll(strings.ReplaceAll(lower, " ", ""), "\t", "")+",", ",no-store,") && !d.noStore {
			t.Fatalf("%q may be kept", line)
		}
	})
}

func FuzzTags(f *testing.F) {
	f.Add(`"1", W/"2"`, `"2"`)
	f.Add(`*`, `"2"`)
	f.Add(`"`, `"`)
	f.Fuzz(func(t *testing.T, lines, tag string) {
		if listed([]string{lines}, tag) && !strings.Contains(lines, "*") && !strings.Contains(lines, strings.TrimPrefix(tag, "W/")) {
			t.Fatalf("%q has %q", lines, tag)
		}
	})
}

func BenchmarkHit(b *testing.B) {
	bench := newBench(b, simpul.Freshness{Seconds: 86400})
	bench.say(200, strings.Repeat("x", 1000), "Content-Type", "application/json", "ETag", `"1"`)
	r := httptest.NewRequest("GET", "/?a=1", http.NoBody)
	x := &simpul.Exchange{Grant: "g-1", Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id"}}
	b.ReportAllocs()
	for b.Loop() {
		res, err := bench.cache.Call(x, bench.route, simpul.Obligations{}, r, bench)
		if err != nil {
			b.Fatal(err)
		}
		res.Body.Close()
	}
}
