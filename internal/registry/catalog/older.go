package catalog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// Older is an earlier major version of a LID. It answers until its sunset those
// whose grant is pinned to it, and at the older call address that names it.
type Older struct {
	Version string
	Since   time.Time // when the next major version went live
	Sunset  time.Time

	spec     Spec
	contract *contract.Contract
}

// leastNotice is how long an earlier version answers at least while grants are
// in effect, days.
const leastNotice = 30

// kept is an earlier version as it is stored, its document unread.
type kept struct {
	address       simpul.Address
	major         string
	legacy        string
	document      string
	since, sunset time.Time
}

// read reads the stored document.
func (k kept) read() (Older, error) {
	s, err := ReadSpec([]byte(k.document))
	if err != nil {
		return Older{}, err
	}
	read, err := s.read()
	return Older{Version: s.Version, Since: k.since, Sunset: k.sunset, spec: s, contract: read}, err
}

// compareMajors orders versions by their first numbers, of any length.
func compareMajors(a, b string) int {
	a, b = simpul.Major(a), simpul.Major(b)
	return cmp.Or(len(a)-len(b), strings.Compare(a, b))
}

// newestFirst sorts versions by their first numbers.
func newestFirst(all []kept) []kept {
	slices.SortFunc(all, func(a, b kept) int { return compareMajors(b.major, a.major) })
	return all
}

// supersedes reports whether a spec takes the place of another in a way that may
// break those who call: both are live, and the major version is a later one.
func (s Spec) supersedes(before *Spec) bool {
	return before != nil && before.State.Live() && s.State.Live() && compareMajors(s.Version, before.Version) > 0
}

// olderSunset is when the version before ends.
func (s Spec) olderSunset(now time.Time, callers int) (time.Time, error) {
	if s.OlderUntil == "" {
		return dayOf(now.AddDate(0, 0, noticePeriod+1)), nil
	}
	sunset, least := instantOf(s.OlderUntil), dayOf(now.AddDate(0, 0, leastNotice))
	if callers > 0 && sunset.Before(least) {
		return sunset, tooSoon("spec.olderUntil", least)
	}
	return sunset, nil
}

// tooSoon names the earliest day on which something may end.
func tooSoon(place string, least time.Time) error {
	day, written := dayWords(least), least.Format(time.DateOnly)
	return simpul.Invalid(place,
		simpul.Text{ID: "Tanggal ini terlalu dekat bagi mereka yang memanggil LID ini.", EN: "This day is too near for those who call the LID."},
		simpul.Text{ID: "Tulis " + day.ID + " (" + written + ") atau sesudahnya.", EN: "Write " + day.EN + " (" + written + ") or later."})
}

func goesBack(address simpul.Address, major string) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.version",
		Message: simpul.Text{ID: "Versi " + major + " dari " + string(address) + " sudah pernah digantikan.", EN: "Version " + major + " of " + string(address) + " was superseded already."},
		Remedy:  simpul.Text{ID: "Pakai nomor versi utama yang sama dengan yang terbaru, atau yang lebih tinggi.", EN: "Use the same major version as the newest, or a higher one."},
	}
}
