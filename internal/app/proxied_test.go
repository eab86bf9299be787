package app_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"simpul"
)

// through is a client behind a proxy that speaks the PROXY protocol for it.
func through(t *testing.T, from string) *http.Client {
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			_, err = io.WriteString(c, "PROXY TCP4 "+from+" 192.0.2.80 40000 443\r\n")
		}
		return c, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// The address that a proxy gives at the start of a connection is the client's,
// for what may call from where and for the audit trail; what a client behind it
// writes into X-Forwarded-For is not.
func TestTheAddressAProxyGivesIsTheClients(t *testing.T) {
	c := settings(t, t.TempDir())
	c.Proxies, c.Gateway.ProxyProtocol, c.Control.ProxyProtocol = []string{"127.0.0.1"}, true, true
	hub := open(t, c)
	token, err := hub.Identity.CreateToken(t.Context(), simpul.RoleOperator, "")
	if err != nil {
		t.Fatal(err)
	}
	at := run(t, hub)
	api := &control{url: at.Control + "/api/v1", token: token, client: through(t, "198.51.100.7")}
	key := api.settle(t)
	api.offer(t, "Data", answering(t, `{"items":[]}`), nil, nil)
	api.must(t, http.StatusOK, http.MethodPut, itemPath("Agency", consumerAgency)+"/addresses", object{"addresses": []string{"203.0.113.0/24"}})

	if got := call(t, through(t, "203.0.113.9"), at.Gateway+"/uji/Data", key); got.status != http.StatusOK {
		t.Errorf("from the right place: %d %s", got.status, got.text)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.Gateway+"/uji/Data", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-API-Key", key)
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	if got, err := do(through(t, "198.51.100.7"), r); err != nil || got.status != http.StatusForbidden || !strings.Contains(got.text, "198.51.100.7") {
		t.Errorf("from a wrong place that says otherwise: %v %d %s", err, got.status, got.text)
	}
	if got, err := new(http.Client).Get(at.Gateway + "/healthz"); err == nil {
		got.Body.Close()
		t.Errorf("the proxy's own connection without a word: %d", got.StatusCode)
	}

	events := decode[struct {
		Items []struct{ Action, Origin string }
	}](t, api.must(t, http.StatusOK, http.MethodGet, "/events", nil))
	if len(events.Items) == 0 || events.Items[0].Origin != "198.51.100.7" {
		t.Errorf("the audit trail says %+v", events.Items)
	}
}
