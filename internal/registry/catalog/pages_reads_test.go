package catalog

import (
	"context"
	"testing"

	"simpul"
)

func TestOnlyReadersOfExchangesAreLedToViolations(t *testing.T) {
	checked, plain := &LID{}, &LID{}
	checked.Spec.Delivery.Checks = &simpul.Checks{Request: simpul.CheckObserve}
	reader, bare := simpul.Acting("t-r", simpul.RoleConsumer, "bandungkota.go.id"), simpul.Acting("t-b", "nothing", "bandungkota.go.id")
	for name, c := range map[string]struct {
		who  *simpul.Principal
		of   *LID
		want bool
	}{
		"nobody":       {nil, checked, false},
		"a reader":     {&reader, checked, true},
		"not checked":  {&reader, plain, false},
		"may not read": {&bare, checked, false},
	} {
		p := &Pages{}
		p.Greet(func(context.Context) (simpul.Principal, bool) {
			if c.who == nil {
				return simpul.Principal{}, false
			}
			return *c.who, true
		})
		if got := p.reads(t.Context(), c.of); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
