package app

import (
	"testing"
	"time"

	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/provider"
)

func TestWhatEverybodyMayKnowOfOrigins(t *testing.T) {
	asked := time.Unix(1, 0)
	var (
		quiet  = provider.OriginState{Breaker: "closed"}
		busy   = provider.OriginState{Breaker: "closed", Calls: 100}
		well   = provider.OriginState{Breaker: "closed", AskedAt: asked}
		sick   = provider.OriginState{Breaker: "closed", AskedAt: asked, Sick: true}
		held   = provider.OriginState{Breaker: "open"}
		trying = provider.OriginState{Breaker: "half-open", AskedAt: asked}
		canary = provider.OriginState{Breaker: "open", Canary: true, AskedAt: asked, Sick: true}
		other  = provider.OriginState{Breaker: "open", Unproven: true}
	)
	for name, c := range map[string]struct {
		origins []provider.OriginState
		state   metering.State
		known   bool
	}{
		"nobody watches":       {[]provider.OriginState{quiet}, metering.Unknown, false},
		"calls alone":          {[]provider.OriginState{busy}, metering.Unknown, false},
		"well":                 {[]provider.OriginState{well}, metering.Good, true},
		"sick":                 {[]provider.OriginState{sick}, metering.Failing, true},
		"held back":            {[]provider.OriginState{held}, metering.Failing, true},
		"on trial":             {[]provider.OriginState{trying}, metering.Failing, true},
		"one of two":           {[]provider.OriginState{well, sick}, metering.Impaired, true},
		"one of two, unasked":  {[]provider.OriginState{quiet, held}, metering.Impaired, true},
		"a canary, no concern": {[]provider.OriginState{well, canary}, metering.Good, true},
		"unproven":             {[]provider.OriginState{well, other}, metering.Good, true},
		"nothing":              {nil, metering.Unknown, false},
	} {
		if state, known := healthOf(c.origins); state != c.state || known != c.known {
			t.Errorf("%s: %s %v, want %s %v", name, state, known, c.state, c.known)
		}
	}
}
