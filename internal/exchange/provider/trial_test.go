package provider

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"simpul"
)

func callAs(t *testing.T, application string) *http.Request {
	t.Helper()
	r := request(t, http.MethodGet, "/", nil)
	r.Header.Set(applicationField, application)
	return r
}

func TestOneApplicationMeetsOneDeployment(t *testing.T) {
	old, next := newPeer(t, says("lama")), newPeer(t, says("baru"))
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{Canary: &simpul.Canary{Upstream: next.URL, Percent: 20, ErrorPercent: 10}}, old.URL)
	newer := 0
	for i := range 500 {
		app := fmt.Sprintf("aplikasi-%d@bandung.go.id", i)
		_, first, err := fetch(t, c, route, callAs(t, app))
		if err != nil {
			t.Fatal(err)
		}
		if _, second, _ := fetch(t, c, route, callAs(t, app)); second != first {
			t.Fatalf("%s meets %s and then %s", app, first, second)
		}
		if first == "baru" {
			newer++
		}
	}
	if newer < 60 || newer > 140 {
		t.Errorf("%d of 500 applications meet the canary of 20 percent", newer)
	}
	if _, text, _ := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); text != "lama" {
		t.Error("a call of nobody meets the canary")
	}
}

func TestACanaryThatFailsIsTakenOut(t *testing.T) {
	old, next := newPeer(t, says("lama")), newPeer(t, status(500))
	c, _ := clocked(t)
	canary := simpul.Canary{Upstream: next.URL, Percent: 100, ErrorPercent: 30, AtLeast: 5}
	route := routeAcross(t, simpul.Delivery{Canary: &canary}, old.URL)
	for i := range 20 {
		code, text, err := fetch(t, c, route, callAs(t, "a@bandung.go.id"))
		if err != nil || i < 5 && code != 500 || i >= 5 && text != "lama" {
			t.Fatalf("call %d: %d %q, %v", i, code, text, err)
		}
	}
	<-c.felled
	fall := c.Falls()
	if len(fall) != 1 || fall[0].Calls != 5 || fall[0].Failed != 5 || fall[0].Print != PrintOf(canary) || fall[0].Owner != owner {
		t.Fatalf("got %+v", fall)
	}

	again := routeAcross(t, simpul.Delivery{Canary: &canary}, old.URL) // was published anew, unchanged
	if _, text, _ := fetch(t, c, again, callAs(t, "a@bandung.go.id")); text != "lama" {
		t.Error("it comes back when the LID is published")
	}
	canary.Percent = 99
	changed := routeAcross(t, simpul.Delivery{Canary: &canary}, old.URL)
	if code, _, _ := fetch(t, c, changed, callAs(t, "b@bandung.go.id")); code != 500 {
		t.Error("another canary gets no calls")
	}
}

func TestWhatFellsACanary(t *testing.T) {
	for _, c := range []struct {
		name           string
		good, failures int
		least, percent int
		want           bool
	}{
		{"too few calls", 0, 4, 5, 10, false},
		{"enough", 0, 5, 5, 10, true},
		{"under its bound", 92, 8, 20, 10, false},
		{"at its bound", 18, 2, 20, 10, true},
		{"nineteen where nothing is said", 0, 19, 0, 1, false},
		{"twenty where nothing is said", 0, 20, 0, 1, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr := &trial{canary: simpul.Canary{ErrorPercent: c.percent, AtLeast: c.least}, window: window{pane: time.Minute}}
			fell := false
			for range c.good {
				tr.count(false, noon)
			}
			for range c.failures {
				fell = tr.count(true, noon) || fell
			}
			if fell != c.want {
				t.Errorf("it falls: %v", fell)
			}
		})
	}
}

func TestFailuresLongAgoDoNotFellACanary(t *testing.T) {
	tr := &trial{canary: simpul.Canary{ErrorPercent: 50, AtLeast: 5}, window: window{pane: time.Minute}}
	for range 4 {
		tr.count(true, noon)
	}
	if tr.count(true, noon.Add(time.Hour)) {
		t.Error("it falls by failures of an hour ago")
	}
}
