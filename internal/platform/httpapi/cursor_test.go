package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"simpul"
)

func TestCursorsAreReadBack(t *testing.T) {
	for _, key := range []string{"", "a", "layanan@bandungkota.go.id", "master/Kota", "é", strings.Repeat("a", 317)} {
		if got, err := DecodeCursor(EncodeCursor(key)); err != nil || got != key {
			t.Errorf("%q: got %q, %v", key, got, err)
		}
	}
}

func TestTamperedCursors(t *testing.T) {
	raw := base64.RawURLEncoding.EncodeToString
	for _, bad := range []string{"!", "a", "YQ==", "Y Q", "YQ\n\x00", "YR/+", raw([]byte("a\x00b")), raw([]byte("\xff\xfe")), raw([]byte("a\nb"))} {
		got, err := DecodeCursor(bad)
		if got != "" || simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%q: got %q, %v", bad, got, err)
		}
	}
}

func FuzzDecodeCursor(f *testing.F) {
	for _, seed := range []string{"", "YQ", "bWFzdGVyL0tvdGE", "____", "AA", "!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		key, err := DecodeCursor(cursor)
		if err != nil {
			return
		}
		if !plain(key) {
			t.Errorf("%q became %q, which a database may not take", cursor, key)
		}
		if again, err := DecodeCursor(EncodeCursor(key)); err != nil || again != key {
			t.Errorf("%q is read back as %q, %v", key, again, err)
		}
	})
}

// pages walks through a list and returns the IDs of each page.
func (h *hub) pages(t *testing.T, query string) [][]string {
	t.Helper()
	var pages [][]string
	for cursor := ""; ; {
		w := h.do(call{method: "GET", path: "/widgets" + query + cursor})
		var list List[Resource[widget]]
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != 200 {
			t.Fatalf("got %d %s", w.Code, w.Body)
		}
		if list.Items == nil {
			t.Fatal("items is null")
		}
		page := []string{}
		for _, r := range list.Items {
			page = append(page, r.Metadata.ID)
		}
		pages = append(pages, page)
		if list.Next == "" {
			return pages
		}
		cursor = "&cursor=" + list.Next
	}
}

func TestPagesAreTheWholeInOrder(t *testing.T) {
	h := newHub(gatekeeper{})
	for n := range 7 {
		for limit, want := range map[int]string{
			1: []string{"[[]]", "[[0]]", "[[0] [1]]", "[[0] [1] [2]]", "[[0] [1] [2] [3]]", "[[0] [1] [2] [3] [4]]", "[[0] [1] [2] [3] [4] [5]]"}[n],
			3: []string{"[[]]", "[[0]]", "[[0 1]]", "[[0 1 2]]", "[[0 1 2] [3]]", "[[0 1 2] [3 4]]", "[[0 1 2] [3 4 5]]"}[n],
		} {
			if got := fmt.Sprint(h.pages(t, fmt.Sprintf("?limit=%d", limit))); got != want {
				t.Errorf("%d entries by %d: got %s, want %s", n, limit, got, want)
			}
		}
		h.widgets.stored[fmt.Sprint(n)] = widget{}
	}
}

// The longest name there is must fit the cursor that follows it.
func TestTheLongestNameHasANextPage(t *testing.T) {
	h := newHub(gatekeeper{})
	longest := strings.Repeat("a", 63) + "@" + strings.Repeat(strings.Repeat("a", 62)+".", 4) + "a"
	if _, err := simpul.ParseApplicationID(longest); err != nil {
		t.Fatal(err)
	}
	h.widgets.stored[longest], h.widgets.stored["b"] = widget{}, widget{}
	if got := h.pages(t, "?limit=1"); len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestListParameters(t *testing.T) {
	for query, location := range map[string]string{
		"?limit=0":                            "query.limit",
		"?limit=-1":                           "query.limit",
		"?limit=501":                          "query.limit",
		"?limit=a":                            "query.limit",
		"?limit=1e2":                          "query.limit",
		"?limit=99999999999999999999":         "query.limit",
		"?page=2":                             "query.page",
		"?cursor=" + strings.Repeat("a", 501): "query.cursor",
		"?cursor=!":                           "query.cursor",
		"?cursor=AA":                          "query.cursor", // a NUL
		"?limit=500":                          "",
		"?limit=":                             "",
		"?cursor=" + EncodeCursor("no such entry"): "",
	} {
		h := newHub(gatekeeper{})
		w := h.do(call{method: "GET", path: "/widgets" + query})
		if location == "" {
			if w.Code != 200 {
				t.Errorf("%s: got %d %s", query, w.Code, w.Body)
			}
			continue
		}
		if p := problem(t, w, w.Code); w.Code/100 != 4 || p.Code != simpul.CodeInvalid || len(p.Errors) != 1 || p.Errors[0].Location != location {
			t.Errorf("%s: got %d %+v", query, w.Code, p)
		}
	}
}
