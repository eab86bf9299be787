package catalog

import "simpul"

// DeliveryPath is where a provider says how the hub delivers a LID.
func DeliveryPath(a simpul.Address) string { return workPath(string(a), sectionDelivery) }

const sectionDelivery = "pelayanan"
