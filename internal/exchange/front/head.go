package front

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"simpul/internal/exchange/wire"
)

// refusal is a request that is not served, and the status that says why.
type refusal struct {
	status int
	reason string
}

func (r *refusal) Error() string { return r.reason }

func malformed(reason string) error { return &refusal{http.StatusBadRequest, reason} }

// request is a request with its address, in one piece.
type request struct {
	http.Request
	url url.URL
}

// parseHead makes a request of its head, each line with its CRLF. The body is
// not there yet; readFraming says what it is.
func parseHead(text string) (*request, error) {
	line, rest, ok := strings.Cut(text, "\r\n")
	if !ok {
		return nil, malformed("there is no request line")
	}
	r := &request{}
	if err := r.readLine(line); err != nil {
		return nil, err
	}
	header, err := wire.ParseFields(rest)
	switch {
	case errors.Is(err, wire.ErrLong):
		return nil, &refusal{http.StatusRequestHeaderFieldsTooLarge, "it has too many fields"}
	case err != nil:
		return nil, malformed(err.Error())
	}
	r.Header = header
	return r, r.readHost()
}

// readLine reads "GET /path HTTP/1.1".
func (r *request) readLine(line string) error {
	method, rest, _ := strings.Cut(line, " ")
	target, version, ok := strings.Cut(rest, " ")
	if !ok || !wire.IsToken(method) || target == "" || strings.ContainsFunc(target, notInTarget) {
		return malformed("the request line is malformed")
	}
	switch version {
	case "HTTP/1.1":
		r.ProtoMinor = 1
	case "HTTP/1.0":
	default:
		if strings.HasPrefix(version, "HTTP/") && len(version) == len("HTTP/1.1") {
			return &refusal{http.StatusHTTPVersionNotSupported, "its version is neither HTTP/1.0 nor HTTP/1.1"}
		}
		return malformed("the request line is malformed")
	}
	r.Method, r.RequestURI, r.Proto, r.ProtoMajor = method, target, version, 1
	return r.readTarget(target)
}

// notInTarget reports a byte that would end the target, or of which its readers
// make different things: a fragment is for whoever asks, and is not sent.
func notInTarget(c rune) bool { return c <= ' ' || c >= 0x7f || c == '#' }

// readTarget reads the four forms of a target (RFC 9112 section 3.2).
func (r *request) readTarget(target string) error {
	switch {
	case target[0] == '/':
		return r.readOrigin(target)
	case r.Method == http.MethodConnect:
		r.url.Host = target
		r.URL, r.Host = &r.url, target
		return nil
	}
	u, err := url.ParseRequestURI(target)
	if err != nil || target != "*" && (u.Opaque != "" || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https") {
		return malformed("the target is malformed")
	}
	r.url = *u
	r.URL, r.Host = &r.url, u.Host
	return nil
}

// readOrigin reads a path and a query. Most paths hold nothing that is encoded.
func (r *request) readOrigin(target string) error {
	path, query, asked := strings.Cut(target, "?")
	r.URL = &r.url
	r.url.RawQuery, r.url.ForceQuery = query, asked && query == ""
	if plain(path) {
		r.url.Path = path
		return nil
	}
	u, err := url.ParseRequestURI(target)
	if err != nil || u.Host != "" {
		return r.readDoubtful(path)
	}
	r.url = *u
	return nil
}

// readDoubtful reads a path that net/url takes for something else, such as
// "//host/x".
func (r *request) readDoubtful(path string) error {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return malformed("the target is malformed")
	}
	r.url.Path, r.url.RawPath = decoded, path
	return nil
}

// plain reports a path whose every byte stands for itself.
func plain(path string) bool {
	for i := range len(path) {
		if !plainBytes[path[i]] {
			return false
		}
	}
	return !strings.HasPrefix(path, "//")
}

var plainBytes = func() (p [256]bool) {
	for c := range byte(0x7f) {
		p[c] = '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("/-._~$&+,=:@", c) >= 0 && c > 0
	}
	return p
}()

// readHost checks the one Host that HTTP/1.1 asks for, and takes it out of the
// header as net/http does.
func (r *request) readHost() error {
	hosts := r.Header["Host"]
	switch {
	case len(hosts) > 1:
		return malformed("it has more than one Host")
	case len(hosts) == 0 && r.ProtoMinor == 1:
		return malformed("it has no Host")
	case len(hosts) == 1 && strings.ContainsFunc(hosts[0], notInHost):
		return malformed("its Host is malformed")
	}
	delete(r.Header, "Host")
	if r.Host == "" && len(hosts) == 1 {
		r.Host = hosts[0]
	}
	return nil
}

func notInHost(c rune) bool {
	switch {
	case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		return false
	}
	return !strings.ContainsRune("-._~!$&'()*+,;=:[]%", c)
}

// lasts reports whether the consumer wants the connection to go on.
func (r *request) lasts() bool {
	if r.ProtoMinor == 0 {
		return wire.HasToken(r.Header["Connection"], "keep-alive") && !wire.HasToken(r.Header["Connection"], "close")
	}
	return !wire.HasToken(r.Header["Connection"], "close")
}

// arrives completes what the connection knows of the request.
func (r *request) arrives(from string, secured *tls.ConnectionState) {
	r.RemoteAddr, r.TLS = from, secured
}
