package evidence

import (
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// Searches read an index in the order of time, however much there is.
func TestSearchesUseTheIndexes(t *testing.T) {
	db := testkit.SQLite(t)
	own := simpul.AgencyScope(bandung)
	after := place{1e12, simpul.NewExchangeID(time.UnixMilli(1e12))}
	for _, c := range []struct {
		name   string
		scope  simpul.Scope
		filter Filter
		want   []string // indexes, without the name of their table
	}{
		{"the nation, everything", nation, Filter{}, []string{"_time ("}},
		{"a tenant, everything", own, Filter{}, []string{"_consumer (consumer_agency=?", "_provider (provider_agency=?"}},
		{"a grant", nation, Filter{Grant: "a"}, []string{"_grant (grant_id=?"}},
		{"a LID", nation, Filter{Address: "master/Kota"}, []string{"_address (address=?"}},
		{"an application", nation, Filter{Application: "layanan@bandungkota.go.id"}, []string{"_application (consumer_application=?"}},
		{"a tenant's grant", own, Filter{Grant: "a"}, []string{"_grant (grant_id=?"}},
		{"a tenant's LID", own, Filter{Address: "master/Kota"}, []string{"_address (address=?"}},
		{"a caller of a tenant", own, Filter{Application: "pajak@kemenkeu.go.id"}, []string{"_application (consumer_application=?"}},
		{"the tenant's application", own, Filter{Application: "layanan@bandungkota.go.id"}, []string{"_application (consumer_application=?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.filter.Since, c.filter.Until = time.UnixMilli(1), time.UnixMilli(2e12)
			query, args := pagesOfExchanges.newestFirst(c.scope.Key(), c.filter.ofPages(c.filter.reach(after), after), 10)
			checkPlan(t, db, "evidence_page", c.want, c.scope, query, args)
			query, args = rowsOfExchanges.newestFirst(c.scope.Key(), c.filter.ofRows(after), 10)
			checkPlan(t, db, "evidence_exchange", c.want, c.scope, query, args)
		})
	}
	for _, scope := range []simpul.Scope{nation, own} {
		checkPlan(t, db, "evidence_page", []string{"_time ("}, nation, aroundQuery, []any{scope.Key(), 1, 2})
	}
	for want, f := range map[string]Filter{
		"_outcome (outcome=?": {}, "_outcome_address (address=? AND outcome=?": {Address: "master/Kota"},
		"_outcome_consumer (consumer_agency=? AND outcome=?": {Application: "pajak@kemenkeu.go.id"},
	} {
		f.Outcome = Outcome(simpul.CodeTimeout)
		query, args := rowsOfExchanges.newestFirst("*", f.ofRows(place{}), 10)
		checkPlan(t, db, "evidence_exchange", []string{want}, nation, query, args)
	}
	failed := Filter{Outcome: Outcome(simpul.CodeTimeout)}
	query, args := rowsOfExchanges.newestFirst(string(bandung), failed.ofRows(place{}), 10)
	checkPlan(t, db, "evidence_exchange", []string{"_outcome_consumer (consumer_agency=? AND outcome=?", "_outcome_provider (provider_agency=? AND outcome=?"}, own, query, args)
}

func checkPlan(t *testing.T, db *sqldb.DB, table string, want []string, scope simpul.Scope, query string, args []any) {
	t.Helper()
	var plan []string
	err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) (err error) {
		plan, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (step string, err error) {
			var id, parent, unused int
			return step, scan(&id, &parent, &unused, &step)
		}, `EXPLAIN QUERY PLAN `+query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(plan, "\n")
	for _, index := range want {
		if !strings.Contains(text, table+index) {
			t.Errorf("%s is not used:\n%s\n%s", table+index, query, text)
		}
	}
	// What opened in the same millisecond may be sorted, and no more.
	sorts := strings.Contains(strings.ReplaceAll(text, "TEMP B-TREE FOR LAST TERM", ""), "TEMP B-TREE")
	if strings.Contains(text, "SCAN evidence") || scope == nation && sorts {
		t.Errorf("it reads too much:\n%s\n%s", query, text)
	}
}
