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

// What one change of answers can do, as the form offers it.
const (
	actRename = "rename"
	actList   = "list"
	actPairs  = "pairs"
	actUnit   = "unit"
	actDrop   = "drop"
)

// Inputs of a row of changes, and of an origin.
var (
	changeInputs = []string{"field", "act", "value", "else", "offset", "digits", "kept"}
	originInputs = []string{"url"}
)

// Boxes that can be ticked.
const (
	tickUpgrade = "upgrade"
	tickLegacy  = "legacyHeader"
	tickSandbox = "sandbox"
	tickKeyed   = "keyed"
	tickProve   = "provable"
	tickKeep    = "keep"
	tickShared  = "shared"
)

// fillDelivery is what the form begins with.
func fillDelivery(d simpul.Delivery) url.Values {
	v := url.Values{"maxConcurrent": {written(d.MaxConcurrent)}}
	if d.MaxAnswerBytes > 0 {
		v.Set("maxAnswerBytes", strconv.FormatInt(d.MaxAnswerBytes, 10))
	}
	for i, origin := range d.Origins {
		v.Set(rowInput("origins", i, "url"), origin)
	}
	if h := d.Health; h != nil {
		v.Set("health.path", h.Path)
		v.Set("health.everySeconds", written(h.EverySeconds))
	}
	if r := d.Retry; r != nil {
		v.Set("retry.attempts", written(r.Attempts))
		v.Set("retry.hedgeAfterMillis", written(r.HedgeAfter))
		if r.Keyed {
			v.Set("retry.keyed", tickKeyed)
		}
	}
	if c := d.Canary; c != nil {
		v.Set("canary.upstream", c.Upstream)
		v.Set("canary.percent", written(c.Percent))
		v.Set("canary.errorPercent", written(c.ErrorPercent))
		v.Set("canary.atLeast", written(c.AtLeast))
	}
	if c := d.Checks; c != nil {
		v.Set("checks.request", string(c.Request))
		v.Set("checks.response", string(c.Response))
	}
	if on := d.DataSubject; on != nil {
		v.Set("dataSubject.parameter", on.Parameter)
		v.Set("dataSubject.request", on.Request)
		v.Set("dataSubject.answer", on.Answer)
	}
	if c := d.Cache; c != nil {
		v["cache"] = ticked(map[string]bool{tickKeep: true, tickShared: c.Shared})
		v.Set("cache.seconds", written(c.Seconds))
		v.Set("cache.staleSeconds", written(c.Stale))
	}
	v["also"] = ticked(map[string]bool{tickUpgrade: d.Upgrade, tickLegacy: d.LegacyHeader, tickSandbox: d.Sandbox, tickProve: d.Provable})
	for i, c := range d.Changes {
		fillChange(v, i, c)
	}
	return v
}

func ticked(boxes map[string]bool) (all []string) {
	for box, is := range boxes {
		if is {
			all = append(all, box)
		}
	}
	return all
}

// fillChange writes a change into its row. One that a row cannot hold, such as
// pairs with a sign of equality in them, is kept as it is.
func fillChange(v url.Values, i int, c simpul.Change) {
	set := func(name, value string) { v.Set(rowInput("changes", i, name), value) }
	set("field", c.Field)
	switch {
	case c.Drop:
		set("act", actDrop)
	case c.Rename != "":
		set("act", actRename)
		set("value", c.Rename)
	case c.Unit != nil:
		set("act", actUnit)
		set("value", c.Unit.Factor)
		set("offset", c.Unit.Offset)
		set("digits", written(c.Unit.Digits))
	case c.Recode != nil && c.Recode.List != "":
		set("act", actList)
		set("value", c.Recode.List)
		set("else", c.Recode.Else)
	case c.Recode != nil:
		set("act", actPairs)
		text, ok := writePairs(c.Recode.Pairs)
		set("value", text)
		set("else", c.Recode.Else)
		if !ok {
			kept, _ := json.Marshal(c) // of texts: it cannot fail
			set("kept", string(kept))
		}
	}
}

// writePairs writes pairs as a person does, "1=aktif; 2=selesai", and reports
// whether readPairs would read the same.
func writePairs(pairs map[string]string) (text string, same bool) {
	var all []string
	for from, to := range pairs {
		all = append(all, from+"="+to)
	}
	slices.Sort(all)
	text = strings.Join(all, "; ")
	back := readPairs(text)
	if len(back) != len(pairs) {
		return text, false
	}
	for from, to := range pairs {
		if got, ok := back[from]; !ok || got != to {
			return text, false
		}
	}
	return text, true
}

// readPairs reads what writePairs writes; what is no pair is left out.
func readPairs(text string) map[string]string {
	pairs := map[string]string{}
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' }) {
		if from, to, ok := strings.Cut(one, "="); ok {
			pairs[strings.TrimSpace(from)] = strings.TrimSpace(to)
		}
	}
	return pairs
}

// rearranged takes a row out of the form or makes room for one, where that is
// what a button asked for. Nothing is stored then.
func (f *form) rearranged() bool {
	if list, row, ok := strings.Cut(f.value("remove"), "."); ok {
		i, err := strconv.Atoi(row)
		if err == nil && i > 0 && i <= mostChanges {
			f.removeRow(list, i-1)
		}
		return true
	}
	return f.value("add") != ""
}

// removeRow moves the rows that follow up by one.
func (f *form) removeRow(list string, i int) {
	names, most := changeInputs, mostChanges
	if list == "origins" {
		names, most = originInputs, mostOrigins
	}
	for ; i < most; i++ {
		for _, name := range names {
			f.values[rowInput(list, i, name)] = f.values[rowInput(list, i+1, name)]
		}
	}
}

// rowsShown is how many rows of a list the page has: those that were entered, and
// an empty one where there is none or one was asked for.
func (f *form) rowsShown(list string, most int, names ...string) int {
	n := f.rows(list, most, names...)
	if n == 0 || f.value("add") == list {
		n++
	}
	return min(n, most)
}

// readDelivery takes what was entered, and notes everything that is wrong.
func readDelivery(f *form, s *Spec) {
	d := simpul.Delivery{
		MaxConcurrent: f.number("maxConcurrent", 1, mostConcurrent), MaxAnswerBytes: int64(f.number("maxAnswerBytes", 1, mostAnswer)),
		Upgrade: f.ticks("also", tickUpgrade), LegacyHeader: f.ticks("also", tickLegacy), Sandbox: f.ticks("also", tickSandbox),
		Provable: f.ticks("also", tickProve),
	}
	rows := map[int]int{} // of an origin or a change that is kept, by the one that was entered
	for i := range f.rows("origins", mostOrigins, originInputs...) {
		if text := strings.TrimSpace(f.value(rowInput("origins", i, "url"))); text != "" {
			rows[len(d.Origins)] = i
			d.Origins = append(d.Origins, text)
		}
	}
	readHealth(f, &d)
	readRetry(f, &d)
	readCanary(f, &d)
	if checks := (simpul.Checks{Request: f.check("checks.request"), Response: f.check("checks.response")}); checks != (simpul.Checks{}) {
		d.Checks = &checks
	}
	readCache(f, &d)
	readSubject(f, &d)
	changed := readChanges(f, &d)
	s.Delivery = d
	f.checkDelivery(*s, rows, changed)
}

// check reads whether something is held to the contract; off is the same as
// nothing.
func (f *form) check(input string) simpul.Check {
	if c := simpul.Check(f.value(input)); c != simpul.CheckOff {
		return c
	}
	return ""
}

func (f *form) ticks(input, box string) bool { return slices.Contains(f.values[input], box) }

func readHealth(f *form, d *simpul.Delivery) {
	path, every := strings.TrimSpace(f.value("health.path")), f.number("health.everySeconds", 1, mostInterval)
	if path != "" || every != 0 {
		d.Health = &simpul.Health{Path: path, EverySeconds: every}
	}
}

func readRetry(f *form, d *simpul.Delivery) {
	attempts, hedge := f.number("retry.attempts", 0, mostAttempts), f.number("retry.hedgeAfterMillis", leastHedge, mostHedge)
	keyed := f.ticks("retry.keyed", tickKeyed)
	if (hedge != 0 || keyed) && attempts == 0 {
		attempts = 1
		f.values.Set("retry.attempts", "1")
	}
	if attempts != 0 {
		d.Retry = &simpul.Retry{Attempts: attempts, HedgeAfter: hedge, Keyed: keyed}
	}
}

func readCanary(f *form, d *simpul.Delivery) {
	c := simpul.Canary{
		Upstream: strings.TrimSpace(f.value("canary.upstream")), Percent: f.number("canary.percent", 1, 100),
		ErrorPercent: f.number("canary.errorPercent", 1, 100), AtLeast: f.number("canary.atLeast", 1, mostLeast),
	}
	if c != (simpul.Canary{}) {
		d.Canary = &c
	}
}

func readCache(f *form, d *simpul.Delivery) {
	seconds, stale := f.number("cache.seconds", 1, mostFresh), f.number("cache.staleSeconds", 1, mostFresh)
	shared := f.ticks("cache", tickShared)
	if f.ticks("cache", tickKeep) || seconds != 0 || stale != 0 || shared {
		d.Cache = &simpul.Freshness{Seconds: seconds, Stale: stale, Shared: shared}
	}
}

func readSubject(f *form, d *simpul.Delivery) {
	value := func(name string) string { return strings.TrimSpace(f.value("dataSubject." + name)) }
	if on := (simpul.DataSubject{Parameter: value("parameter"), Request: value("request"), Answer: value("answer")}); on != (simpul.DataSubject{}) {
		d.DataSubject = &on
	}
}

// readChanges returns which row each change stands in.
func readChanges(f *form, d *simpul.Delivery) map[int]int {
	rows := map[int]int{}
	for i := range f.rows("changes", mostChanges, "field", "value") {
		value := func(name string) string { return strings.TrimSpace(f.value(rowInput("changes", i, name))) }
		if value("field") == "" && value("value") == "" {
			continue
		}
		rows[len(d.Changes)] = i
		d.Changes = append(d.Changes, readChange(f, i, value))
	}
	return rows
}

func readChange(f *form, i int, value func(string) string) simpul.Change {
	c := simpul.Change{Field: value("field")}
	switch value("act") {
	case actRename:
		c.Rename = value("value")
	case actList:
		c.Recode = &simpul.Recode{List: value("value"), Else: value("else")}
	case actPairs:
		c.Recode = &simpul.Recode{Pairs: readPairs(value("value")), Else: value("else")}
	case actUnit:
		c.Unit = &simpul.Unit{Factor: point(value("value")), Offset: point(value("offset")), Digits: f.number(rowInput("changes", i, "digits"), 0, mostDigits)}
	case actDrop:
		c.Drop = true
	}
	var kept simpul.Change
	if text := value("kept"); text != "" && json.Unmarshal([]byte(text), &kept) == nil && kept.Recode != nil && c.Recode != nil {
		if shown, _ := writePairs(kept.Recode.Pairs); shown == value("value") { // nobody wrote over it
			c.Recode.Pairs = kept.Recode.Pairs
		}
	}
	return c
}

// point takes the comma by which Indonesians write decimals.
func point(text string) string { return strings.ReplaceAll(text, ",", ".") }

// checkDelivery notes what is wrong with each part.
func (f *form) checkDelivery(s Spec, origins, changes map[int]int) {
	for _, step := range []func() error{s.checkOrigins, s.checkHealth, s.checkRetry, s.checkCanary, s.checkLimits, s.checkChecks, s.checkCache, s.checkSubject} {
		if err, ok := step().(*simpul.Error); ok {
			f.faultOnce(deliveryInput(err.Place, origins), err)
		}
	}
	for i, c := range s.Delivery.Changes {
		if err, ok := checkChange(delivered(at("changes", i)), c).(*simpul.Error); ok {
			f.faultOnce(deliveryInput(err.Place, changes), err)
		}
	}
}

// faultOnce notes what is wrong with an input of which nothing is said yet.
func (f *form) faultOnce(input string, err error) {
	if !f.faulty(input) {
		f.fault(input, err)
	}
}

// refusedDelivery notes why what was entered could not be stored.
func (f *form) refusedDelivery(err error) error {
	if e, ok := err.(*simpul.Error); ok && strings.HasPrefix(e.Place, "spec.delivery.") {
		return f.fault(deliveryInput(e.Place, nil), err)
	}
	return f.refused(err)
}

var rowPlace = regexp.MustCompile(`^(origins|changes)\[([0-9]+)\](.*)$`)

// deliveryInput is the input in which a place is entered. rows tells in which
// row an entry stands that was kept.
func deliveryInput(place string, rows map[int]int) string {
	place = strings.TrimPrefix(place, "spec.delivery.")
	m := rowPlace.FindStringSubmatch(place)
	if m == nil {
		return place
	}
	i, _ := strconv.Atoi(m[2])
	if row, ok := rows[i]; ok {
		i = row
	}
	name := "value"
	switch rest := m[3]; {
	case m[1] == "origins":
		name = "url"
	case rest == ".field":
		name = "field"
	case rest == "":
		name = "act"
	case strings.HasSuffix(rest, ".else"):
		name = "else"
	case strings.HasSuffix(rest, ".offset"):
		name = "offset"
	case strings.HasSuffix(rest, ".digits"):
		name = "digits"
	}
	return rowInput(m[1], i, name)
}
