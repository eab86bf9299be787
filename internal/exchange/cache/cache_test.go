package cache

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"simpul"
)

// Which answers are given again, and which are not.
func TestWhatIsKept(t *testing.T) {
	type header []string
	tests := []struct {
		name     string
		declared simpul.Freshness
		status   int
		answer   header
		request  header
		again    bool // the second call, at once, is answered without the provider
	}{
		{"max-age", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=60"}, nil, true},
		{"s-maxage", simpul.Freshness{}, 200, header{"Cache-Control", "s-maxage=60"}, nil, true},
		{"s-maxage outweighs max-age", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=0, s-maxage=60"}, nil, true},
		{"s-maxage of nothing outweighs max-age", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=60, s-maxage=0"}, nil, false},
		{"capital letters", simpul.Freshness{}, 200, header{"Cache-Control", "MAX-AGE=60"}, nil, true},
		{"a quoted time", simpul.Freshness{}, 200, header{"Cache-Control", `max-age="60"`}, nil, true},
		{"two lines", simpul.Freshness{}, 200, header{"Cache-Control", "public", "Cache-Control", "max-age=60"}, nil, true},
		{"two times: the shorter", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=60, max-age=0"}, nil, false},
		{"a time that is no number", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", "max-age=60x"}, nil, false},
		{"a negative time", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", "max-age=-1"}, nil, false},
		{"a time within a quoted value", simpul.Freshness{}, 200, header{"Cache-Control", `x="a, max-age=60"`}, nil, false},
		{"an endless time", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=99999999999999999999"}, nil, true},
		{"Expires", simpul.Freshness{}, 200, header{"Date", morning.Format(http.TimeFormat), "Expires", morning.Add(time.Minute).Format(http.TimeFormat)}, nil, true},
		{"Expires in the past", simpul.Freshness{Seconds: 60}, 200, header{"Date", morning.Format(http.TimeFormat), "Expires", morning.Format(http.TimeFormat)}, nil, false},
		{"Expires: 0", simpul.Freshness{Seconds: 60}, 200, header{"Expires", "0"}, nil, false},
		{"max-age outweighs Expires", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=60", "Expires", "0"}, nil, true},
		{"Age takes of it", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=60", "Age", "60"}, nil, false},
		{"an old Date takes of it", simpul.Freshness{}, 200, header{"Cache-Control", "max-age=60", "Date", morning.Add(-time.Hour).Format(http.TimeFormat)}, nil, false},
		{"nothing said: nothing guessed", simpul.Freshness{}, 200, header{"Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT"}, nil, false},
		{"nothing said: what the LID says", simpul.Freshness{Seconds: 60}, 200, nil, nil, true},
		{"the LID speaks of no errors", simpul.Freshness{Seconds: 60}, 404, nil, nil, false},
		{"an error that says so", simpul.Freshness{}, 404, header{"Cache-Control", "max-age=60"}, nil, true},
		{"gone", simpul.Freshness{}, 410, header{"Cache-Control", "max-age=60"}, nil, true},
		{"a fault", simpul.Freshness{}, 500, header{"Cache-Control", "max-age=60"}, nil, false},
		{"a status that is not understood", simpul.Freshness{}, 299, header{"Cache-Control", "max-age=60"}, nil, false},
		{"a part", simpul.Freshness{}, 206, header{"Cache-Control", "max-age=60"}, nil, false},
		{"no-store", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", "max-age=60, no-store"}, nil, false},
		{"no-cache", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", "max-age=60, no-cache"}, nil, false},
		{"no-cache of a field", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", `max-age=60, no-cache="X"`}, nil, false},
		{"private", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", "private, max-age=60"}, nil, false},
		{"private of a field", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", `private="X", max-age=60`}, nil, false},
		{"Set-Cookie", simpul.Freshness{Seconds: 60}, 200, header{"Set-Cookie", "a=b"}, nil, false},
		{"Content-Range", simpul.Freshness{Seconds: 60}, 200, header{"Content-Range", "bytes 0-1/2"}, nil, false},
		{"an event stream", simpul.Freshness{Seconds: 60}, 200, header{"Content-Type", "text/event-stream"}, nil, false},
		{"Vary: *", simpul.Freshness{Seconds: 60}, 200, header{"Vary", "*"}, nil, false},
		{"Vary: *, among others", simpul.Freshness{Seconds: 60}, 200, header{"Vary", "Accept", "Vary", "X, *"}, nil, false},
		{"Vary by credential", simpul.Freshness{Seconds: 60}, 200, header{"Vary", "accept, x-api-key"}, nil, false},
		{"Vary by exchange", simpul.Freshness{Seconds: 60}, 200, header{"Vary", "Exchange-Id"}, nil, false},
		{"a trailer", simpul.Freshness{Seconds: 60}, 200, header{"Trailer", "Digest"}, nil, false},
		{"a request that is authorised", simpul.Freshness{Seconds: 60}, 200, nil, header{"Authorization", "x"}, false},
		{"a request that is authorised, and a public answer", simpul.Freshness{Seconds: 60}, 200, header{"Cache-Control", "public"}, header{"Authorization", "x"}, true},
		{"asked not to store", simpul.Freshness{Seconds: 60}, 200, nil, header{"Cache-Control", "no-store"}, false},
		{"asked to validate", simpul.Freshness{Seconds: 60}, 200, nil, header{"Cache-Control", "no-cache"}, false},
		{"asked to validate, in the old way", simpul.Freshness{Seconds: 60}, 200, nil, header{"Pragma", "no-cache"}, false},
		{"asked for nothing that is old", simpul.Freshness{Seconds: 60}, 200, nil, header{"Cache-Control", "max-age=0"}, true},
		{"asked for what stays fresh", simpul.Freshness{Seconds: 60}, 200, nil, header{"Cache-Control", "min-fresh=59"}, true},
		{"asked for what stays fresh longer", simpul.Freshness{Seconds: 60}, 200, nil, header{"Cache-Control", "min-fresh=61"}, false},
		{"a part is asked for", simpul.Freshness{Seconds: 60}, 200, nil, header{"Range", "bytes=0-1"}, false},
		{"a precondition", simpul.Freshness{Seconds: 60}, 200, nil, header{"If-Match", `"x"`}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, test.declared)
			b.say(test.status, "isi", test.answer...)
			for range 2 {
				if g := b.get("/?a=1", test.request...); g.err != nil || g.status != test.status || g.body != "isi" || g.header["Cache-Status"] == nil {
					t.Fatalf("got %+v", g)
				}
			}
			if again := b.called() == 1; again != test.again {
				t.Errorf("given again: %v", again)
			}
		})
	}
}

func TestAgeAndTheEndOfFreshness(t *testing.T) {
	b := newBench(t, simpul.Freshness{})
	b.say(200, "satu", "Cache-Control", "max-age=60", "Age", "10", "Connection", "X-Hop", "X-Hop", "1", "Exchange-Id", "milik orang")
	if g := b.get("/"); g.header.Get("Cache-Status") != "Simpul; fwd=uri-miss; fwd-status=200; stored" {
		t.Errorf("got %v", g.header)
	}
	b.later(20 * time.Second)
	g := b.get("/")
	if b.wants(g, 200, "satu", 1); g.header.Get("Age") != "30" || g.header.Get("Cache-Status") != "Simpul; hit; ttl=30" || g.header.Get("X-Hop") != "" || g.header.Get("Exchange-Id") != "" {
		t.Errorf("got %v", g.header)
	}
	b.wants(b.get("/", "Cache-Control", "max-age=29"), 200, "satu", 2)
	b.later(51 * time.Second)
	b.say(200, "dua", "Cache-Control", "max-age=60")
	if g := b.get("/"); g.header.Get("Cache-Status") != "Simpul; fwd=stale; fwd-status=200; stored" {
		t.Errorf("got %v", g.header)
	}
	b.wants(b.get("/"), 200, "dua", 3)
}

func TestOnlyIfCached(t *testing.T) {
	b := newBench(t, simpul.Freshness{})
	if g := b.get("/", "Cache-Control", "only-if-cached"); simpul.CodeOf(g.err) != simpul.CodeTimeout || b.called() != 0 {
		t.Errorf("got %+v", g)
	}
	b.get("/")
	b.wants(b.get("/", "Cache-Control", "only-if-cached"), 200, "isi", 1)
}

func TestHead(t *testing.T) {
	b := newBench(t, simpul.Freshness{})
	b.wants(b.as(bandung, "HEAD", "/"), 200, "isi", 1) // the test's provider knows no better
	b.get("/")
	g := b.as(bandung, "HEAD", "/")
	if b.wants(g, 200, "", 2); g.header.Get("Content-Length") != "3" {
		t.Errorf("got %v", g.header)
	}
}

func TestValidation(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.say(200, "satu", "ETag", `"1"`, "Last-Modified", "Tue, 01 Jan 2019 00:00:00 GMT", "X-Ket", "lama", "Content-Type", "text/plain")
	b.get("/")
	b.later(61 * time.Second)
	b.say(304, "", "ETag", `"1"`, "X-Ket", "baru", "Content-Type", "text/html", "Cache-Control", "max-age=10")
	g := b.get("/", "If-None-Match", `"lain"`)
	if b.wants(g, 200, "satu", 2); g.header.Get("X-Ket") != "baru" || g.header.Get("Content-Type") != "text/plain" || g.header.Get("Cache-Status") != "Simpul; fwd=stale; fwd-status=304; stored" {
		t.Errorf("got %v", g.header)
	}
	if sent := b.calls[1].Header; sent.Get("If-None-Match") != `"1"` || sent.Get("If-Modified-Since") != "Tue, 01 Jan 2019 00:00:00 GMT" {
		t.Errorf("the provider got %v", sent)
	}
	b.later(9 * time.Second)
	b.wants(b.get("/"), 200, "satu", 2) // fresh again, as the 304 says
	b.later(2 * time.Second)
	b.wants(b.get("/"), 200, "satu", 3)

	// A 304 that speaks of another answer is not believed.
	b.later(time.Minute)
	b.does(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("If-None-Match") != "" {
			return reply(304, "", "ETag", `"2"`), nil
		}
		return reply(200, "dua", "ETag", `"2"`), nil
	})
	b.wants(b.get("/"), 200, "dua", 5)
}

func TestWhoeverHasItGets304(t *testing.T) {
	const at = "Tue, 01 Jan 2019 00:00:00 GMT"
	for _, test := range []struct {
		header []string
		status int
	}{
		{[]string{"If-None-Match", `"1"`}, 304},
		{[]string{"If-None-Match", `W/"1"`}, 304},
		{[]string{"If-None-Match", `"0", W/"1"`}, 304},
		{[]string{"If-None-Match", `"0,1", "1"`}, 304},
		{[]string{"If-None-Match", `"0"`, "If-None-Match", `"1"`}, 304},
		{[]string{"If-None-Match", `*`}, 304},
		{[]string{"If-None-Match", `"0"`}, 200},
		{[]string{"If-None-Match", `"0,"1",`}, 200},
		{[]string{"If-None-Match", `1`}, 200},
		{[]string{"If-None-Match", `"1`}, 200},
		{[]string{"If-Modified-Since", at}, 304},
		{[]string{"If-Modified-Since", "Mon, 31 Dec 2018 23:59:59 GMT"}, 200},
		{[]string{"If-Modified-Since", "kemarin"}, 200},
		{[]string{"If-Modified-Since", at, "If-None-Match", `"0"`}, 200},
	} {
		b := newBench(t, simpul.Freshness{Seconds: 60})
		b.say(200, "satu", "ETag", `"1"`, "Last-Modified", at, "Content-Type", "text/plain")
		for range 2 { // the first time too, although the provider sent it all
			g := b.get("/", test.header...)
			if g.status != test.status || (g.body == "") != (test.status == 304) || b.called() != 1 || b.calls[0].Header.Get("If-None-Match") != "" {
				t.Errorf("%v: got %+v", test.header, g)
			}
			if test.status == 304 && (g.header.Get("ETag") != `"1"` || g.header.Get("Content-Type") != "" || g.header.Get("Age") == "") {
				t.Errorf("%v: got %v", test.header, g.header)
			}
		}
	}
}

// The entity tag stands for what is delivered: other fields, or other changes, are
// another representation.
func TestTheTagStandsForWhatIsDelivered(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.say(200, `{"a":1,"b":2}`, "ETag", `"asal"`)
	tag := func(o simpul.Obligations) string {
		c := bandung
		c.o = o
		g := b.as(c, "GET", "/")
		if again := b.as(c, "GET", "/", "If-None-Match", g.header.Get("ETag")); g.header.Get("ETag") != "" && again.status != 304 {
			t.Errorf("what was delivered is delivered again: %+v", again)
		}
		if g.header.Get("Last-Modified") == "" && b.as(c, "GET", "/", "If-Modified-Since", time.Now().Format(http.TimeFormat)).status != 200 {
			t.Error("a date decided what is delivered")
		}
		return g.header.Get("ETag")
	}
	whole, a, ab := tag(simpul.Obligations{}), tag(fields(t, "a")), tag(fields(t, "b", "a"))
	if whole != `"asal"` || a == ab || a == whole || a == "" || ab != tag(fields(t, "a", "b")) {
		t.Errorf("got %s, %s, %s", whole, a, ab)
	}
	b.route.Delivery = &simpul.Delivery{Cache: b.route.Delivery.Cache, Changes: []simpul.Change{{Field: "a", Rename: "c"}}}
	if changed := tag(fields(t, "a")); changed == a || changed == "" {
		t.Errorf("changes leave the tag %s", changed)
	}
	b.route.Delivery = &simpul.Delivery{Cache: b.route.Delivery.Cache, Changes: []simpul.Change{{Field: "a", Recode: &simpul.Recode{List: "wilayah"}}}}
	if recoded := tag(simpul.Obligations{}); recoded != "" {
		t.Errorf("a list that changes by itself leaves the tag %s", recoded)
	}
}

func TestWhileTheProviderFails(t *testing.T) {
	down := &simpul.Error{Code: simpul.CodeUnavailable}
	tests := []struct {
		name     string
		declared int
		control  string
		after    time.Duration
		request  string
		err      error
		status   int
		given    bool
	}{
		{"within what the LID says", 100, "max-age=60", 159 * time.Second, "", down, 0, true},
		{"beyond it", 100, "max-age=60", 161 * time.Second, "", down, 0, false},
		{"503", 100, "max-age=60", 70 * time.Second, "", nil, 503, true},
		{"500", 100, "max-age=60", 70 * time.Second, "", nil, 500, true},
		{"404 is an answer", 100, "max-age=60", 70 * time.Second, "", nil, 404, false},
		{"the consumer's own fault", 100, "max-age=60", 70 * time.Second, "", &simpul.Error{Code: simpul.CodeTooLarge}, 0, false},
		{"the hub's own fault", 100, "max-age=60", 70 * time.Second, "", errors.New("x"), 0, false},
		{"the answer says for how long", 0, "max-age=60, stale-if-error=100", 159 * time.Second, "", down, 0, true},
		{"the answer outweighs the LID", 100, "max-age=60, stale-if-error=5", 70 * time.Second, "", down, 0, false},
		{"must-revalidate", 100, "max-age=60, must-revalidate", 70 * time.Second, "", down, 0, false},
		{"proxy-revalidate", 100, "max-age=60, proxy-revalidate", 70 * time.Second, "", down, 0, false},
		{"s-maxage", 100, "s-maxage=60", 70 * time.Second, "", down, 0, false},
		{"asked to validate", 100, "max-age=60", 0, "no-cache", down, 0, false},
		{"nothing is said", 0, "max-age=60", 61 * time.Second, "", down, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, simpul.Freshness{Stale: test.declared})
			b.say(200, "isi", "Cache-Control", test.control)
			b.get("/")
			b.later(test.after)
			b.does(func(*http.Request) (*http.Response, error) {
				if test.err != nil {
					return nil, test.err
				}
				return reply(test.status, "galat"), nil
			})
			g := b.get("/", "Cache-Control", test.request)
			if given := g.err == nil && g.body == "isi"; given != test.given {
				t.Fatalf("got %+v", g)
			}
			if test.given && (!strings.Contains(g.header.Get("Cache-Status"), "hit; ttl=-") || !strings.Contains(g.header.Get("Cache-Status"), "stale-if-error")) {
				t.Errorf("got %v", g.header)
			}
			if !test.given && test.err != nil && g.err != test.err {
				t.Errorf("got %v", g.err)
			}
		})
	}
}

// What is too long, or breaks off, passes as it comes and is not kept.
func TestAnswersThatAreNotKeptPass(t *testing.T) {
	long := strings.Repeat("x", 64<<10+1)
	broken := errors.New("connection reset")
	for name, test := range map[string]struct {
		body io.Reader
		want string
		err  error
	}{
		"too long":   {strings.NewReader(long), long, nil},
		"broken off": {io.MultiReader(strings.NewReader("awal"), failing{broken}), "awal", broken},
	} {
		b := newBench(t, simpul.Freshness{Seconds: 60})
		b.does(func(*http.Request) (*http.Response, error) {
			res := reply(200, "")
			res.Body = io.NopCloser(test.body)
			return res, nil
		})
		if g := b.get("/"); g.body != test.want || !errors.Is(g.err, test.err) || b.cache.Figures().Bytes != 0 {
			t.Errorf("%s: %d bytes, %v", name, len(g.body), g.err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// A body may be read in any way, and a header changed, without anybody else noticing.
func TestAnAnswerIsItsReadersOwn(t *testing.T) {
	b := newBench(t, simpul.Freshness{Seconds: 60})
	b.say(200, "isi", "X-Ket", "asli")
	g := b.get("/")
	g.header["X-Ket"][0] = "rusak"
	g.header.Set("X-Lain", "x")
	if g := b.get("/"); g.header.Get("X-Ket") != "asli" || g.header.Get("X-Lain") != "" {
		t.Errorf("got %v", g.header)
	}
}
