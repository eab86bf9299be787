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
	for _, step := range []func() error{s.checkOrigins, s.checkHealth, s.checkRetry, s.checkCanary, s.checkLimits, s.checkChecks, s.checkCache, s.checkChanges} {
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
	if c.Shared && s.Class != simpul.Terbuka {
		return simpul.Invalid(delivered("cache.shared"),
			simpul.Text{ID: "Jawaban LID kelas " + string(s.Class) + " tidak boleh dipakai bersama oleh beberapa izin.", EN: "Answers of a LID of class " + string(s.Class) + " may not be shared between grants."},
			simpul.Text{ID: "Matikan shared; setiap izin tetap memakai simpanannya sendiri.", EN: "Turn shared off; each grant still has its own."})
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
	for i, c := range s.Delivery.Changes {
		if err := checkChange(delivered(at("changes", i)), c); err != nil {
			return err
		}
	}
	return nil
}

func checkChange(place string, c simpul.Change) error {
	if _, err := simpul.ParseFields([]string{c.Field}); err != nil || len(c.Field) > 200 {
		return simpul.Invalid(place+".field",
			simpul.Text{ID: "Kolom \"" + c.Field + "\" tidak sah.", EN: "Field \"" + c.Field + "\" is not valid."},
			simpul.Text{ID: "Pisahkan nama dengan satu titik, misalnya items.kd_kab.", EN: "Separate names with one dot, such as items.kd_kab."})
	}
	acts := 0
	for _, set := range []bool{c.Rename != "", c.Recode != nil, c.Unit != nil, c.Drop} {
		if set {
			acts++
		}
	}
	if acts != 1 {
		return simpul.Invalid(place,
			simpul.Text{ID: "Setiap perubahan melakukan tepat satu hal.", EN: "Each change does exactly one thing."},
			simpul.Text{ID: "Pilih satu: rename, recode, unit, atau drop; tulis perubahan kedua di baris berikutnya.", EN: "Choose one of rename, recode, unit and drop; write a second change in the next row."})
	}
	switch {
	case c.Rename != "":
		return checkRename(place+".rename", c.Rename)
	case c.Recode != nil:
		return checkRecode(place+".recode", *c.Recode)
	case c.Unit != nil:
		return checkUnit(place+".unit", *c.Unit)
	}
	return nil
}

func checkRename(place, name string) error {
	if len(name) <= 100 && !strings.ContainsAny(name, ".[]") && plain(place, name) == nil {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Nama baru tidak sah.", EN: "The new name is not valid."},
		simpul.Text{ID: "Tulis satu nama tanpa titik; kolomnya tetap di tempat yang sama.", EN: "Write one name without dots; the field stays where it is."})
}

func checkRecode(place string, r simpul.Recode) error {
	if (r.List == "") == (len(r.Pairs) == 0) {
		return simpul.Invalid(place,
			simpul.Text{ID: "Sebut tepat satu: daftar kode atau pasangan nilai.", EN: "Name exactly one: a list of codes, or pairs of values."},
			simpul.Text{ID: "Isi list dengan nama daftar kode hub, atau tulis pairs.", EN: "Give the id of a reference list in list, or write pairs."})
	}
	switch r.Else {
	case "", "keep", "null", "refuse":
		return nil
	}
	return unlisted(place+".else", "keep, null, refuse")
}

var decimal = regexp.MustCompile(`^-?[0-9]{1,30}([.][0-9]{1,30})?$`)

func checkUnit(place string, u simpul.Unit) error {
	for _, one := range []struct{ place, value string }{{".factor", u.Factor}, {".offset", u.Offset}} {
		if one.place == ".offset" && one.value == "" || decimal.MatchString(one.value) {
			continue
		}
		return simpul.Invalid(place+one.place,
			simpul.Text{ID: "Bukan bilangan desimal.", EN: "This is not a decimal number."},
			simpul.Text{ID: "Tulis misalnya 0.001, dengan titik dan tanpa pangkat.", EN: "Write for example 0.001, with a point and without an exponent."})
	}
	return ranged(place+".digits", u.Digits, 0, mostDigits)
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
