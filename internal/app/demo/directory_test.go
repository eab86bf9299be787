package demo

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// walk follows the cursor to the last page and returns every item.
func walk(t testing.TB, provider http.Handler, path string, query url.Values) (items []regionItem, pages int) {
	t.Helper()
	query = maps.Clone(query)
	if query == nil {
		query = url.Values{}
	}
	for {
		answer := ask(provider, "GET", path+"?"+query.Encode(), "")
		if answer.Code != 200 {
			t.Fatalf("%s?%s: %d %s", path, query.Encode(), answer.Code, answer.Body)
		}
		list := decode[regionList](t, answer)
		items = append(items, list.Items...)
		pages++
		if list.Next == "" {
			if list.Total != len(items) {
				t.Errorf("total %d, but %d items", list.Total, len(items))
			}
			return items, pages
		}
		if link := answer.Header().Get("Link"); !strings.Contains(link, "cursor="+list.Next) || !strings.HasSuffix(link, `; rel="next"`) {
			t.Fatalf("link %q, next %q", link, list.Next)
		}
		if list.Next == query.Get("cursor") {
			t.Fatalf("%s?%s leads to itself", path, query.Encode())
		}
		query.Set("cursor", list.Next)
	}
}

func codes(items []regionItem) []string {
	var codes []string
	for _, item := range items {
		codes = append(codes, item.Kode)
	}
	return codes
}

func TestWalkMeetsEveryVillageOnce(t *testing.T) {
	regions := nation(t)
	items, pages := walk(t, Provider(regions, nil), "/desa", nil)
	if len(items) != 83_763 || pages != 84 {
		t.Errorf("%d villages on %d pages", len(items), pages)
	}
	got := codes(items)
	if !slices.IsSorted(got) || len(slices.Compact(got)) != 83_763 {
		t.Error("a village is out of order or met twice")
	}
}

func TestFilters(t *testing.T) {
	provider := smallProvider(t)
	tests := map[string]string{ // target → codes
		"/provinsi":                        "31 32",
		"/provinsi?q=jakarta":              "31",
		"/kota?provinsi=32":                "32.04 32.73",
		"/kota?q=KOTA":                     "31.71 32.73",
		"/kota?q=bandung&provinsi=32":      "32.04 32.73",
		"/kota?q=bandung&provinsi=31":      "",
		"/kecamatan?kota=32.73":            "32.73.01 32.73.02",
		"/kecamatan?provinsi=32":           "32.04.05 32.73.01 32.73.02",
		"/desa?kecamatan=32.73.01":         "32.73.01.1001 32.73.01.1002 32.73.01.1003",
		"/desa?kota=32.04":                 "32.04.05.2001 32.04.05.2002",
		"/desa?provinsi=31":                "31.71.01.1001",
		"/desa?provinsi=32&kota=32.04":     "32.04.05.2001 32.04.05.2002",
		"/desa?provinsi=31&kota=32.04":     "", // contradicting filters
		"/desa?kota=32.04&provinsi=31":     "",
		"/desa?q=%20isola":                 "32.73.01.1003",
		"/desa?q=nowhere":                  "",
		"/desa?provinsi=32&q=cileunyi":     "32.04.05.2001 32.04.05.2002",
		"/desa?limit=2":                    "31.71.01.1001 32.04.05.2001",
		"/desa?limit=1&q=wetan":            "32.04.05.2001",
		"/kecamatan?limit=1&provinsi=32":   "32.04.05",
		"/kecamatan?limit=1000&kota=31.71": "31.71.01",
	}
	for target, want := range tests {
		list := decode[regionList](t, ask(provider, "GET", target, ""))
		if got := strings.Join(codes(list.Items), " "); got != want || list.Items == nil {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestFilteredPagesAreTheWholeInOrder(t *testing.T) {
	provider := smallProvider(t)
	for _, query := range []string{"", "provinsi=32", "q=a", "provinsi=32&q=i", "kota=32.73&kecamatan=32.73.01"} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		whole, pages := walk(t, provider, "/desa", values)
		if pages != 1 {
			t.Fatalf("%s: %d pages", query, pages)
		}
		for _, limit := range []string{"1", "2", "3", "7"} {
			values.Set("limit", limit)
			if parts, _ := walk(t, provider, "/desa", values); !slices.Equal(parts, whole) {
				t.Errorf("%s by %s: %v, want %v", query, limit, codes(parts), codes(whole))
			}
		}
	}
}

func TestLinkHoldsBehindAnyAddress(t *testing.T) {
	answer := ask(smallProvider(t), "GET", "/desa?limit=1&q=e&provinsi=32", "")
	reference, _, _ := strings.Cut(strings.TrimPrefix(answer.Header().Get("Link"), "<"), ">")
	hub, err := url.Parse("https://hub.example/master/Desa")
	if err != nil {
		t.Fatal(err)
	}
	next, err := hub.Parse(reference)
	if err != nil {
		t.Fatal(err)
	}
	query := next.Query()
	if next.Host != "hub.example" || next.Path != "/master/Desa" || query.Get("limit") != "1" || query.Get("q") != "e" || query.Get("provinsi") != "32" || query.Get("cursor") == "" {
		t.Errorf("next page at %s", next)
	}
}

func TestCursorOfAnotherQueryIsRefused(t *testing.T) {
	provider := smallProvider(t)
	next := decode[regionList](t, ask(provider, "GET", "/desa?kota=32.04&limit=1", "")).Next
	if next == "" {
		t.Fatal("no second page")
	}
	for target, want := range map[string]int{
		"/desa?kota=32.04&limit=5&cursor=": 200, // the page size may change
		"/desa?kota=32.73&cursor=":         400,
		"/desa?q=isola&cursor=":            400,
		"/kecamatan?cursor=":               400,
	} {
		if got := ask(provider, "GET", target+next, "").Code; got != want {
			t.Errorf("%s…: %d, want %d", target, got, want)
		}
	}
}

// FuzzListQuery: whatever stands after the question mark, the answer is a page
// that keeps its promises, or a problem that is the caller's.
func FuzzListQuery(f *testing.F) {
	provider := smallProvider(f)
	for _, seed := range []string{"", "limit=1", "provinsi=32&kota=32.73", "q=a&limit=2&cursor=MzIuMDQuMDUuMjAwMQ", "kecamatan=99.99.99", "%zz", "a;b", "limit=1&limit=1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		request := httptest.NewRequest("GET", "/desa", nil)
		request.URL.RawQuery = query
		answer := httptest.NewRecorder()
		provider.ServeHTTP(answer, request)
		switch answer.Code {
		case 200:
			list := decode[regionList](t, answer)
			if len(list.Items) > maxLimit || len(list.Items) > list.Total || list.Next != "" && len(list.Items) == 0 {
				t.Fatalf("%q: %+v", query, list)
			}
		case 400, 404:
			decode[problem](t, answer)
		default:
			t.Fatalf("%q: %d", query, answer.Code)
		}
	})
}
