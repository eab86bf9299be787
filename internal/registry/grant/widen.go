package grant

import (
	"errors"
	"strings"

	"simpul"
)

// placeAll is where a grant is wider than none at all.
const placeAll = "spec"

// widening returns where a grant gives more than it did before, or something
// else: "" where it gives at most the same. before is nil for a new grant.
func (s Spec) widening(before *Spec) (place string) {
	if before == nil {
		return placeAll
	}
	same := func(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }
	switch {
	case s.LID != before.LID:
		return "spec.lid"
	case s.Application != before.Application:
		return "spec.application"
	case !same(s.Purpose, before.Purpose):
		return "spec.purpose"
	case !same(s.LegalBasis, before.LegalBasis):
		return "spec.legalBasis"
	case s.agreement() != before.agreement():
		return "spec.agreement"
	}
	if e, wider := errors.AsType[*simpul.Error](s.terms().within(before.terms())); wider {
		return "spec." + e.Place
	}
	if before.Suspended && !s.Suspended {
		return placeSuspended
	}
	return ""
}

// placeSuspended is the widening that gives back what was there, and no more.
const placeSuspended = "spec.suspended"

// agreement is what the grant rests on; zero for none.
func (s Spec) agreement() Agreement {
	if s.Agreement == nil {
		return Agreement{}
	}
	return *s.Agreement
}

// needsSecond reports whether a change of a grant takes two people: it does where
// the LID is closed and the grant is new, or wider than it was. To narrow, to
// suspend and to delete takes one, since it takes nothing from anybody but the
// consumer. One that is deleted and written anew is new.
func needsSecond(class simpul.LIDClass, before *Spec, next Spec) bool {
	return class == simpul.Tertutup && next.widening(before) != ""
}
