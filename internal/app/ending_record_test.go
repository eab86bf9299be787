package app_test

import (
	"net/http"
	"testing"
)

// ended is the record of an exchange that ends by itself, once it has.
func (c *control) ended(t *testing.T, id string) (found record) {
	t.Helper()
	eventually(t, "the end of exchange "+id, func() bool {
		got, err := c.send(t.Context(), http.MethodGet, "/exchanges/"+id, nil)
		if err != nil || got.status != http.StatusOK {
			return false
		}
		found = decode[struct{ Status record }](t, got).Status
		return found.State == "sealed"
	})
	return found
}
