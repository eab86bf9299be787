package simpul_test

import (
	"testing"
	"time"

	"simpul"
)

func TestBlame(t *testing.T) {
	for name, c := range map[string]struct {
		exchange simpul.Exchange
		want     simpul.Side
	}{
		"delivered":                  {simpul.Exchange{Status: 200}, ""},
		"not found by the provider":  {simpul.Exchange{Status: 404}, ""},
		"failed at the provider":     {simpul.Exchange{Status: 503}, simpul.ProviderSide},
		"nonsense":                   {simpul.Exchange{Outcome: simpul.CodeUpstream}, simpul.ProviderSide},
		"silence":                    {simpul.Exchange{Outcome: simpul.CodeTimeout}, simpul.ProviderSide},
		"provider cannot be reached": {simpul.Exchange{Outcome: simpul.CodeUnavailable, Upstream: time.Millisecond}, simpul.ProviderSide},
		"hub cannot":                 {simpul.Exchange{Outcome: simpul.CodeUnavailable}, simpul.HubSide},
		"hub failed":                 {simpul.Exchange{Outcome: simpul.CodeInternal}, simpul.HubSide},
		"no grant":                   {simpul.Exchange{Outcome: simpul.CodeDenied}, simpul.ConsumerSide},
		"too fast":                   {simpul.Exchange{Outcome: simpul.CodeLimited}, simpul.ConsumerSide},
		"hung up":                    {simpul.Exchange{Outcome: simpul.CodeAborted}, simpul.ConsumerSide},
		"an outcome of tomorrow":     {simpul.Exchange{Outcome: "tomorrow"}, simpul.ConsumerSide},
	} {
		if got := c.exchange.Blame(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
