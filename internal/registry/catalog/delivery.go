package catalog

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// discreetDelivery leaves out where the provider's deployments are, and what its
// service answers before the hub changes it.
func discreetDelivery(d simpul.Delivery) simpul.Delivery {
	d.Origins, d.Health, d.Canary, d.Changes = nil, nil, nil, nil
	return d
}

// Deliverer tells why the hub cannot deliver a LID as its provider declares it,
// by its contract's document; nil where it can.
type Deliverer func(d simpul.Delivery, document []byte) error

// Deliver has every LID that is stored from now on looked at.
func (s *Service) Deliver(can Deliverer) { s.delivers = can }

// deliverable refuses a LID that the gateway could not deliver once it is live.
func (s *Service) deliverable(spec Spec) error {
	if s.delivers == nil || len(spec.Contract) == 0 || string(spec.Contract) == "null" {
		return nil
	}
	return s.delivers(spec.Delivery, spec.Contract)
}

// Bounds of what a provider declares, as the API's schema has them. A LID also
// comes from proposals, files and forms.
const (
	mostOrigins    = 16
	mostInterval   = 3600 // seconds
	mostAttempts   = 3
	leastHedge     = 10     // milliseconds
	mostHedge      = 60_000 // milliseconds
	mostLeast      = 100_000
	mostConcurrent = 10_000
	mostAnswer     = 1 << 40 // bytes
	mostFresh      = 86_400  // seconds
	mostChanges    = 200
	mostDigits     = 12
)

// checkDelivery refuses what the hub could not do, or should not.
func (s Spec) checkDelivery() error {
	for _, step := range []func() error{s.checkOrigins, s.checkHealth, s.checkRetry, s.checkCanary, s.checkLimits, s.checkChecks, s.checkCache, s.checkChanges, s.checkShape, s.checkSubject} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// delivered names a place in spec.delivery.
func delivered(place string) string { return "spec.delivery." + place }

// bases are all base URLs of the service, upstream first and the canary last.
// What cannot be read is left out.
func (s Spec) bases() (all []*url.URL) {
	texts := append([]string{s.Upstream}, s.Delivery.Origins...)
	if c := s.Delivery.Canary; c != nil {
		texts = append(texts, c.Upstream)
	}
	for _, text := range texts {
		if u, err := baseURL("", text); err == nil {
			all = append(all, u)
		}
	}
	return all
}

func (s Spec) checkOrigins() error {
	if n := len(s.Delivery.Origins); n > mostOrigins {
		return outOfRange(delivered("origins"), 0, mostOrigins)
	}
	seen := []string{}
	if u, err := s.upstream(); err == nil {
		seen = append(seen, u.String())
	}
	for i, text := range s.Delivery.Origins {
		if err := onlyHere(delivered(at("origins", i)), text, &seen); err != nil {
			return err
		}
	}
	if c := s.Delivery.Canary; c != nil {
		return onlyHere(delivered("canary.upstream"), c.Upstream, &seen)
	}
	return nil
}

// onlyHere refuses an address that is none, or stands elsewhere already.
func onlyHere(place, text string, seen *[]string) error {
	u, err := baseURL(place, text)
	if err != nil {
		return err
	}
	if slices.Contains(*seen, u.String()) {
		return simpul.Invalid(place,
			simpul.Text{ID: "Alamat ini sudah tertulis di tempat lain pada LID ini.", EN: "This address stands elsewhere in this LID already."},
			simpul.Text{ID: "Hapus salah satunya.", EN: "Remove one of the two."})
	}
	*seen = append(*seen, u.String())
	return nil
}

var healthPath = regexp.MustCompile(`^/[A-Za-z0-9._~/-]{0,199}$`)

func (s Spec) checkHealth() error {
	h := s.Delivery.Health
	if h == nil {
		return nil
	}
	if !healthPath.MatchString(h.Path) || strings.Contains(h.Path, "/.") || strings.Contains(h.Path, "//") {
		return simpul.Invalid(delivered("health.path"),
			simpul.Text{ID: "Alamat pemeriksaan harus berupa jalur sederhana.", EN: "The path that is asked must be a plain one."},
			simpul.Text{ID: "Tulis misalnya /sehat, tanpa kueri dan tanpa titik di awal bagiannya.", EN: "Write for example /sehat, without a query and without parts that begin with a dot."})
	}
	return ranged(delivered("health.everySeconds"), h.EverySeconds, 1, mostInterval)
}

func (s Spec) checkRetry() error {
	r := s.Delivery.Retry
	if r == nil {
		return nil
	}
	if r.Attempts < 1 || r.Attempts > mostAttempts {
		return outOfRange(delivered("retry.attempts"), 1, mostAttempts)
	}
	if r.HedgeAfter != 0 && len(s.Delivery.Origins) == 0 {
		return simpul.Invalid(delivered("retry.hedgeAfterMillis"),
			simpul.Text{ID: "Menanyai alamat kedua memerlukan alamat kedua.", EN: "To ask a second origin takes a second origin."},
			simpul.Text{ID: "Tambahkan alamat pada origins, atau kosongkan hedgeAfterMillis.", EN: "Add one to origins, or leave hedgeAfterMillis empty."})
	}
	return ranged(delivered("retry.hedgeAfterMillis"), r.HedgeAfter, leastHedge, mostHedge)
}

func (s Spec) checkCanary() error {
	c := s.Delivery.Canary
	if c == nil {
		return nil
	}
	if c.Percent < 1 || c.Percent > 100 {
		return outOfRange(delivered("canary.percent"), 1, 100)
	}
	if c.ErrorPercent < 1 || c.ErrorPercent > 100 {
		return outOfRange(delivered("canary.errorPercent"), 1, 100)
	}
	return ranged(delivered("canary.atLeast"), c.AtLeast, 1, mostLeast)
}

func (s Spec) checkLimits() error {
	d := s.Delivery
	if d.MaxAnswerBytes < 0 || d.MaxAnswerBytes > mostAnswer {
		return outOfRange(delivered("maxAnswerBytes"), 1, mostAnswer)
	}
	return ranged(delivered("maxConcurrent"), d.MaxConcurrent, 1, mostConcurrent)
}

func (s Spec) checkChecks() error {
	if s.Delivery.Checks == nil {
		return nil
	}
	for _, one := range []struct {
		place string
		check simpul.Check
	}{{"checks.request", s.Delivery.Checks.Request}, {"checks.response", s.Delivery.Checks.Response}} {
		switch one.check {
		case "", simpul.CheckOff, simpul.CheckObserve, simpul.CheckEnforce:
		default:
			return unlisted(delivered(one.place), "off, observe, enforce")
		}
	}
	return nil
}

func (s Spec) checkCache() error {
	c := s.Delivery.Cache
	if c == nil {
		return nil
	}
	if err := ranged(delivered("cache.seconds"), c.Seconds, 1, mostFresh); err != nil {
		return err
	}
	return ranged(delivered("cache.staleSeconds"), c.Stale, 1, mostFresh)
}

func (s Spec) checkChanges() error {
	if len(s.Delivery.Changes) > mostChanges {
		return outOfRange(delivered("changes"), 0, mostChanges)
	}
	return nil
}

// checkShape refuses changes and kept answers that cannot be meant.
func (s Spec) checkShape() error { return inDelivery(s.Delivery.CheckShape(s.Class)) }

// checkChange is what is wrong with one change by itself.
func checkChange(place string, c simpul.Change) error {
	e, ok := simpul.CheckChanges([]simpul.Change{c}).(*simpul.Error)
	if !ok {
		return nil
	}
	return simpul.At(place+strings.TrimPrefix(e.Place, "changes[0]"), e)
}

// ranged refuses a number outside of its range; 0 is one that was not given.
func ranged(place string, n, least, most int) error {
	if n == 0 || least <= n && n <= most {
		return nil
	}
	return outOfRange(place, least, most)
}

func outOfRange(place string, least, most int) error {
	from, to := strconv.Itoa(least), strconv.Itoa(most)
	return simpul.Invalid(place,
		simpul.Text{ID: "Bilangan ini di luar batasnya.", EN: "This number is out of its range."},
		simpul.Text{ID: "Tulis " + from + " sampai " + to + ".", EN: "Write " + from + " to " + to + "."})
}

func unlisted(place, choices string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Pilihan ini tidak dikenal.", EN: "This choice is unknown."},
		simpul.Text{ID: "Pilih salah satu: " + choices + ".", EN: "Choose one of " + choices + "."})
}

// reaches names where answers come from beside upstream, and what becomes of
// them on the way: whoever tests a LID, or is the second of two people, answered
// for these. It is empty where neither is declared. How many calls go where, and
// what is repeated or kept, is the provider's own affair.
func reaches(d simpul.Delivery) string {
	if len(d.Origins) == 0 && d.Canary == nil && len(d.Changes) == 0 && !d.Upgrade {
		return ""
	}
	of := struct {
		Origins []string
		Canary  string
		Changes []simpul.Change
		Upgrade bool
	}{Origins: slices.Sorted(slices.Values(d.Origins)), Changes: d.Changes, Upgrade: d.Upgrade}
	if d.Canary != nil {
		of.Canary = d.Canary.Upstream
	}
	text, _ := json.Marshal(of) // of texts, numbers and maps of texts: it cannot fail
	return string(text)
}
