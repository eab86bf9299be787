package app_test

import "strings"

// heads are fields that readers divide, repair or take in more than one way.
func (c caller) heads() []hostile {
	with := func(lines ...string) string { return c.get("", lines...) + c.behind() }
	raw := func(lines ...string) string {
		return "GET " + c.path("") + " HTTP/1.1\r\n" + strings.Join(append(lines, c.key), "\r\n") + "\r\n\r\n" + c.behind()
	}
	return []hostile{
		{name: "bare LF everywhere", bytes: strings.ReplaceAll(c.get(""), "\r\n", "\n") + c.behind(), must: refused}, // RFC 9112, section 2.2, lets a reader take it
		{name: "bare LF as the end of the head", bytes: strings.TrimSuffix(c.get(""), "\r\n") + "\n" + c.behind(), must: refused},
		{name: "bare LF before a canary", bytes: with("X-A: b\n\nGET /kenari HTTP/1.1"), must: refused},
		{name: "bare CR in a value", bytes: with("X-A: b\rc"), must: refused},
		{name: "bare CR as the end of a line", bytes: with("X-A: b\rX-B: c"), must: refused},
		{name: "CR twice", bytes: with("X-A: b\r"), must: refused},
		{name: "folded line", bytes: with("X-A: b\r\n c"), must: refused},
		{name: "folded line that looks like a field", bytes: with("X-A: b\r\n\tSimpul-Application: bos@jahat.go.id"), must: refused},
		{name: "folded line first", bytes: raw(" X-A: b", "Host: hub"), must: refused},
		{name: "folded host", bytes: raw("Host: hub\r\n .jahat.example"), must: refused},
		{name: "space before the colon", bytes: with("X-A : b"), must: refused},
		{name: "tab before the colon", bytes: with("X-A\t: b"), must: refused},
		{name: "space before the colon of the host", bytes: raw("Host : hub"), must: refused},
		{name: "no colon", bytes: with("XA"), must: refused},
		{name: "no name", bytes: with(": b"), must: refused},
		{name: "NUL in a name", bytes: with("X\x00A: b"), must: refused},
		{name: "NUL in a value", bytes: with("X-A: a\x00b"), must: refused},
		{name: "control in a value", bytes: with("X-A: a\x01b"), must: refused},
		{name: "escape in a value", bytes: with("X-A: a\x1bb"), must: refused},
		{name: "DEL in a value", bytes: with("X-A: a\x7fb"), must: refused},
		{name: "name in brackets", bytes: with("X(A): b"), must: refused},
		{name: "name with a slash", bytes: with("X/A: b"), must: refused},
		{name: "name with a byte beyond ASCII", bytes: with("X-\xc3\xa9: b"), must: refused},
		{name: "name with another K", bytes: with("X-Api-\u212aey: b"), must: refused}, // its lower case is k
		{name: "value beyond ASCII", bytes: with("X-A: \xc3\xa9"), must: "200 200 200"},
		{name: "value that is not UTF-8", bytes: with("X-A: \xff\xfe"), must: "200 200 200"},
		{name: "empty value", bytes: with("X-A:"), must: "200 200 200"},
		{name: "long name", bytes: with(strings.Repeat("a", 200) + ": b"), must: "200 200 200"},
		{name: "oversized name", bytes: with(strings.Repeat("a", 200_000) + ": b"), must: refused},
		{name: "oversized line", bytes: with("X-A: " + strings.Repeat("a", 200_000)), must: refused},
		{name: "oversized number of fields", bytes: with(strings.Repeat("X-A: b\r\n", 20_000) + "X-B: c"), must: refused},
		{name: "head that does not end", bytes: strings.TrimSuffix(c.get(""), "\r\n"), must: refused, ends: true},
		{name: "empty line first", bytes: "\r\n" + c.get("") + c.behind(), must: refused},
		{name: "spaces first", bytes: "  " + c.get("") + c.behind(), must: refused},
		{name: "no host", bytes: raw("X-A: b"), must: refused},
		{name: "two hosts", bytes: raw("Host: hub", "Host: jahat.example"), must: refused},
		{name: "one host twice", bytes: raw("Host: hub", "Host: hub"), must: refused},
		{name: "two hosts in a list", bytes: raw("Host: hub, jahat.example"), must: refused},
		{name: "host with a space", bytes: raw("Host: hub jahat"), must: refused},
		{name: "host with a path", bytes: raw("Host: hub/../x"), must: refused},
		{name: "host with a user", bytes: raw("Host: a@hub"), must: refused},
		{name: "empty host", bytes: raw("Host:"), must: "200 200 200"},
		{name: "keys twice", bytes: with(c.key), must: "400 200 200"},
		{name: "connection names the key", bytes: with("Connection: X-API-Key"), must: "200 200 200"},
		{name: "connection names the length", bytes: c.post("abc"+c.behind(), "Content-Length: 3", "Connection: Content-Length"), must: "200 200 200"},
		{name: "connection names the coding", bytes: c.post("3\r\nabc\r\n0\r\n\r\n"+c.behind(), chunking, "Connection: Transfer-Encoding"), must: "200 200 200"},
		{name: "connection names the host", bytes: with("Connection: Host"), must: "200 200 200"},
		{name: "close and a canary", bytes: with("Connection: close"), must: "200"},
		{name: "close among others and a canary", bytes: with("Connection: keep-alive, x, Close"), must: "200"},
		{name: "close in a second field and a canary", bytes: with("Connection: keep-alive", "Connection: close"), must: "200"},
		{name: "proxy connection", bytes: with("Proxy-Connection: close", "Keep-Alive: timeout=1"), must: "200 200 200"},
	}
}

// targets are request lines that do not say clearly what is asked of whom.
func (c caller) targets() []hostile {
	line := func(method, target string, headers ...string) string {
		return request(method, target, append(headers, c.key)...) + c.behind()
	}
	return []hostile{
		{name: "absolute form", bytes: line("GET", "http://hub"+c.path("")), must: "200 200 200"},
		{name: "absolute form of another host", bytes: line("GET", "http://jahat.example"+c.path("")), must: "200 200 200"},
		{name: "absolute form with a user", bytes: line("GET", "http://a:b@hub"+c.path("")), must: refused},
		{name: "absolute form of another scheme", bytes: line("GET", "file://hub"+c.path("")), must: refused},
		{name: "opaque form", bytes: line("GET", "http:"+c.path("")), must: refused},
		{name: "authority form", bytes: line("GET", "hub:80"), must: refused},
		{name: "tunnel", bytes: line("CONNECT", "jahat.example:80"), must: "400 200 200"},
		{name: "tunnel to a path", bytes: line("CONNECT", c.path("")), must: "400 200 200"},
		{name: "asterisk", bytes: line("OPTIONS", "*"), must: "400 200 200"},
		{name: "asterisk of another method", bytes: line("GET", "*"), must: "400 200 200"},
		{name: "trace", bytes: line("TRACE", c.path("")), must: "405 200 200"},
		{name: "trace with a body", bytes: request("TRACE", c.path(""), c.key, "Content-Length: 3") + "abc" + c.behind(), must: refused},
		{name: "method in lower case", bytes: line("get", c.path("")), must: "405 200 200"},
		{name: "method with a dash", bytes: line("M-SEARCH", c.path("")), must: "405 200 200"},
		{name: "method that is no token", bytes: line("G@T", c.path("")), must: refused},
		{name: "method with NUL", bytes: line("GET\x00", c.path("")), must: refused},
		{name: "endless method", bytes: line(strings.Repeat("A", 200_000), c.path("")), must: refused},
		{name: "no method", bytes: line("", c.path("")), must: refused},
		{name: "no path", bytes: line("GET", ""), must: refused},
		{name: "two spaces", bytes: line("GET", " "+c.path("")), must: refused},
		{name: "tab for a space", bytes: "GET\t" + c.path("") + "\tHTTP/1.1\r\nHost: hub\r\n" + c.key + "\r\n\r\n" + c.behind(), must: refused},
		{name: "space in the path", bytes: line("GET", c.path("/a b")), must: refused},
		{name: "a version within the path", bytes: line("GET", c.path("/a HTTP/1.1")), must: refused},
		{name: "tab in the path", bytes: line("GET", c.path("/a\tb")), must: refused},
		{name: "NUL in the path", bytes: line("GET", c.path("/\x00")), must: refused},
		{name: "path beyond ASCII", bytes: line("GET", c.path("/\xc3\xa9")), must: refused},
		{name: "encoded line end in the path", bytes: line("GET", c.path("/a%0d%0aX:%20y")), must: "400 200 200"},
		{name: "encoded canary in the path", bytes: line("GET", c.path("/a%20HTTP/1.1%0d%0a%0d%0aGET%20/kenari")), must: "400 200 200"},
		{name: "encoded space in the path", bytes: line("GET", c.path("/a%20HTTP")), must: "200 200 200"},
		{name: "encoded canary in the query", bytes: line("GET", c.path("?a=b%20HTTP/1.1%0d%0a%0d%0aGET%20/kenari")), must: "400 200 200"},
		{name: "bytes beyond ASCII in the query", bytes: line("GET", c.path("?a=\xc3\xa9")), must: refused},
		{name: "quotes and brackets in the query", bytes: line("GET", c.path(`?a="<{|}>"[]^`+"`")), must: "200 200 200"},
		{name: "backslash in the query", bytes: line("GET", c.path(`?a=\b`)), must: "200 200 200"},
		{name: "fragment", bytes: line("GET", c.path("/a#/kenari")), must: refused},
		{name: "encoded fragment", bytes: line("GET", c.path("/a%23b")), must: "200 200 200"},
		{name: "encoded question mark", bytes: line("GET", c.path("/a%3Fb")), must: "200 200 200"},
		{name: "dot segments", bytes: line("GET", c.path("/../../kenari")), must: "400 200 200"},
		{name: "encoded dot segments", bytes: line("GET", c.path("/%2e%2e/kenari")), must: "400 200 200"},
		{name: "dots behind a backslash", bytes: line("GET", c.path(`/..\kenari`)), must: "400 200 200"},
		{name: "dots and a semicolon", bytes: line("GET", c.path("/..;/kenari")), must: "400 200 200"},
		{name: "dots in another alphabet", bytes: line("GET", c.path("/%ef%bc%8e%ef%bc%8e")), must: "200 200 200"},
		{name: "empty segments", bytes: line("GET", "//jahat.example"+c.path("")), must: "400 200 200"},
		{name: "oversized target", bytes: line("GET", c.path("/"+strings.Repeat("a", 200_000))), must: refused},
	}
}

// versions are messages of other versions of HTTP, or of something else.
func (c caller) versions() []hostile {
	as := func(version string, headers ...string) string {
		return "GET " + c.path("") + " " + version + "\r\n" + strings.Join(append(headers, "Host: hub", c.key), "\r\n") + "\r\n\r\n"
	}
	post := func(body string, headers ...string) string {
		return strings.Replace(c.post(body, headers...), "HTTP/1.1", "HTTP/1.0", 1)
	}
	return []hostile{
		{name: "HTTP/0.9", bytes: "GET " + c.path("") + "\r\n" + c.behind(), must: refused},
		{name: "HTTP/1.0", bytes: as("HTTP/1.0") + c.behind(), must: "200"},
		{name: "HTTP/1.0 without a host", bytes: "GET " + c.path("") + " HTTP/1.0\r\n" + c.key + "\r\n\r\n", must: "200"},
		{name: "HTTP/1.0 that is kept", bytes: as("HTTP/1.0", "Connection: keep-alive") + c.behind(), must: "200 200 200"},
		{name: "HTTP/1.0 with chunks", bytes: post("3\r\nabc\r\n0\r\n\r\n"+c.behind(), chunking), must: refused},
		{name: "HTTP/1.0 with chunks and a length, kept", bytes: post("0\r\n\r\n"+c.behind(), chunking, "Content-Length: 5", "Connection: keep-alive"), must: refused},
		{name: "HTTP/1.2", bytes: as("HTTP/1.2") + c.behind(), must: refused},
		{name: "HTTP/2.0 in a line", bytes: as("HTTP/2.0") + c.behind(), must: refused},
		{name: "HTTP/9.9", bytes: as("HTTP/9.9") + c.behind(), must: refused},
		{name: "HTTP/1", bytes: as("HTTP/1") + c.behind(), must: refused},
		{name: "HTTP/01.1", bytes: as("HTTP/01.1") + c.behind(), must: refused},
		{name: "HTTP/1.10", bytes: as("HTTP/1.10") + c.behind(), must: refused},
		{name: "http/1.1", bytes: as("http/1.1") + c.behind(), must: refused},
		{name: "ICY", bytes: as("ICY/1.1") + c.behind(), must: refused},
		{name: "space behind the version", bytes: as("HTTP/1.1 ") + c.behind(), must: refused},
		{name: "HTTP/2 preface", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + c.behind(), must: refused},
		{name: "HTTP/2 preface and a frame", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00" + c.behind(), must: refused},
		{name: "TLS", bytes: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("a", 500) + "\r\n\r\n", must: refused},
		{name: "PROXY protocol that nobody asked for", bytes: "PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n" + c.get("") + c.behind(), must: refused},
		{name: "PROXY protocol, version 2", bytes: "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x01\x00\x02" + c.get("") + c.behind(), must: refused},
		{name: "an answer", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + c.behind(), must: refused},
		{name: "noise", bytes: "\x00\xff\xfe\r\n\r\n" + c.behind(), must: refused},
	}
}

// upgrades ask for another protocol and go on as if it were granted.
func (c caller) upgrades() []hostile {
	return []hostile{
		{name: "h2c", bytes: c.get("", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Connection: Upgrade, HTTP2-Settings") + c.behind(), must: "200 200 200"},
		{name: "h2c and a preface", bytes: c.get("", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk", "Connection: Upgrade, HTTP2-Settings") + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + inner, must: "200 505"},
		{name: "h2c that is not the connection's", bytes: c.get("", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk") + c.behind(), must: "200 200 200"},
		{name: "websocket", bytes: c.get("", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==") + c.behind(), must: "400 200 200"},
		{name: "websocket of a version that nobody has", bytes: c.get("", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 777", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==") + c.behind(), must: "400 200 200"},
		{name: "websocket with a body", bytes: c.post(inner, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Content-Length: 62") + c.behind(), must: refused},
		{name: "websocket with a post", bytes: c.post("", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13") + c.behind(), must: "400 200 200"},
		{name: "TLS within", bytes: c.get("", "Upgrade: TLS/1.0", "Connection: Upgrade") + c.behind(), must: "200 200 200"},
		{name: "HTTP/1.0 upgrade", bytes: strings.Replace(c.get("", "Upgrade: websocket", "Connection: Upgrade"), "HTTP/1.1", "HTTP/1.0", 1) + c.behind(), must: "200"},
	}
}

// bodies are bodies that nobody waits for, or that wait for somebody.
func (c caller) bodies() []hostile {
	long := strings.Repeat("a", 90_000)
	return []hostile{
		{name: "expectation", bytes: c.post("abc"+c.behind(), "Expect: 100-continue", "Content-Length: 3"), must: "100 200 200 200"},
		{name: "expectation without a body", bytes: c.get("", "Expect: 100-continue") + c.behind(), must: "200 200 200"},
		{name: "expectation of no content", bytes: c.post(c.behind(), "Expect: 100-continue", "Content-Length: 0"), must: "200 200 200"},
		{name: "expectation with chunks", bytes: c.post("3\r\nabc\r\n0\r\n\r\n"+c.behind(), "Expect: 100-continue", chunking), must: "100 200 200 200"},
		{name: "expectation twice", bytes: c.post("abc"+c.behind(), "Expect: 100-continue", "Expect: 100-continue", "Content-Length: 3"), must: refused},
		{name: "expectation with something behind it", bytes: c.post("abc"+c.behind(), "Expect: 100-continue=1", "Content-Length: 3"), must: refused},
		{name: "another expectation", bytes: c.post("abc"+c.behind(), "Expect: 200-maybe", "Content-Length: 3"), must: refused},
		{name: "expectation of a stranger", bytes: request("POST", c.path(""), "Expect: 100-continue", "Content-Length: 300") + c.behind(), must: refused, ends: true},
		{name: "expectation, and a canary in place of the body", bytes: c.post("", "Expect: 100-continue", "Content-Length: 900") + c.behind(), must: "100 400", ends: true},
		{name: "body of a stranger", bytes: request("POST", c.path(""), "Content-Length: 62") + inner + c.behind(), must: refused},
		{name: "body of a stranger in chunks", bytes: request("POST", c.path(""), chunking) + "3\r\nabc\r\n0\r\n\r\n" + c.behind(), must: refused},
		{name: "body of a stranger in chunks, and a trailer", bytes: request("POST", c.path(""), chunking) + "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n" + c.behind(), must: refused},
		{name: "body of a stranger in chunks that are malformed", bytes: request("POST", c.path(""), chunking) + "zz\r\n" + c.behind(), must: refused},
		{name: "body of a stranger over HTTP/1.0", bytes: strings.Replace(request("POST", c.path(""), "Content-Length: 62"), "HTTP/1.1", "HTTP/1.0", 1) + inner + c.behind(), must: refused},
		{name: "body of a stranger who asks for a websocket", bytes: request("POST", c.path(""), "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Content-Length: 62") + inner + c.behind(), must: refused},
		{name: "expectation of a stranger, and the body all the same", bytes: request("POST", c.path(""), "Expect: 100-continue", "Content-Length: 62") + inner + c.behind(), must: refused},
		{name: "body to nowhere", bytes: request("POST", "/uji/Nihil", "Content-Length: 90000", c.key) + long + c.behind(), must: refused},
		{name: "body that is too large", bytes: c.post(long+long+c.behind(), "Content-Length: 180000"), must: refused},
		{name: "body that grows too large", bytes: c.post(strings.Repeat("10000\r\n"+strings.Repeat("a", 0x10000)+"\r\n", 3)+"0\r\n\r\n"+c.behind(), chunking), must: refused},
		{name: "body that is large", bytes: c.post(long+c.behind(), "Content-Length: 90000"), must: "200 200 200"},
		{name: "body of a method that the contract lacks", bytes: request("DELETE", c.path(""), "Content-Length: 62", c.key) + inner + c.behind(), must: refused},
	}
}
