package simpul

// Side is one of the three who take part in an exchange.
type Side string

const (
	ConsumerSide Side = "consumer"
	ProviderSide Side = "provider"
	HubSide      Side = "hub"
)

// Blame returns the side with which the exchange went wrong, "" where it was
// delivered. The hub's own no, such as to a call without a grant, is the
// consumer's matter, and an answer of the provider that says that it failed (5xx)
// is the provider's. What was unavailable is the provider's where the hub had
// turned to it, and the hub's before.
func (x *Exchange) Blame() Side {
	switch x.Outcome {
	case "":
		if x.Status >= 500 {
			return ProviderSide
		}
		return ""
	case CodeUpstream, CodeTimeout:
		return ProviderSide
	case CodeUnavailable:
		if x.Upstream > 0 {
			return ProviderSide
		}
		return HubSide
	case CodeInternal:
		return HubSide
	}
	return ConsumerSide
}
