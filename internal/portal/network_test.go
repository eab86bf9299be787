package portal

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/web"
)

// wired is a network of two links, and who asks.
type wired struct{ visitor simpul.Principal }

func (wired) Counts(context.Context) (NetworkCounts, error) {
	return NetworkCounts{Applications: 2, LIDs: 3, Grants: 5}, nil
}

func (w wired) Links(_ context.Context, visitor simpul.Principal) ([]NetworkLink, error) {
	if visitor.ID != w.visitor.ID {
		return nil, nil
	}
	return []NetworkLink{{"Kota <Bandung>", "Kementerian", 3, 2}, {"Kota Solo", "Kementerian", 1, 1}}, nil
}

func mapOf(t *testing.T, visitor simpul.Principal, signedIn bool, target, language string) string {
	t.Helper()
	mux := http.NewServeMux()
	NewNetworkMap(wired{visitor}, web.Gate{Visitor: func(context.Context) (simpul.Principal, bool) { return visitor, signedIn }}).Register(mux)
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Accept-Language", language)
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", target, w.Code)
	}
	return w.Body.String()
}

func TestTheArithmeticIsThatOfTheArgument(t *testing.T) {
	html := mapOf(t, simpul.Principal{}, false, NetworkPath, "id")
	for _, want := range []string{"54.800", "Rp 5,48 triliun", "648", "Rp 64,8 miliar"} {
		if !strings.Contains(html, want) {
			t.Errorf("the map lacks %q", want)
		}
	}
	if english := mapOf(t, simpul.Principal{}, false, NetworkPath+"?biaya=1&layanan=10&aplikasi=5", "en"); !strings.Contains(english, "Rp 50 million") || !strings.Contains(english, "Rp 15 million") {
		t.Error("one's own figures are not reckoned with")
	}
	for _, wrong := range []string{"?biaya=-1", "?biaya=x", "?layanan=99999999999999999999", "?aplikasi=0", "?biaya=1000001"} {
		if !strings.Contains(mapOf(t, simpul.Principal{}, false, NetworkPath+wrong, "id"), "Rp 5,48 triliun") {
			t.Errorf("%s is taken for a figure", wrong)
		}
	}
	largest := arithmetic{100_000, 100_000, 1_000_000}
	if largest.DirectCost() != 10_000_000_000_000_000 {
		t.Errorf("the largest overflows: %d", largest.DirectCost())
	}
}

// Who connects to whom is for those who may read grants.
func TestLinksAreNotPublic(t *testing.T) {
	if html := mapOf(t, simpul.Acting("t", simpul.RoleOperator, ""), false, NetworkPath, "id"); strings.Contains(html, "Kota Solo") || !strings.Contains(html, "/masuk?next=/peta") {
		t.Error("the public sees links, or no way to sign in")
	}
	if html := mapOf(t, simpul.Principal{ID: "t"}, true, NetworkPath, "id"); strings.Contains(html, "Kota Solo") {
		t.Error("somebody without the permission sees links")
	}
	html := mapOf(t, simpul.Acting("t", simpul.RoleOperator, ""), true, NetworkPath, "id")
	for _, want := range []string{"Kota Solo", "Kota &lt;Bandung&gt;", "<svg", "role=\"img\""} {
		if !strings.Contains(html, want) {
			t.Errorf("the map lacks %q", want)
		}
	}
}
