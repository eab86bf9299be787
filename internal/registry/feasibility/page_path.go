package feasibility

import "simpul"

// PagePath returns the address of the page of a LID's test.
func PagePath(a simpul.Address) string { return "/katalog/" + string(a) + "/uji" }
