package grant_test

import (
	"net/url"
	"strings"
	"testing"

	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

func TestMovingOnTheScreens(t *testing.T) {
	o := newVersions(t, testkit.SQLite(t))
	consumer, provider := o.screens(&asker), o.screens(&decider)
	c := o.submit(t, ask(kota, nil))
	page, id := grant.RequestPath(c.ID), string(c.Grant)
	const button = "Pindah ke versi 3"
	if body := consumer("GET", page, nil).Body.String(); strings.Contains(body, button) {
		t.Error("a grant that follows the newest version is to be moved")
	}
	o.pin(t, of(kemendagri), "2")
	for _, path := range []string{page, "/akses"} {
		says(t, consumer("GET", path, nil), 200, "dijawab dengan versi 2 sampai 21 Feb 2027", "/catalog/master/Kota/revisi", button)
	}
	if body := provider("GET", page, nil).Body.String(); strings.Contains(body, button) || !strings.Contains(body, "dijawab dengan versi 2") {
		t.Error("the provider is offered to move the grant, or is not told")
	}
	form := url.Values{"grant": {id}, "version": {"3"}}
	says(t, provider("POST", grant.VersionPath, form), 403)
	says(t, o.screens(nil)("POST", grant.VersionPath, form), 303)
	if got := o.pins(t); got != id+":2" {
		t.Errorf("moved by somebody else: %s", got)
	}
	if w := consumer("POST", grant.VersionPath, form); w.Code != 303 || w.Header().Get("Location") != page {
		t.Errorf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
	if body := consumer("GET", page, nil).Body.String(); o.pins(t) != id+":3" || strings.Contains(body, button) {
		t.Errorf("not moved: %s", o.pins(t))
	}
}

func TestTheScreensTellThatAVersionHasEnded(t *testing.T) {
	o := newVersions(t, testkit.SQLite(t))
	o.room.put(t, "g-1", spec(nil))
	o.pin(t, of(kemendagri), "1")
	says(t, o.screens(&asker)("GET", "/akses", nil), 200, "Versi 1 sudah berakhir: panggilan dijawab 410", "Pindah ke versi 3")
	if w := o.screens(&asker)("POST", grant.VersionPath, url.Values{"grant": {"g-1"}, "version": {"3"}}); w.Header().Get("Location") != "/akses" {
		t.Errorf("got %d to %s", w.Code, w.Header().Get("Location"))
	}
}
