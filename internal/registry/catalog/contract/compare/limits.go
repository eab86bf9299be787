package compare

import (
	"slices"
	"strconv"
	"strings"

	"simpul/internal/registry/catalog/contract"
)

// limits compares the limits of two descriptions of one value.
func limits(s side, w words, a, b *contract.Rules) (changes []change) {
	for _, name := range limitNames(a, b) {
		before, after := a.Limit(name), b.Limit(name)
		more, less := moved(strings.TrimPrefix(name, "items."), before, after)
		if !more && !less {
			continue
		}
		ch := change{kind: Limited, before: limit(name, before), after: limit(name, after)}
		ch.effect, ch.why = judge(s, more && !permission(name), less)
		if ch.effect == Breaking && s == answered {
			ch.effect, ch.why = Warning, surprising
		}
		ch.sentence = w.says("kini dibatasi oleh "+ch.after+".", "is now limited by "+ch.after+".")
		if after == "" {
			ch.sentence = w.says("tidak lagi dibatasi oleh "+ch.before+".", "is no longer limited by "+ch.before+".")
		}
		changes = append(changes, ch)
	}
	return changes
}

func limit(name, value string) string {
	if value == "" {
		return ""
	}
	return clip(name + " " + value)
}

func limitNames(a, b *contract.Rules) (names []string) {
	for _, r := range []*contract.Rules{a, b} {
		if r == nil {
			continue
		}
		for _, l := range r.Limits {
			names = append(names, l.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// permission reports whether to lift the limit in an answer only adds what
// consumers do not read.
func permission(name string) bool { return strings.HasSuffix(name, "additionalProperties") }

// moved reports whether a value may be more than before under a limit that
// changes, and whether it may be less; "" is no limit. Numbers are compared as
// floating-point numbers.
func moved(name, before, after string) (more, less bool) {
	if before == after {
		return false, false
	}
	x, y, numeric := numbers(name, before, after)
	switch {
	case numeric && strings.HasPrefix(name, "min") || numeric && name == "exclusiveMinimum":
		return y < x, y > x
	case numeric && (strings.HasPrefix(name, "max") || name == "exclusiveMaximum"):
		return y > x, y < x
	}
	return before != "", after != ""
}

// numbers reads two values of a limit that is a number. No smallest size is a
// size of 0.
func numbers(name, before, after string) (x, y float64, ok bool) {
	if name == "minLength" || name == "minItems" || name == "minProperties" {
		before, after = or0(before), or0(after)
	}
	x, xerr := strconv.ParseFloat(before, 64)
	y, yerr := strconv.ParseFloat(after, 64)
	return x, y, xerr == nil && yerr == nil
}

func or0(value string) string {
	if value == "" {
		return "0"
	}
	return value
}
