package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"simpul/internal/platform/config"
)

// counting is a service that counts its calls and tells the number in each answer.
func counting(t *testing.T, control string) (upstream string, calls *atomic.Int64) {
	t.Helper()
	calls = &atomic.Int64{}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := calls.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", control)
		w.Header().Set("ETag", `"asal"`)
		fmt.Fprintf(w, `{"items":[{"kode":"%s","nama":"%d"}]}`, r.Header.Get("Simpul-Grant"), n)
	}))
	t.Cleanup(service.Close)
	return service.URL, calls
}

// ask calls the gateway with further headers, given as name and value.
func ask(t *testing.T, client *http.Client, method, url, key string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-API-Key", key)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := do(client, r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

const (
	otherConsumer    = "lain.go.id"
	otherConsumerApp = "uji@lain.go.id"
)

// Two tenants with grants on one LID: each gets its own, by its own fields, and
// never what was kept for the other.
func TestKeptAnswersStayWithTheirGrant(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		key := api.settle(t)
		api.put(t, "Agency", otherConsumer, agencySpec("Lain"))
		api.put(t, "Application", otherConsumerApp, applicationSpec("Lain"))
		other := api.key(t, otherConsumerApp)
		upstream, calls := counting(t, "max-age=60")
		lid := object{"delivery": object{"cache": object{"staleSeconds": 60}}}
		api.offer(t, "Data", upstream, lid, object{"fields": []string{"items.kode"}})
		api.put(t, "Grant", "uji-lain", grantSpec("uji/Data", otherConsumerApp))
		calls.Store(0)

		url := at.Gateway + "/uji/Data?q=1"
		visit := func(key, body string, called int64, header ...string) answer {
			t.Helper()
			got := ask(t, api.client, "GET", url, key, header...)
			if got.status != 200 || got.text != body || calls.Load() != called {
				t.Fatalf("%d %s after %d calls, want %s after %d", got.status, got.text, calls.Load(), body, called)
			}
			return got
		}
		mine, theirs := `{"items":[{"kode":"uji-data"}]}`, `{"items":[{"kode":"uji-lain","nama":"2"}]}`
		first := visit(key, mine, 1)
		visit(other, theirs, 2)
		for range 3 {
			visit(key, mine, 2)
			visit(other, theirs, 2, "Simpul-Grant", "uji-data", "Cache-Control", "only-if-cached")
		}

		// The entity tag is that of what is delivered.
		tag := first.header.Get("ETag")
		if tag == "" || tag == `"asal"` {
			t.Errorf("the tag is %s", tag)
		}
		if got := ask(t, api.client, "GET", url, key, "If-None-Match", tag); got.status != 304 || got.text != "" || got.header.Get("ETag") != tag {
			t.Errorf("%d %v", got.status, got.header)
		}
		if got := ask(t, api.client, "GET", url, other, "If-None-Match", tag); got.status != 200 {
			t.Errorf("another grant's tag: %d", got.status)
		}
		if head := ask(t, api.client, "HEAD", url, key); head.status != 200 || head.text != "" || calls.Load() != 2 {
			t.Errorf("%d %v", head.status, head.header)
		}

		// Evidence is left for each, whether the service was called or not.
		id := visit(key, mine, 2).header.Get("Exchange-Id")
		if record := api.must(t, 200, http.MethodGet, "/exchanges/"+id, nil).text; !strings.Contains(record, `"grant":"uji-data"`) || !strings.Contains(record, `"state":"sealed"`) {
			t.Errorf("recorded %s", record)
		}

		// A grant that narrows, ends or changes hands meets nothing that was kept.
		narrow := grantSpec("uji/Data", otherConsumerApp)
		narrow["fields"] = []string{"items.nama"}
		api.put(t, "Grant", "uji-lain", narrow)
		visit(other, `{"items":[{"nama":"3"}]}`, 3)
		narrow["suspended"] = true
		api.put(t, "Grant", "uji-lain", narrow)
		if got := ask(t, api.client, "GET", url, other); got.status != 403 {
			t.Errorf("a suspended grant: %d %s", got.status, got.text)
		}
		visit(key, mine, 3)

		// A purge, and a LID that is stored again.
		api.must(t, 204, http.MethodDelete, "/lids/uji/Data/kept", nil)
		visit(key, mine, 4)
		visit(key, mine, 4)
		api.put(t, "LID", "uji/Data", merged(lidSpec(providerAgency, upstream), merged(lid, object{"title": "Data uji lagi"})))
		before := calls.Load() // the hub may have tested it
		visit(key, mine, before+1)
	})
}

func TestKeptAnswersOfARestrictedLIDAreNotForTheNextCache(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	key := api.settle(t)
	upstream, calls := counting(t, "max-age=60")
	api.offer(t, "Data", upstream, object{"class": "terbatas", "delivery": object{"cache": object{}}}, nil)
	calls.Store(0)
	for range 2 {
		if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != 200 || got.header.Get("Cache-Control") != "no-store" || calls.Load() != 1 {
			t.Errorf("%d %v %s after %d calls", got.status, got.header, got.text, calls.Load())
		}
	}
}

// Changes by pairs, by a list of the hub and by arithmetic, from the resource to the
// answer; the test of the LID sees what consumers see.
func TestAnswersAreChangedOnTheirWay(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		at, api := begin(t, c)
		key := api.settle(t)
		api.put(t, "RefCode", "warna", object{"agency": providerAgency, "title": object{"id": "Warna"}, "state": "published",
			"codes":       []object{{"code": "M", "name": object{"id": "Merah"}}, {"code": "R", "name": object{"id": "Merah lama"}, "until": "2020-01-01"}, {"code": "M2", "name": object{"id": "Merah"}, "from": "2020-01-01"}},
			"successions": []object{{"date": "2020-01-01", "kind": "replace", "from": []string{"R"}, "to": []string{"M2"}}}})
		upstream := answering(t, `{"items":[{"kd":"R","nm":"1","rahasia":"x"},{"kd":"M","nm":"2"}]}`)
		changes := []object{
			{"field": "items.kd", "rename": "kode"}, {"field": "items.kd", "recode": object{"list": "warna", "else": "refuse"}},
			{"field": "items.nm", "rename": "nama"}, {"field": "items.nm", "recode": object{"pairs": object{"1": "satu", "2": "dua"}, "else": "null"}},
			{"field": "items.rahasia", "drop": true},
		}
		lid := object{"delivery": object{"changes": changes}}
		api.offer(t, "Data", upstream, lid, nil)
		want := `{"items":[{"kode":"M2","nama":"satu"},{"kode":"M","nama":"dua"}]}`
		if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != 200 || got.text != want {
			t.Fatalf("%d %s", got.status, got.text)
		}

		report := api.must(t, 200, http.MethodPost, "/lids/uji/Data/feasibility", nil).text
		if strings.Contains(report, `"kd"`) {
			t.Errorf("the test saw what no consumer sees: %s", report)
		}

		preview := api.must(t, 200, http.MethodPost, "/lids/uji/Data/changes/preview", object{"answer": object{"items": []object{{"kd": "X"}}}}).text
		if !strings.Contains(preview, `"place":"items[0].kd"`) {
			t.Errorf("got %s", preview)
		}
		bad := api.must(t, 400, http.MethodPost, "/lids/uji/Data/changes/preview", object{"answer": object{}, "changes": []object{{"field": "a", "drop": true}, {"field": "a.b", "drop": true}}}).text
		if !strings.Contains(bad, "body.changes[1].field") {
			t.Errorf("got %s", bad)
		}

		// The list goes, and with it what could be recoded: nothing is delivered unchanged.
		api.must(t, 204, http.MethodDelete, "/refcodes/warna", nil)
		if got := call(t, api.client, at.Gateway+"/uji/Data", key); got.status != 503 {
			t.Errorf("%d %s", got.status, got.text)
		}
	})
}

func TestDeliveriesThatCannotBe(t *testing.T) {
	_, api := begin(t, settings(t, t.TempDir()))
	api.settle(t)
	for place, more := range map[string]object{
		"spec.delivery.cache":            {"class": "tertutup", "delivery": object{"cache": object{}}},
		"spec.delivery.cache.shared":     {"class": "terbatas", "delivery": object{"cache": object{"shared": true}}},
		"spec.delivery.changes[1].field": {"delivery": object{"changes": []object{{"field": "a", "drop": true}, {"field": "a.b", "rename": "c"}}}},
	} {
		got, err := api.send(t.Context(), http.MethodPut, "/lids/uji/Data", resource("LID", "uji/Data", merged(lidSpec(providerAgency, "http://127.0.0.1:9"), more)))
		if err != nil || got.status != 400 || !strings.Contains(got.text, place) {
			t.Errorf("%s: %d %s %v", place, got.status, got.text, err)
		}
	}
}

func TestTheSandboxIsOpenToEveryApplication(t *testing.T) {
	at, api := begin(t, settings(t, t.TempDir()))
	api.settle(t)
	api.put(t, "Agency", otherConsumer, agencySpec("Lain"))
	api.put(t, "Application", otherConsumerApp, applicationSpec("Lain"))
	key := api.key(t, otherConsumerApp)
	upstream, calls := counting(t, "no-store")
	api.offer(t, "Data", upstream, object{"delivery": object{"sandbox": true}}, nil)
	api.offer(t, "Tanpa", upstream, nil, nil)
	calls.Store(0)
	try := func(path string, header ...string) answer {
		return ask(t, api.client, "GET", at.Gateway+path, key, append(header, "Simpul-Sandbox", "true")...)
	}
	got := try("/uji/Data")
	if got.status != 200 || got.text != `{"items":[{"kode":"contoh","nama":"contoh"}]}` || got.header.Get("Simpul-Sandbox") != "example" {
		t.Errorf("%d %v %s", got.status, got.header, got.text)
	}
	for path, status := range map[string]int{"/uji/Tanpa": 400, "/uji/Data/1/2": 404, "/uji/Nihil": 404} {
		if got := try(path); got.status != status {
			t.Errorf("%s: %d %s", path, got.status, got.text)
		}
	}
	if got := ask(t, api.client, "GET", at.Gateway+"/uji/Data", key); got.status != 403 || calls.Load() != 0 {
		t.Errorf("without the header: %d, %d calls", got.status, calls.Load())
	}
	record := api.must(t, 200, http.MethodGet, "/exchanges/"+got.header.Get("Exchange-Id"), nil).text
	if !strings.Contains(record, `"purpose":"sandbox"`) || strings.Contains(record, `"grant":"u`) {
		t.Errorf("recorded %s", record)
	}
	api.put(t, "Limit", "application/"+otherConsumerApp, object{"ratePerMinute": 1})
	try("/uji/Data")
	if got := try("/uji/Data"); got.status != http.StatusTooManyRequests || !strings.Contains(got.text, otherConsumerApp) {
		t.Errorf("above the application's limit: %d %s", got.status, got.text)
	}
}
