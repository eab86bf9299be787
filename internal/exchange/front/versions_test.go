package front

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClientsOfHTTP10(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/long" {
			for range 3 {
				io.WriteString(w, "part ")
				w.(http.Flusher).Flush()
			}
			return
		}
		echo(w, r)
	})
	const kept = "Connection: keep-alive\r\n"
	for name, c := range map[string]struct {
		text string
		want []string
		has  string
	}{
		"plain":                {"GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n", []string{`200 GET /a "" <nil>`}, "Connection: close"},
		"kept":                 {"GET /a HTTP/1.0\r\n" + kept + "\r\nGET /b HTTP/1.0\r\n\r\n", []string{`200 GET /a "" <nil>`, `200 GET /b "" <nil>`}, "Connection: keep-alive"},
		"kept and closed":      {"GET /a HTTP/1.0\r\n" + kept + "Connection: close\r\n\r\nGET /b HTTP/1.0\r\n\r\n", []string{`200 GET /a "" <nil>`}, "Connection: close"},
		"a body":               {"POST /a HTTP/1.0\r\nContent-Length: 2\r\n\r\nha", []string{`200 POST /a "ha" <nil>`}, "Connection: close"},
		"an expectation":       {"POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nha", []string{`200 POST /a "ha" <nil>`}, "Connection: close"},
		"an answer of no size": {"GET /long HTTP/1.0\r\n" + kept + "\r\nGET /b HTTP/1.0\r\n\r\n", []string{"200 part part part "}, "Connection: close"},
		"a host":               {"GET /a HTTP/1.0\r\nHost: x\r\n\r\n", []string{`200 GET /a "" <nil>`}, "Content-Length"},
	} {
		said := say(t, address, c.text)
		if diff := cmp.Diff(c.want, statuses(t, said)); diff != "" || !strings.Contains(said, c.has) || strings.Contains(said, "chunked") {
			t.Errorf("%s: %q\n%s", name, said, diff)
		}
	}
}

// The four forms of a target (RFC 9112 section 3.2), and what a handler sees.
func TestTargets(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s|%s|%s|%s", r.Host, r.URL.Host, r.URL.EscapedPath(), r.URL.RawQuery)
	})
	for line, want := range map[string]string{
		"GET /a?b":                 "200 x||/a|b",
		"GET http://y/a?b":         "200 y|y|/a|b",
		"GET https://y:8443/a":     "200 y:8443|y:8443|/a|",
		"GET http://y":             "200 y|y||",
		"GET HTTP://y/":            "200 y|y|/|",
		"OPTIONS *":                "200 x||*|",
		"CONNECT y:443":            "200 y:443|y:443||",
		"GET //y/a":                "200 x||//y/a|",
		"GET /a%2Fb":               "200 x||/a%2Fb|",
		"GET http://a:b@y/":        "400",
		"GET http:///a":            "400",
		"GET ftp://y/a":            "400",
		"GET y:443":                "400",
		"GET a":                    "400",
		"GET /%zz":                 "400",
		"GET http://y/a HTTP/1.1 ": "400",
	} {
		got := statuses(t, say(t, address, line+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// Each answer to HEAD, and each that has no body, is followed by the next answer.
func TestAnswersWithoutABody(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusOK
		fmt.Sscanf(r.URL.Path, "/%d", &status)
		if r.URL.Query().Has("long") {
			w.Header().Set("Content-Length", "20000")
		}
		w.WriteHeader(status)
		for range 5 {
			io.WriteString(w, strings.Repeat("x", 4000))
		}
	})
	for _, line := range []string{"HEAD /200", "HEAD /200?long", "HEAD /404", "GET /204", "GET /304", "GET /304?long", "HEAD /204"} {
		said := say(t, address, line+" HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		first, second, ok := strings.Cut(said, "\r\n\r\n")
		if !ok || !strings.HasPrefix(second, "HTTP/1.1 200 OK\r\n") {
			t.Errorf("%s: %.300q", line, said)
		}
		if strings.Contains(first, "chunked") && !strings.HasPrefix(line, "HEAD /") {
			t.Errorf("%s: %q", line, first)
		}
	}
}

// What follows a chunked body is read over: nothing in it can change the request.
func TestTrailersAreReadOver(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		content, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %v %v %s", content, err, len(r.Trailer), r.Header.Get("X-Sum"))
	})
	for trailer, want := range map[string]string{
		"":                                     "200 ha <nil> 0 ",
		"X-Sum: 1\r\n":                         "200 ha <nil> 0 ",
		"Host: y\r\nContent-Length: 9\r\n":     "200 ha <nil> 0 ",
		"X-Sum: 1\r\n 2\r\n":                   "200 ha ",
		"X-Sum : 1\r\n":                        "200 ha ",
		"X-Sum: " + strings.Repeat("x", 17000): "200 ha ",
	} {
		said := say(t, address, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nha\r\n0\r\n"+trailer+"\r\nGET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		got := statuses(t, said)
		if len(got) == 0 || !strings.HasPrefix(got[0], want) || strings.Contains(got[0], "<nil>") != (len(got) == 2) {
			t.Errorf("%.30q: %q", trailer, got)
		}
	}
}
