package catalog_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/testkit"
)

const deliveryPage = "/lid/master/Kota/pelayanan"

// inputs are what a page's form holds now, as a browser would send it.
func inputs(t *testing.T, page string) url.Values {
	t.Helper()
	form := page[strings.Index(page, `novalidate`):]
	v := url.Values{}
	for _, part := range strings.Split(form, "<input")[1:] {
		tag, _, _ := strings.Cut(part, ">")
		if strings.Contains(tag, `type="checkbox"`) || strings.Contains(tag, `type="radio"`) {
			if !strings.Contains(tag, " checked") {
				continue
			}
		}
		v.Add(attribute(tag, "name"), attribute(tag, "value"))
	}
	for _, part := range strings.Split(form, "<select")[1:] {
		tag, rest, _ := strings.Cut(part, ">")
		options, _, _ := strings.Cut(rest, "</select>")
		for _, option := range strings.Split(options, "<option")[1:] {
			if o, _, _ := strings.Cut(option, ">"); strings.Contains(o, " selected") {
				v.Set(attribute(tag, "name"), attribute(o, "value"))
			}
		}
	}
	return v
}

func attribute(tag, name string) string {
	_, rest, _ := strings.Cut(tag, " "+name+`="`)
	value, _, _ := strings.Cut(rest, `"`)
	return unescape(value)
}

func unescape(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(s)
}

// What the page shows of a delivery, saved as it is, is the same delivery.
func TestADeliveryOutlivesItsForm(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	want := everything()
	want.Changes[2].Recode.Pairs["a=b"] = "no row can hold this; nor this"
	d.put(t, kota, lid(delivering(want)))
	w := d.get(deliveryPage)
	if w.Code != http.StatusOK {
		t.Fatalf("got %d", w.Code)
	}
	if w := d.post(deliveryPage, inputs(t, w.Body.String())); w.Code != http.StatusSeeOther {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	got, err := d.Get(t.Context(), operator, kota)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Spec.Delivery); diff != "" {
		t.Error(diff)
	}
}

func TestADeliveryIsWrittenOnOnePage(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.put(t, kota, lid(nil))
	w := d.post(deliveryPage, url.Values{
		"origins.2.url": {"http://10.1.2.4:8080/kota"}, "retry.hedgeAfterMillis": {"200"}, "retry.keyed": {"keyed"}, "checks.request": {"enforce"}, "checks.response": {"off"},
		"cache": {"keep"}, "changes.1.act": {"rename"}, "changes.3.field": {"luas"}, "changes.3.act": {"unit"}, "changes.3.value": {"0,01"},
	})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != deliveryPage+"?tersimpan=1" {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	got, err := d.Get(t.Context(), operator, kota)
	want := simpul.Delivery{
		Origins: []string{"http://10.1.2.4:8080/kota"}, Retry: &simpul.Retry{Attempts: 1, HedgeAfter: 200, Keyed: true}, Checks: &simpul.Checks{Request: "enforce"},
		Cache: &simpul.Freshness{}, Changes: []simpul.Change{{Field: "luas", Unit: &simpul.Unit{Factor: "0.01"}}},
	}
	if diff := cmp.Diff(want, got.Spec.Delivery); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

func TestWhatIsWrongStandsAtItsInput(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.put(t, kota, lid(nil))
	w := d.post(deliveryPage, url.Values{
		"origins.3.url": {"ftp://10.1.2.4"}, "health.path": {"sehat"}, "canary.percent": {"5"}, "changes.2.field": {"a..b"}, "changes.2.act": {"drop"},
		"changes.4.field": {"luas"}, "changes.4.act": {"unit"}, "changes.4.value": {"banyak"},
	})
	page := w.Body.String()
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("got %d", w.Code)
	}
	for _, input := range []string{"origins.3.url", "health.path", "changes.2.field", "changes.4.value"} {
		if !strings.Contains(page, `id="field-`+input+`-error"`) {
			t.Errorf("nothing is said at %s", input)
		}
	}
	if !strings.Contains(page, "ftp://10.1.2.4") || !strings.Contains(page, "banyak") {
		t.Error("what was entered is gone")
	}
}

func TestRowsComeAndGoWithoutBeingStored(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.put(t, kota, lid(nil))
	rows := url.Values{"changes.1.field": {"satu"}, "changes.1.act": {"drop"}, "changes.2.field": {"dua"}, "changes.2.act": {"rename"}, "changes.2.value": {"tiga"}}
	rows.Set("remove", "changes.1")
	got := inputs(t, d.post(deliveryPage, rows).Body.String())
	if got.Get("changes.1.field") != "dua" || got.Get("changes.1.act") != "rename" || got.Get("changes.1.value") != "tiga" || got.Has("changes.2.field") {
		t.Errorf("got %v", got)
	}
	rows.Del("remove")
	rows.Set("add", "changes")
	got = inputs(t, d.post(deliveryPage, rows).Body.String())
	if got.Get("changes.2.field") != "dua" || !got.Has("changes.3.field") {
		t.Errorf("got %v", got)
	}
	rows.Set("remove", "changes.-1")
	if w := d.post(deliveryPage, rows); w.Code != http.StatusOK {
		t.Errorf("got %d", w.Code)
	}
	stored, _ := d.Get(t.Context(), operator, kota)
	if len(stored.Spec.Delivery.Changes) != 0 {
		t.Error("rows were stored")
	}
}

func TestACanaryEndsAndIsPromotedOnThePage(t *testing.T) {
	for act, want := range map[string]simpul.Delivery{
		"end": func() simpul.Delivery { d := everything(); d.Canary = nil; return d }(),
		"promote": func() simpul.Delivery {
			d := everything()
			d.Canary, d.Origins, d.Retry.HedgeAfter = nil, nil, 0
			return d
		}(),
	} {
		t.Run(act, func(t *testing.T) {
			d := newDesk(t, testkit.SQLite(t))
			d.put(t, kota, lid(delivering(everything())))
			if w := d.post(deliveryPage+"/canary", url.Values{"act": {act}}); w.Code != http.StatusSeeOther {
				t.Fatalf("got %d: %s", w.Code, w.Body)
			}
			got, _ := d.Get(t.Context(), operator, kota)
			if diff := cmp.Diff(want, got.Spec.Delivery); diff != "" {
				t.Error(diff)
			}
			if moved := got.Spec.Upstream == everything().Canary.Upstream; moved != (act == "promote") {
				t.Errorf("upstream is %s", got.Spec.Upstream)
			}
			if w := d.post(deliveryPage+"/canary", url.Values{"act": {act}}); w.Code != http.StatusNotFound {
				t.Errorf("it ends twice: %d", w.Code)
			}
		})
	}
}

func TestOthersDoNotReachTheDelivery(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.put(t, kota, lid(delivering(everything())))
	d.sits(providerOf(bandung))
	for what, code := range map[string]int{
		"read": d.get(deliveryPage).Code, "write": d.post(deliveryPage, url.Values{}).Code, "end": d.post(deliveryPage+"/canary", url.Values{"act": {"end"}}).Code,
	} {
		if code != http.StatusNotFound {
			t.Errorf("%s: got %d", what, code)
		}
	}
	if got, _ := d.Get(t.Context(), operator, kota); got.Spec.Delivery.Canary == nil {
		t.Error("the canary has ended")
	}
	for _, err := range []error{onlyError(d.EndCanary(t.Context(), providerOf(bandung), kota)), onlyError(d.PromoteCanary(t.Context(), providerOf(bandung), kota))} {
		if simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("got %v", err)
		}
	}
}

func onlyError[T any](_ T, err error) error { return err }

func TestAClosedLIDsCanaryIsPromotedByTwo(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	closedCanary := simpul.Delivery{Canary: &simpul.Canary{Upstream: "http://10.1.2.9:8080/kota", Percent: 10, ErrorPercent: 5}}
	r.put(t, kota, lid(both(closed, delivering(closedCanary))))
	r.proposed = nil
	stored, err := r.PromoteCanary(t.Context(), providerOf(kemendagri), kota)
	if err != nil || !stored.Waits || len(r.proposed) != 1 {
		t.Errorf("waits %v, %v", stored.Waits, err)
	}
}
