package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"simpul/internal/platform/config"
)

// Bad input to the control API gets an answer that says what is wrong, the same
// on both engines, and never an internal error.
func TestControlRefusesWhatIsMalformed(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		api.settle(t)
		token := "Authorization: Bearer " + api.token.Reveal()
		get := func(path string) string { return request("GET", "/api/v1"+path, token) }
		send := func(method, path, body string, headers ...string) string {
			headers = append(headers, token, "Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body)))
			return request(method, "/api/v1"+path, headers...) + body
		}
		agency := func(name string) string {
			return send("PUT", "/agencies/a.go.id", `{"apiVersion":"simpul/v1","kind":"Agency","metadata":{"id":"a.go.id"},"spec":{"name":"`+name+`","level":"nasional"}}`)
		}
		key := func(label string) string {
			return send("POST", "/applications/"+consumerApp+"/keys", `{"label":"`+label+`"}`)
		}
		long := strings.Repeat("a", 200_000)
		const control = "%00" // what PostgreSQL cannot store
		for _, a := range []attack{
			{"a list", get("/agencies"), "200 200"},
			{"a change", agency("Instansi"), "201 200"},

			{"dot segments", get("/agencies/../../../etc/passwd"), "307 200"}, // to the path that is meant, which is not there
			{"encoded dots", get("/agencies/%2e%2e/tokens"), "4xx 200"},
			{"empty segment", get("//agencies"), "307 200"},
			{"NUL in an agency", get("/agencies/" + control), "4xx 200"},
			{"NUL in a LID", get("/lids/a/" + control), "4xx 200"},
			{"NUL in an application", get("/applications/" + control + "/keys"), "4xx 200"},
			{"NUL in a grant", request("DELETE", "/api/v1/grants/"+control, token), "4xx 200"},
			{"NUL in a key", request("DELETE", "/api/v1/applications/"+consumerApp+"/keys/"+control, token), "4xx 200"},
			{"NUL in an exchange", get("/exchanges/" + control), "4xx 200"},
			{"NUL in a query", get("/exchanges?lid=" + control), "4xx 200"},
			{"NUL in a cursor", get("/agencies?cursor=AA"), "4xx 200"},
			{"NUL in a name", agency(`ab\u0000c`), "4xx 200"},
			{"NUL in a label", key(`a\u0000`), "4xx 200"},
			{"overlong UTF-8", get("/agencies/%c0%ae"), "4xx 200"},
			{"overlong UTF-8 in a cursor", get("/agencies?cursor=wK4"), "4xx 200"},
			{"overlong UTF-8 in a filter", get("/exchanges?grant=%c0%ae"), "4xx 200"},
			{"cursor of another list", get("/exchanges?cursor=AAAA"), "4xx 200"},
			{"cursor that is none", get("/agencies?cursor=!"), "4xx 200"},
			{"negative limit", get("/agencies?limit=-1"), "4xx 200"},
			{"limit beyond numbers", get("/agencies?limit=99999999999999999999"), "4xx 200"},
			{"unknown parameter", get("/agencies?x=1"), "4xx 200"},
			{"not a time", get("/exchanges?since=kemarin"), "4xx 200"},
			{"the end of time", get("/exchanges?since=9999-12-31T23:59:59Z"), "200 200"},
			{"the beginning of time", get("/exchanges?since=0000-01-01T00:00:00Z"), "200 200"},

			{"no JSON", send("PUT", "/agencies/a.go.id", "bukan"), "4xx 200"},
			{"null", send("PUT", "/agencies/a.go.id", "null"), "4xx 200"},
			{"nothing", send("PUT", "/agencies/a.go.id", ""), "4xx 200"},
			{"deep", send("PUT", "/agencies/a.go.id", strings.Repeat("[", 100_000)), "4xx 200"},
			{"long name", agency(long), "4xx 200"},
			{"long label", key(long[:101]), "4xx 200"},
			{"another resource", send("PUT", "/agencies/b.go.id", `{"apiVersion":"simpul/v1","kind":"Agency","metadata":{"id":"a.go.id"},"spec":{"name":"abc","level":"nasional"}}`), "4xx 200"},
			{"another type", request("PUT", "/api/v1/agencies/a.go.id", token, "Content-Type: text/xml", "Content-Length: 4") + "<a/>", "4xx 200"},
			{"compressed", send("PUT", "/agencies/a.go.id", "\x1f\x8b\x08", "Content-Encoding: gzip"), "4xx 200"},
			{"too long", send("PUT", "/agencies/a.go.id", strings.Repeat(" ", 2<<20)), "4xx"},
			{"too long in chunks", request("PUT", "/api/v1/agencies/a.go.id", token, "Content-Type: application/json", "Transfer-Encoding: chunked") +
				strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 40) + "0\r\n\r\n", "4xx"},
			{"malformed chunk", request("PUT", "/api/v1/agencies/a.go.id", token, "Content-Type: application/json", "Transfer-Encoding: chunked") + "zz\r\n", "4xx"},

			{"no token", request("GET", "/api/v1/agencies"), "401 200"},
			{"unknown token", request("GET", "/api/v1/agencies", "Authorization: Bearer spt_x"), "401 200"},
			{"long token", request("GET", "/api/v1/agencies", "Authorization: Bearer "+long[:20_000]), "401 200"},
			{"binary token", request("GET", "/api/v1/agencies", "Authorization: Bearer \xc0\xae"), "401 200"},
			{"another scheme", request("GET", "/api/v1/agencies", "Authorization: Basic YTpi"), "401 200"},
			{"odd wish for an answer", request("GET", "/api/v1/agencies", token, "Accept: text/x-aneh;q=nol, */;;"), "200 200"},
			{"no acceptable answer", request("GET", "/api/v1/agencies", token, "Accept: application/cbor"), "200 200"},
			{"odd language", request("GET", "/api/v1/agencies/nihil.go.id", token, "Accept-Language: "+long[:5000]+";q=x"), "404 200"},
			{"unknown method", request("PATCH", "/api/v1/agencies/a.go.id", token), "405 200"},
			{"unknown operation", get("/rahasia"), "404 200"},
			{"asterisk", request("OPTIONS", "*", token), "4xx"},
		} {
			t.Run(a.name, func(t *testing.T) {
				heads, bodies := a.on(t, at.Control)
				if got := statuses(heads); !like(a.want, got) {
					t.Errorf("%q, want %q: %.300q", got, a.want, bodies)
				}
				for i, h := range heads {
					if h.StatusCode >= 400 && h.Header.Get("Content-Type") == "application/problem+json" {
						mends(t, bodies[i])
					}
				}
			})
		}
		if held := api.all(t, "Agency"); held["a.go.id"]["name"] != "Instansi" || len(held) != 3 {
			t.Errorf("the hub holds %v", held)
		}
		if got := call(t, api.client, at.Gateway+"/readyz", ""); got.status != http.StatusOK {
			t.Errorf("not ready: %s", got.text)
		}
	})
}

// like compares statuses with a pattern, in which 4xx stands for any refusal.
func like(pattern, got string) bool {
	want, have := strings.Fields(pattern), strings.Fields(got)
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] != have[i] && !(want[i] == "4xx" && have[i][0] == '4') {
			return false
		}
	}
	return true
}

// mends checks that a problem says what is wrong and what to do.
func mends(t *testing.T, problem string) {
	t.Helper()
	p := decode[struct{ Code, Detail, Remedy string }](t, answer{text: problem})
	if p.Code == "" || p.Detail == "" || p.Remedy == "" {
		t.Errorf("does not explain itself: %s", problem)
	}
}
