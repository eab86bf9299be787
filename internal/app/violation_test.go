package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"simpul/internal/platform/config"
)

// strictSpec is a LID whose calls and answers are held to its contract.
func strictSpec(upstream, mode string) object {
	body := object{"type": "object", "required": []string{"nik"}, "properties": object{"nik": object{"type": "string", "pattern": "^[0-9]{16}$"}}}
	spec := lidSpec(providerAgency, upstream)
	paths := spec["contract"].(object)["paths"].(object)
	list := paths["/"].(object)
	list["get"].(object)["parameters"] = []object{{"name": "limit", "in": "query", "schema": object{"type": "integer", "maximum": 10}}}
	list["post"].(object)["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": body}}}
	return merged(spec, object{"delivery": object{"checks": object{"request": mode, "response": mode}}})
}

// A call that is not as the contract says ends before the provider is called, an
// answer that is not before the consumer gets it, and both are in the report.
func TestContractsAreEnforced(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		var calls atomic.Int64
		var reply, got atomic.Value
		reply.Store(`{"items":[{"kode":"32.73"}]}`)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			body, _ := io.ReadAll(r.Body)
			got.Store(string(body))
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, reply.Load().(string))
		}))
		t.Cleanup(server.Close)
		key := api.settle(t)
		api.put(t, "LID", "uji/Ketat", strictSpec(server.URL, "enforce"))
		api.put(t, "Grant", "g-ketat", grantSpec("uji/Ketat", consumerApp))
		post := func(body string) answer {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at.Gateway+"/uji/Ketat", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-API-Key", key)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept-Language", "en")
			a, err := do(api.client, r)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}

		const sent = " {\"nik\": \"3273010101010001\", \"n\": 12345678901234567890.10 }\n"
		if a := post(sent); a.status != 200 || got.Load() != sent {
			t.Fatalf("%d %s: the provider got %q", a.status, a.text, got.Load())
		}
		before := calls.Load()
		for body, want := range map[string]string{
			`{"nik":"327301"}`:                             "body/nik: expected the pattern",
			`{"nama":"x"}`:                                 "body: expected the members nik",
			`{"nik":"3273010101010001"`:                    "valid JSON",
			`{"nik":"1","nik":"2"}`:                        "do not repeat",
			strings.Repeat("[", 70):                        "at most 64 levels",
			"\xef\xbb\xbf{}":                               "byte order mark",
			`{"nik":"\ud83d"}`:                             "surrogate",
			`{"nik":"` + strings.Repeat("1", 2<<20) + `"}`: "larger than 1 MiB",
		} {
			a := post(body)
			if a.status != 400 && a.status != 413 || !strings.Contains(a.text, want) || strings.Contains(a.text, "327301") {
				t.Errorf("%.30q: %d %s", body, a.status, a.text)
			}
		}
		if a := call(t, api.client, at.Gateway+"/uji/Ketat?limit=11", key); a.status != 400 || !strings.Contains(a.text, "query.limit") {
			t.Errorf("%d %s", a.status, a.text)
		}
		if n := calls.Load() - before; n != 0 {
			t.Errorf("the provider was called %d times for calls that are refused", n)
		}
		reply.Store(`{"items":[{"kode":32.73}]}`)
		if a := call(t, api.client, at.Gateway+"/uji/Ketat", key); a.status != 502 || !strings.Contains(a.text, "body/items/0/kode") || !strings.Contains(a.text, string(providerAgency)) || strings.Contains(a.text, "32.73") {
			t.Errorf("%d %s", a.status, a.text)
		}

		eventually(t, "the report", func() bool {
			text := api.must(t, http.StatusOK, http.MethodGet, "/lids/uji/Ketat/violations", nil).text
			return strings.Contains(text, `"body/items/*/kode"`) && strings.Contains(text, `"query.limit"`)
		})
		text := api.must(t, http.StatusOK, http.MethodGet, "/lids/uji/Ketat/violations", nil).text
		if strings.Contains(text, "327301") || !strings.Contains(text, `"refused":1`) {
			t.Errorf("the report says %s", text)
		}

		api.put(t, "LID", "uji/Ketat", strictSpec(server.URL, "observe"))
		if a := call(t, api.client, at.Gateway+"/uji/Ketat?limit=11", key); a.status != 200 || a.text != reply.Load() {
			t.Errorf("observed: %d %s", a.status, a.text)
		}
		if a := post(`{"nama":` + fmt.Sprintf("%q", strings.Repeat("x", 3<<20)) + `}`); a.status != 200 || len(got.Load().(string)) != 3<<20+11 {
			t.Errorf("observed and too large to be checked: %d, the provider got %d bytes", a.status, len(got.Load().(string)))
		}
	})
}
