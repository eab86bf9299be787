package catalog

import "simpul"

// inDelivery puts a place of the delivery into the spec.
func inDelivery(err error) error {
	if e, ok := err.(*simpul.Error); ok {
		return simpul.At("spec.delivery."+e.Place, e)
	}
	return err
}
