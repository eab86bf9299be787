package catalog

import "simpul"

// discreetDelivery leaves out where the provider's deployments are.
func discreetDelivery(d simpul.Delivery) simpul.Delivery {
	d.Origins, d.Health, d.Canary = nil, nil, nil
	return d
}
