package feasibility

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"simpul"
)

// Whatever a contract says, a request that is made from it is well-formed, safe
// to send, and calls its own operation.
func FuzzSpecimens(f *testing.F) {
	f.Add([]byte(`{"openapi":"3.1.0","paths":{"/{a}/{b}":{"get":{"parameters":[{"name":"a","in":"path","schema":{"pattern":"^[0-9]{2}$"}},{"name":"b","in":"path","example":"x/y?z#\r\n"},{"name":"Authorization","in":"header","required":true,"example":"a\r\nb"},{"name":"q","in":"query","required":true,"schema":{"type":"array","items":{"enum":["a&b"]}}}]}}}}`), "GET /1/2?x=y")
	f.Add([]byte(`{"openapi":"3.0.0","paths":{"/":{"post":{"x-simpul-safe":true,"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}},"components":{"schemas":{"A":{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/components/schemas/A"}}}}}}`), "")
	f.Fuzz(func(t *testing.T, contract []byte, example string) {
		run := &test{Tester: &Tester{}, subject: Subject{Contract: contract, Examples: []string{example}}, told: known{"a": "../..", "b": "%2e"}}
		run.read()
		for _, o := range run.ops {
			s, err := run.maker().make(o)
			if err != nil {
				continue
			}
			r, err := s.request(t.Context())
			if err != nil {
				continue // of a method or a path that is none
			}
			if r.URL.Host != "" || r.URL.Scheme != "" || r.URL.User != nil || r.URL.Fragment != "" || strings.Contains(r.URL.EscapedPath()+"/", "/../") && !strings.Contains(example+o.path, "..") || r.Method != o.method {
				t.Errorf("%s leaves its origin: %s", o, r.URL)
			}
			for name, values := range r.Header {
				for _, v := range values {
					if strings.ContainsAny(name+v, "\r\n\x00") {
						t.Errorf("%s: header %q: %q", o, name, v)
					}
				}
			}
			if s.body != nil && !json.Valid(s.body) {
				t.Errorf("%s: body %q", o, s.body)
			}
		}
	})
}

// A text that is made for a pattern matches it, where one is made at all.
func FuzzMatching(f *testing.F) {
	for _, p := range []string{"^[0-9]{2}[.][0-9]{2}$", "^(a|b)+c?$", "x{3,}", "[^a-z]", "\\d+", "^$", "(?i)ab", "[\\p{L}]"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		if strings.Contains(pattern, `\b`) || strings.Contains(pattern, `\B`) {
			return // word boundaries are not looked at
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return
		}
		if made, err := matching(pattern); err == nil && !re.MatchString(made) && !anchored(pattern) {
			t.Errorf("%q does not match %q", made, pattern)
		}
	})
}

// anchored reports patterns with anchors within, which no text may match.
func anchored(pattern string) bool {
	inner := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	return strings.ContainsAny(inner, "^$") || strings.Contains(inner, `\A`) || strings.Contains(inner, `\z`)
}

// A stored report is read as it was written, and one that was damaged is an
// error or a report, never a crash.
func FuzzReadReport(f *testing.F) {
	whole, _ := json.Marshal(Report{ID: "uk-1", Checks: []Check{{Key: "tls", Outcome: Fail, Findings: []Finding{{Outcome: Fail, What: say("a", "b")}}}}})
	f.Add(whole)
	f.Add([]byte(`{"checks":null,"latency":{}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		r, err := readReport(document)
		if err != nil {
			return
		}
		_, _ = r.Summary(), r.Passes()
		again, err := json.Marshal(r)
		if err != nil {
			return
		}
		if _, err := readReport(again); err != nil {
			t.Errorf("%s: %v", again, err)
		}
	})
}

// Whatever an origin answers, what is kept of it holds no identity number.
func FuzzGuarded(f *testing.F) {
	f.Add("items[3273016609849962].x 32 73 01 66 09 84 99 62")
	f.Fuzz(func(t *testing.T, text string) {
		got := guarded(text)
		for i := 0; i+16 <= len(got); i++ {
			if _, err := simpul.ParseNIK(got[i : i+16]); err == nil {
				t.Errorf("%q keeps a NIK", got)
			}
		}
		if len(got) > longestExcerpt+8 || strings.ContainsAny(got, "\n\r") {
			t.Errorf("%d bytes", len(got))
		}
	})
}

// FuzzAnswers reads any body and holds it to any schema.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"type":"object","properties":{"a":{"pattern":"^(?=x)"}}}`), []byte(`{"a":"y"}`))
	f.Add([]byte(`{"$ref":"#/paths"}`), []byte(`[1e400]`))
	f.Fuzz(func(t *testing.T, schema, body []byte) {
		d, err := readDocument([]byte(`{"openapi":"3.0.0","components":{"schemas":{"A":` + string(schema) + `}}}`))
		if err != nil {
			return
		}
		value, err := decodeJSON(body)
		if err != nil {
			return
		}
		s, err := newSchemas(d)
		if err != nil {
			return
		}
		s.check("/components/schemas/A", value)
		holdsNIK(value)
		known{}.learn(value, 0)
	})
}
