package app_test

import (
	"net/http"
	"path/filepath"
	"testing"
)

// The roles can be processes of their own, which share the database and the vault's key alone. What
// one stores the other enforces, and what one records the other finds.
func TestRolesInProcessesOfTheirOwn(t *testing.T) {
	office, door := newSite(t), site{data: t.TempDir()}
	database := "DATABASE_URL=sqlite://" + filepath.Join(office.data, "simpul.db")
	people := office.serve(t, database, "ROLES=control,worker")
	applications := door.serve(t, database, "ROLES=gateway", "VAULT_FILE="+filepath.Join(office.data, "vault.json"))
	if people.gateway != "" || applications.control.url != "/api/v1" {
		t.Fatalf("a process serves more than its role: %q, %q", people.gateway, applications.control.url)
	}

	key := people.settle(t)
	people.offer(t, "Data", answering(t, `{"items":[]}`), object{"class": "terbatas"}, nil)
	var got answer
	eventually(t, "the gateway lets the call through", func() bool {
		got = call(t, applications.client, applications.gateway+"/uji/Data", key)
		return got.status == http.StatusOK
	})
	eventually(t, "the record of the call", func() bool {
		found, err := people.send(t.Context(), http.MethodGet, "/exchanges/"+got.header.Get("Exchange-Id"), nil)
		return err == nil && found.status == http.StatusOK
	})

	people.must(t, http.StatusNoContent, http.MethodDelete, "/grants/uji-data", nil)
	eventually(t, "the gateway refuses the call", func() bool {
		return call(t, applications.client, applications.gateway+"/uji/Data", key).status == http.StatusForbidden
	})
}
