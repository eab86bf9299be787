package demo

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/testkit"
)

// demoSettings are those of `simpul demo` on a folder, on free ports.
func demoSettings(t testing.TB, data string) config.Config {
	t.Helper()
	c := config.Default()
	c.Data, c.Gateway.Addr, c.Control.Addr, c.Drain.Delay = data, "127.0.0.1:0", "127.0.0.1:0", 0
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// settle opens the demo nation. The test, or the returned function before that,
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
		http.DefaultClient.CloseIdleConnections() // of Once
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
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}

// engines runs the test on each database.
func engines(t *testing.T, test func(t *testing.T, c config.Config)) {
	t.Run("sqlite", func(t *testing.T) { test(t, demoSettings(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) {
		c := demoSettings(t, t.TempDir())
		c.Database.URL = testkit.PostgresURL(t)
		test(t, c)
	})
}

func operator() simpul.Principal { return simpul.Principal{ID: "test", Role: simpul.RoleOperator} }

func TestNationHasEveryAgency(t *testing.T) {
	engines(t, func(t *testing.T, c config.Config) {
		n, _ := settle(t, c)
		agencies, err := n.Hub.Agencies.List(t.Context(), operator(), httpapi.Page{Limit: 1000})
		if err != nil || len(agencies) != 582 {
			t.Errorf("%d agencies, want 582: %v", len(agencies), err)
		}
		t.Logf("582 tenants, 5 LIDs and 4 grants were registered in %v", n.Provisioned)
		if limit := 2 * 60.0; n.Provisioned.Seconds() > limit {
			t.Errorf("slower than %v s", limit)
		}
		lids, err := n.Hub.LIDs.List(t.Context(), operator(), httpapi.Page{Limit: 100})
		if err != nil || len(lids) != len(Contracts()) {
			t.Errorf("%d LIDs: %v", len(lids), err)
		}
		for _, l := range lids {
			if l.Spec.State != "published" || l.Spec.Agency != ProviderAgency {
				t.Errorf("%s is %s, of %s", l.ID, l.Spec.State, l.Spec.Agency)
			}
		}
	})
}

func TestNationSaysWhatIsMissing(t *testing.T) {
	_, err := Open(t.Context(), demoSettings(t, t.TempDir()), t.TempDir(), slog.New(slog.DiscardHandler))
	if simpul.CodeOf(err) != simpul.CodeInvalid || !strings.Contains(err.Error(), "idn-area-data") {
		t.Errorf("without region data: %v", err)
	}
}

func TestTwoNationsCannotShareAFolder(t *testing.T) {
	c := demoSettings(t, t.TempDir())
	settle(t, c)
	_, err := Open(t.Context(), c, "", slog.New(slog.DiscardHandler))
	if code := simpul.CodeOf(err); code != simpul.CodeConflict && code != simpul.CodeUnavailable {
		t.Errorf("the second says %s: %v", code, err)
	}
}

func TestNationLeavesNothingBehind(t *testing.T) {
	before := goleak.IgnoreCurrent()
	n, leave := settle(t, demoSettings(t, t.TempDir()))
	at, stop := serve(t, n)
	if _, err := n.Once(t.Context(), at.Gateway); err != nil {
		t.Error(err)
	}
	stop()
	leave()
	goleak.VerifyNone(t, before)
}
