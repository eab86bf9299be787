package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
)

// The matrix says which standard role may call which operation. It is a file so
// that a new operation, or a role that may do more, shows in review:
// go test ./internal/app -run Matrix -update-matrix
const matrixFile = "testdata/matrix.txt"

var updateMatrix = flag.Bool("update-matrix", false, "rewrite "+matrixFile)

// standardRoles lists the roles in the order of the matrix.
var standardRoles = []simpul.Role{
	simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleSteward,
	simpul.RoleProducer, simpul.RoleAuthority, simpul.RoleAuditor, simpul.RoleDPO,
}

// TestMatrix calls every operation in every role. Each call names a thing that
// does not exist, or has no body, so that only the role can be the reason for a
// 403. That a role reaches no other tenant is TestNobodyReachesAnotherTenant's.
func TestMatrix(t *testing.T) {
	databases(t, func(t *testing.T, c config.Config) {
		n := newNeighbours(t, c)
		got := n.matrix(t)
		if *updateMatrix {
			if err := os.WriteFile(matrixFile, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(matrixFile)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("who may call what has changed (-recorded +now):\n%s", diff)
		}
	})
}

// matrix is one line for each operation: its name, the permission that it needs,
// and the roles that were let through.
func (n *neighbours) matrix(t *testing.T) string {
	t.Helper()
	callers := map[simpul.Role]*control{}
	for _, role := range standardRoles {
		callers[role] = n.as(n.token(t, role))
	}
	lines := make([]string, 0, len(n.operations))
	for _, op := range n.operations {
		var admitted []string
		for _, role := range standardRoles {
			if n.admits(t, callers[role], op) {
				admitted = append(admitted, string(role))
			}
		}
		lines = append(lines, fmt.Sprintf("%-28s %-18s %s", op.ID, op.Need, strings.Join(admitted, " ")))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// admits reports whether the caller's role was no reason to refuse.
func (n *neighbours) admits(t *testing.T, caller *control, op httpapi.Operation) bool {
	t.Helper()
	got, err := caller.send(t.Context(), op.Method, nowhere.Replace(op.Path), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.status >= http.StatusInternalServerError {
		t.Errorf("%s: %d %s", op.ID, got.status, got.text)
	}
	return !strings.Contains(got.text, "tidak mencakup izin")
}

// nowhere fills the parameters of a path with names of nothing.
var nowhere = strings.NewReplacer(
	"/agencies/{id}", "/agencies/"+ownAgency, "/applications/{id}", "/applications/tidak-ada@"+ownAgency,
	"{id}", "tidak-ada", "{code}", "0", "{version}", "1", "{key}", "k-tidak-ada", "{group}", "tidak", "{name}", "Ada", "{account}", "tidak.ada@"+ownAgency,
)

// token is a token of the role: of the own tenant where the role belongs to one.
func (n *neighbours) token(t *testing.T, role simpul.Role) simpul.Secret {
	t.Helper()
	agency := simpul.AgencyID(ownAgency)
	if simpul.StandardRoles()[role].Reach == simpul.ReachNation {
		agency = ""
	}
	token, err := n.createToken(t.Context(), role, agency)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
