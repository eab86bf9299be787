package catalog

import "simpul"

// discreetDelivery leaves out where the provider's deployments are.
func discreetDelivery(d simpul.Delivery) simpul.Delivery {
	d.Origins, d.Health, d.Canary = nil, nil, nil
	return d
}

// Deliverer tells why the hub cannot deliver a LID as its provider declares it,
// by its contract's document; nil where it can.
type Deliverer func(d simpul.Delivery, document []byte) error

// Deliver has every LID that is stored from now on looked at.
func (s *Service) Deliver(can Deliverer) { s.delivers = can }

// deliverable refuses a LID that the gateway could not deliver once it is live.
func (s *Service) deliverable(spec Spec) error {
	if s.delivers == nil || len(spec.Contract) == 0 || string(spec.Contract) == "null" {
		return nil
	}
	return s.delivers(spec.Delivery, spec.Contract)
}
