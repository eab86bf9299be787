package catalog

import (
	"net/url"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// Bounds of the API's schema, which hold here as well.
const (
	mostTimeout      = 300     // seconds
	mostLatency      = 300_000 // milliseconds
	mostUpstream     = 2000
	mostSupportHours = 200
	mostContacts     = 5
	mostExamples     = 10
	mostRegionCodes  = 600
)

func fillService(s Spec) url.Values {
	v := url.Values{"upstream": {s.Upstream}, "timeout": {written(s.TimeoutSeconds)}, "frequency": {string(s.Frequency)}, "sandbox": {s.Sandbox}}
	if l := s.ServiceLevel; l != nil {
		if l.Availability > 0 {
			v.Set("availability", strconv.FormatFloat(l.Availability, 'f', -1, 64))
		}
		v.Set("latencyMillis", written(l.LatencyMillis))
		v.Set("supportHours", l.SupportHours)
	}
	for i, c := range s.Contacts {
		v.Set(rowInput("contacts", i, "unit"), c.Unit)
		v.Set(rowInput("contacts", i, "email"), c.Email)
	}
	if c := s.Coverage; c != nil {
		v.Set("regions", strings.Join(c.Regions, ", "))
		v.Set("from", c.From)
		v.Set("until", c.Until)
		if len(c.Regions) == 0 {
			v.Set("national", "ya")
		}
	}
	for i, e := range s.Examples {
		v.Set(rowInput("examples", i, "title"), e.Title)
		v.Set(rowInput("examples", i, "call"), e.Call)
	}
	return v
}

// written writes a number for an input; nothing for 0.
func written(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func readService(f *form, s *Spec, c *contract.Contract) {
	readUpstream(f, s)
	s.TimeoutSeconds = f.number("timeout", 1, mostTimeout)
	readServiceLevel(f, s)
	readContacts(f, s)
	s.Frequency = Frequency(f.value("frequency"))
	f.fault("frequency", Metadata{Frequency: s.Frequency}.checkLists())
	readCoverage(f, s)
	s.Sandbox = f.text("sandbox", mostUpstream)
	f.fault("sandbox", Metadata{Sandbox: s.Sandbox}.checkAddresses())
	readExamples(f, s, c)
}

func readUpstream(f *form, s *Spec) {
	s.Upstream = strings.TrimSpace(f.value("upstream"))
	if len(s.Upstream) > mostUpstream {
		f.say("upstream", simpul.Text{ID: "Alamatnya terlalu panjang.", EN: "The address is too long."}, simpul.Text{})
	}
	if s.Upstream == "" && s.State == Draft {
		return
	}
	_, err := s.upstream()
	f.fault("upstream", err)
}

func readServiceLevel(f *form, s *Spec) {
	l := ServiceLevel{LatencyMillis: f.number("latencyMillis", 1, mostLatency), SupportHours: f.text("supportHours", mostSupportHours)}
	if text := strings.ReplaceAll(strings.TrimSpace(f.value("availability")), ",", "."); text != "" {
		share, err := strconv.ParseFloat(text, 64)
		if err != nil || !(share >= 1 && share <= 100) {
			f.say("availability", simpul.Text{ID: "Bukan persentase.", EN: "This is not a percentage."}, simpul.Text{ID: "Tulis 1 sampai 100, misalnya 99,5.", EN: "Write 1 to 100, such as 99.5."})
		} else {
			l.Availability = share
		}
	}
	s.ServiceLevel = &l
	if l == (ServiceLevel{}) {
		s.ServiceLevel = nil
	}
}

func readContacts(f *form, s *Spec) {
	s.Contacts = nil
	for i := range f.rows("contacts", mostContacts, "unit", "email") {
		unit, email := rowInput("contacts", i, "unit"), rowInput("contacts", i, "email")
		if f.value(unit) == "" && f.value(email) == "" {
			continue
		}
		one := Contact{Unit: f.needed(unit, 3, 200), Email: strings.TrimSpace(f.value(email))}
		f.fault(email, Metadata{Contacts: []Contact{one}}.checkContacts())
		s.Contacts = append(s.Contacts, one)
	}
}

func readCoverage(f *form, s *Spec) {
	c := Coverage{From: strings.TrimSpace(f.value("from")), Until: strings.TrimSpace(f.value("until"))}
	c.Regions = strings.FieldsFunc(f.value("regions"), func(r rune) bool { return strings.ContainsRune(", ;\r\n\t", r) })
	if len(c.Regions) > mostRegionCodes {
		f.say("regions", simpul.Text{ID: "Lebih dari 600 kode wilayah.", EN: "More than 600 region codes."}, simpul.Text{ID: "Sebut provinsinya saja.", EN: "Name the provinces only."})
	}
	if f.value("national") != "" && len(c.Regions) > 0 {
		f.say("regions", simpul.Text{ID: "Kode wilayah tertulis, padahal seluruh Indonesia dipilih.", EN: "Region codes are written although all of Indonesia is chosen."}, simpul.Text{ID: "Pilih salah satu.", EN: "Choose one of the two."})
	}
	s.Coverage = &c
	if len(c.Regions) == 0 && c.From == "" && c.Until == "" && f.value("national") == "" {
		s.Coverage = nil
		return
	}
	f.fault("regions", Metadata{Coverage: &Coverage{Regions: c.Regions}}.checkCoverage())
	for _, period := range []Coverage{{From: c.From}, {Until: c.Until}} {
		f.refused(period.checkPeriod())
	}
	if !f.faulty("from") && !f.faulty("until") {
		f.refused(c.checkPeriod())
	}
}

func readExamples(f *form, s *Spec, c *contract.Contract) {
	s.Examples = nil
	for i := range f.rows("examples", mostExamples, "title", "call") {
		title, call := rowInput("examples", i, "title"), rowInput("examples", i, "call")
		if f.value(title) == "" && f.value(call) == "" {
			continue
		}
		one := Example{Title: f.needed(title, 3, 200), Call: f.needed(call, 5, 1000)}
		f.fault(call, Metadata{Examples: []Example{one}}.checkExamples(c))
		s.Examples = append(s.Examples, one)
	}
}
