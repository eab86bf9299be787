package demo

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
)

// The demo nation on each engine, through its life: registered, served, left.
func TestNation(t *testing.T) {
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return testkit.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			c := demoSettings(t, t.TempDir(), database(t))
			before := goleak.IgnoreCurrent()
			n, leave := settle(t, c)
			at, stop := serve(t, n)
			t.Run("registers every agency", func(t *testing.T) { registersEveryAgency(t, n) })
			t.Run("passes its own tests", func(t *testing.T) { passesItsOwnTests(t, n) })
			t.Run("keeps its credentials to itself", func(t *testing.T) { keepsItsCredentials(t, n, c) })
			t.Run("does the first exchange", func(t *testing.T) { doesTheFirstExchange(t, n, at) })
			t.Run("keeps the welcome's promises", func(t *testing.T) { keepsTheWelcomesPromises(t, n, at) })
			t.Run("shows its mail", func(t *testing.T) { mailStandsInTheFrame(t, at) })
			t.Run("tells a refusal", func(t *testing.T) { tellsARefusal(t, *n, at) })
			t.Run("shares its folder with nobody", func(t *testing.T) { sharesItsFolderWithNobody(t, c) })
			stop()
			leave()
			goleak.VerifyNone(t, before)
		})
	}
}

func registersEveryAgency(t *testing.T, n *Nation) {
	agencies, err := n.Hub.Agencies.List(t.Context(), operator(), httpapi.Page{Limit: 1000})
	if err != nil || len(agencies) != 582 {
		t.Errorf("%d agencies, want 582: %v", len(agencies), err)
	}
	t.Logf("582 tenants, 6 LIDs and 4 grants were registered in %v", n.Provisioned)
	if n.Provisioned > 2*time.Minute {
		t.Error("slower than the two minutes that it may take")
	}
	lids, err := n.Hub.LIDs.List(t.Context(), operator(), httpapi.Page{Limit: 100})
	if err != nil || len(lids) != len(Contracts())+1 { // and the list of region codes
		t.Errorf("%d LIDs: %v", len(lids), err)
	}
	for _, l := range lids {
		if l.Spec.State != "published" || l.Spec.Agency != ProviderAgency {
			t.Errorf("%s is %s, of %s", l.ID, l.Spec.State, l.Spec.Agency)
		}
	}
}

// passesItsOwnTests looks at the feasibility test of every LID, and makes that of
// the hub's own list.
func passesItsOwnTests(t *testing.T, n *Nation) {
	lids, err := n.Hub.LIDs.List(t.Context(), operator(), httpapi.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lids {
		at, err := n.Hub.Feasibility.Standing(t.Context(), operator(), l.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if at.Report == nil {
			report, err := n.Hub.Feasibility.Run(t.Context(), operator(), l.ID)
			if err != nil {
				t.Fatal(err)
			}
			at.Report = &report
		}
		report := at.Report
		if err != nil || !report.Passes() {
			t.Errorf("%s: %+v %v", l.ID, report.Of("fail"), err)
		}
		t.Logf("%s: %s, warnings %d, %v", l.ID, report.Outcome, report.Count("warn"), report.Ended.Sub(report.Started))
		for _, c := range report.Of("warn") {
			t.Logf("  %s: %+v", c.Key, c.Findings)
		}
	}
}

func sharesItsFolderWithNobody(t *testing.T, c config.Config) {
	_, err := Open(t.Context(), c, "", slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), c.Data) {
		t.Errorf("does not name %s: %v", c.Data, err)
	}
}

func TestNationSaysWhatIsMissing(t *testing.T) {
	_, err := Open(t.Context(), demoSettings(t, t.TempDir(), ""), t.TempDir(), slog.New(slog.DiscardHandler))
	if simpul.CodeOf(err) != simpul.CodeInvalid || !strings.Contains(err.Error(), "idn-area-data") {
		t.Errorf("without region data: %v", err)
	}
}

// demoSettings are those of `simpul demo` on a folder, on free ports.
func demoSettings(t testing.TB, data, database string) config.Config {
	t.Helper()
	c := config.Default()
	c.Data, c.Database.URL = data, database
	c.Gateway.Addr, c.Control.Addr, c.Drain.Delay = "127.0.0.1:0", "127.0.0.1:0", 0
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// settle opens the demo nation. The returned function, or the end of the test,
// closes it.
func settle(t testing.TB, c config.Config) (n *Nation, leave func()) {
	t.Helper()
	nation(t) // or skip
	n, err := Open(t.Context(), c, "", slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	left := false
	leave = func() {
		if left {
			return
		}
		left = true
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(leave)
	return n, leave
}

// serve serves the nation until the returned function is called.
func serve(t testing.TB, n *Nation) (at app.Ready, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, served := make(chan app.Ready, 1), make(chan error, 1)
	go func() { served <- n.Hub.Serve(ctx, func(at app.Ready) { ready <- at }) }()
	select {
	case at = <-ready:
	case err := <-served:
		cancel()
		t.Fatal(err)
	}
	return at, func() {
		t.Helper()
		http.DefaultClient.CloseIdleConnections() // Once uses it
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}

func operator() simpul.Principal { return simpul.Acting("test", simpul.RoleOperator, "") }
