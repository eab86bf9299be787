package catalog

import (
	"context"

	"github.com/a-h/templ"

	"simpul"
)

// ShortRoad is the way of LIDs on a hub that keeps no life cycle: the provider
// makes one and submits it, and the national operator registers it.
type ShortRoad struct{}

// Stand tells it by what the LID says of itself.
func (ShortRoad) Stand(_ context.Context, _ simpul.Principal, _ simpul.Address, s Spec) (Stand, error) {
	text := func(id, en string) simpul.Text { return simpul.Text{ID: id, EN: en} }
	operator := text("operator nasional", "the national operator")
	switch {
	case s.State == Retired:
		return Stand{Step: "retired", Title: text("Pensiun", "Retired")}, nil
	case s.State.Live():
		return Stand{Step: "monitored", Title: text("Terbit", "Published")}, nil
	case s.Step == stepRegistering:
		return Stand{Step: s.Step, Title: text("Menunggu operator", "Waits for the operator"),
			Onward: []Onward{{Step: "monitored", Title: text("Terbit", "Published"), Who: operator, Days: 3, Need: simpul.RegisterLIDs}}}, nil
	}
	return Stand{Step: stepDeveloping, Title: text("Dikembangkan", "Being developed"),
		Onward: []Onward{{Step: stepRegistering, Title: text("Pendaftaran", "Registration"), Who: text("instansi Anda", "your agency"), Need: simpul.WriteLIDs}}}, nil
}

// Timeline draws nothing: nobody has written down where the LID has been.
func (ShortRoad) Timeline(context.Context, simpul.Principal, simpul.Address) (templ.Component, error) {
	return nil, nil
}
